"""Steps between publications: only who fits is asked or offered a place, and the first to accept has it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import (
    DeclineReason,
    DutyAnswer,
    DutyState,
    MessageKind,
    SignUpMode,
    SignUpState,
    SwapState,
)
from tenants.errors import ConflictError, ForbiddenError, NotFoundError
from tenants.models import (
    Account,
    Duty,
    Message,
    Person,
    StationSetting,
    SwapAsk,
    SwapRequest,
)
from tenants.queries.exchange import searches
from tenants.services import answers, bookings, leaving, notices, publishing, sign_ups, swaps
from tests import drafts
from tests.databases import statements
from tests.drafts import DIRECTOR, STAFF, VOLUNTEER, WORKER
from tests.duties import HOUR, add_visit, give
from tests.exchange import actor, another, helper, mode, the_activity, told, uncheck
from tests.world import World
from weibao import exchange
from weibao.planning import standing_of_weeks

WHY = DeclineReason.ILLNESS


@pytest.fixture
def s(station: Session) -> Session:
    """The first township's session."""
    return station


# Who fits


def test_only_people_who_fit_are_asked(s: Session, world: World) -> None:
    duty = helper(s, world)
    fits = another(s, world, "fits")
    unvetted, away, far, busy = (another(s, world, name) for name in ("unvetted", "away", "far", "busy"))
    uncheck(s, world, unvetted)
    nobody = s.get_one(Person, (world.first.township, away))
    nobody.weekly = []
    only_then = s.get_one(Person, (world.first.township, far))  # free for the activity itself, not for the way
    only_then.base_village_id = world.first.villages[2]
    for row in only_then.weekly:
        row.from_minute, row.to_minute = 540, 630
    visit = add_visit(s, world.first, 2)  # another village
    other = bookings.Place(
        visit_id=visit, activity_id=None, role="lead", starts_at=duty.ends_at + timedelta(minutes=1),
        ends_at=duty.ends_at + HOUR,
    )  # fmt: skip
    bookings.book(s, busy, other)  # no overlap, yet no time for the way
    s.flush()

    swap = exchange.look_for_substitute(s, actor(world, duty.person_id), duty, WHY)

    assert sorted(ask.person_id for ask in swap.asks) == sorted([fits, world.first.people[STAFF]])


def test_whoever_is_at_their_limit_is_not_asked(s: Session, world: World) -> None:
    duty, one = helper(s, world), another(s, world, "at the limit")
    s.get_one(Person, (world.first.township, one)).max_minutes_per_week = 60
    s.flush()
    swap = exchange.look_for_substitute(s, actor(world), duty, WHY)
    assert [ask.person_id for ask in swap.asks] == [world.first.people[STAFF]]


def test_the_check_must_hold_on_the_day_of_the_duty(s: Session, world: World) -> None:
    duty = helper(s, world)
    (check,) = s.get_one(Person, (world.first.township, world.first.people[STAFF])).vettings
    day = duty.starts_at.date()
    check.valid_through = day - timedelta(days=1)
    s.flush()
    standing = standing_of_weeks(s, world.first.township, duty.starts_at, duty.starts_at)
    assert not standing.may_replace(duty.task_id, duty.person_id, world.first.people[STAFF])
    check.valid_through = day
    s.flush()
    standing = standing_of_weeks(s, world.first.township, duty.starts_at, duty.starts_at)
    assert standing.may_replace(duty.task_id, duty.person_id, world.first.people[STAFF])


def test_a_check_made_since_monday_counts(s: Session, world: World) -> None:
    duty = helper(s, world)
    (check,) = s.get_one(Person, (world.first.township, world.first.people[STAFF])).vettings
    check.checked_on = drafts.today()
    s.flush()
    standing = standing_of_weeks(s, world.first.township, duty.starts_at, duty.starts_at)
    assert standing.may_replace(duty.task_id, duty.person_id, world.first.people[STAFF])


# Substitutes


def test_the_least_recently_asked_are_asked_first_and_the_next_when_all_refuse(s: Session, world: World) -> None:
    earlier = helper(s, world, another(s, world, "somebody else"))
    crowd = [another(s, world, f"v{n}") for n in range(7)]
    old = SwapRequest(township_id=world.first.township, duty_id=earlier.id, person_id=earlier.person_id,
                      reason=WHY, state=SwapState.WITHDRAWN)  # fmt: skip
    s.add(old)
    s.flush()
    for n, person in enumerate(crowd[:4]):  # v0 was asked last of all, v3 longest ago
        s.add(SwapAsk(township_id=old.township_id, swap_id=old.id, person_id=person,
                      asked_at=datetime.now(UTC) - timedelta(days=1 + n)))  # fmt: skip
    s.flush()
    order = swaps.by_least_asked(s, crowd)
    assert order[:3] == sorted(crowd[4:])
    assert order[3:] == [crowd[3], crowd[2], crowd[1], crowd[0]]

    duty = earlier
    swap = swaps.begin(s, actor(world), duty, WHY, crowd)
    assert {ask.person_id for ask in swap.asks} == set(order[:5])
    assert exchange.left_of(s, [swap])[swap.id].to_ask == 4  # two of them, and two of the first cast
    for person in order[:5]:
        exchange.stay_out(s, actor(world, person), person, swap.id)
    s.expire(swap)
    assert set(order[:5]) < {ask.person_id for ask in swap.asks}


def test_the_first_to_accept_has_it_and_everybody_concerned_hears(s: Session, world: World) -> None:
    duty, second = helper(s, world), another(s, world, "second")
    swap = exchange.look_for_substitute(s, actor(world), duty, WHY)

    taken = exchange.step_in(s, actor(world, world.first.people[STAFF]), world.first.people[STAFF], swap.id)

    assert (taken.person_id, taken.role, taken.state) == (world.first.people[STAFF], "helper", DutyState.CONFIRMED)
    assert (duty.state, duty.sequence) == (DutyState.CANCELLED, 1)
    with pytest.raises(ConflictError, match="Somebody else"):
        exchange.step_in(s, actor(world, second), second, swap.id)
    assert told(s, MessageKind.SWAP_TAKEN) == sorted(
        ["volunteer-alpha", "station_head-alpha", "station_staff-alpha"]
    )  # fmt: skip


def test_whoever_was_not_asked_cannot_take_it(s: Session, world: World) -> None:
    duty = helper(s, world)
    swap = exchange.look_for_substitute(s, actor(world), duty, WHY)
    with pytest.raises(NotFoundError):
        exchange.step_in(s, actor(world), world.first.people[WORKER], swap.id)


def test_whoever_no_longer_fits_cannot_take_it(s: Session, world: World) -> None:
    duty, staff = helper(s, world), world.first.people[STAFF]
    swap = exchange.look_for_substitute(s, actor(world), duty, WHY)
    uncheck(s, world, staff)
    s.flush()
    with pytest.raises(ConflictError, match="cannot take this any more"):
        exchange.step_in(s, actor(world, staff), staff, swap.id)
    assert duty.state is DutyState.CONFIRMED


def test_nobody_fits_so_the_station_and_the_holder_are_told(s: Session, world: World) -> None:
    duty = helper(s, world)
    s.get_one(Person, (world.first.township, world.first.people[STAFF])).active = False
    s.flush()
    swap = exchange.look_for_substitute(s, actor(world), duty, WHY)
    assert swap.asks == []
    assert told(s, MessageKind.SWAP_NOBODY) == ["station_head-alpha", "station_staff-alpha", "volunteer-alpha"]
    assert duty.state is DutyState.CONFIRMED


def test_only_whom_a_message_can_reach_is_asked_and_the_others_are_to_be_called(s: Session, world: World) -> None:
    duty, staff = helper(s, world), world.first.people[STAFF]
    another(s, world, "by telephone", account=False)
    another(s, world, "closed")
    s.scalars(select(Account).where(Account.username == "closed")).one().disabled = True
    unfit = another(s, world, "does not fit", account=False)
    uncheck(s, world, unfit)
    swap = exchange.look_for_substitute(s, actor(world), duty, WHY)
    assert [ask.person_id for ask in swap.asks] == [staff]
    left = exchange.left_of(s, [swap])[swap.id]
    assert (left.to_ask, [person.name for person in left.to_call]) == (0, ["by telephone", "closed"])
    exchange.stay_out(s, actor(world, staff), staff, swap.id)
    assert told(s, MessageKind.SWAP_NOBODY) == ["station_head-alpha", "station_staff-alpha", "volunteer-alpha"]


def test_many_searches_are_asked_about_in_as_many_statements_as_one(s: Session, world: World) -> None:
    another(s, world, "by telephone", account=False)
    held = [helper(s, world, another(s, world, f"v{number}")) for number in range(4)]
    swaps_on = [exchange.look_for_substitute(s, actor(world, duty.person_id), duty, WHY) for duty in held]

    def look(number: int) -> None:
        s.expire_all()
        found = searches(s, datetime.now(UTC))
        assert len(found) == len(held)
        exchange.left_of(s, [search.swap for search in found[:number]])

    look(1)  # the session's own first statements
    assert statements(s, lambda: look(4)) == statements(s, lambda: look(1))
    left = exchange.left_of(s, swaps_on)
    assert {tuple(person.name for person in one.to_call) for one in left.values()} == {("by telephone",)}


def test_whoever_holds_too_much_can_be_replaced(s: Session, world: World) -> None:
    # Two visits of 60 minutes, of at most 30 a week: without one of them it is still too much, though less.
    director, worker = world.first.people[DIRECTOR], world.first.people[WORKER]
    begin = the_activity(s, world).ends_at + 2 * HOUR
    visits = [add_visit(s, world.first, child) for child in (0, 1)]
    for number, visit in enumerate(visits):
        give(s, world.first, DIRECTOR, visit=visit, starts_at=begin + 2 * number * HOUR)
    s.get_one(Person, (world.first.township, director)).max_minutes_per_week = 30
    s.flush()
    standing = standing_of_weeks(s, world.first.township, begin, begin)
    assert standing.may_replace(visits[0], director, worker)


@pytest.mark.parametrize(("hours", "waits"), [(1, 0.5), (2, 0.5), (8, 2), (96, 24), (400, 24)])
def test_the_nearer_the_duty_the_sooner_the_next_are_asked(hours: float, waits: float) -> None:
    assert swaps.patience(timedelta(hours=hours)) == timedelta(hours=waits)


def test_one_search_at_a_time_and_it_can_be_ended(s: Session, world: World) -> None:
    duty, staff = helper(s, world), world.first.people[STAFF]
    swap = exchange.look_for_substitute(s, actor(world), duty, WHY)
    with pytest.raises(ConflictError, match="already"):
        exchange.look_for_substitute(s, actor(world), duty, WHY)
    swaps.withdraw(s, actor(world), duty)
    with pytest.raises(ConflictError, match="no longer looked for"):
        exchange.step_in(s, actor(world, staff), staff, swap.id)


# Answers


def test_declining_frees_the_place_tells_the_station_and_is_not_asked_again(s: Session, world: World) -> None:
    duty, staff = helper(s, world), world.first.people[STAFF]
    helper(s, world, staff)
    exchange.decline(s, actor(world), duty, WHY)
    assert (duty.state, duty.answer, duty.decline_reason) == (DutyState.CANCELLED, DutyAnswer.DECLINED, WHY)
    assert told(s, MessageKind.DUTY_DECLINED) == ["station_head-alpha", "station_staff-alpha"]
    other = s.scalars(select(Duty).where(Duty.person_id == staff)).one()
    swap = exchange.look_for_substitute(s, actor(world), other, WHY)
    assert duty.person_id not in {ask.person_id for ask in swap.asks}


def test_declining_ends_at_the_stations_deadline_or_else_the_countys(s: Session, world: World) -> None:
    duty = helper(s, world)
    assert answers.until(s, duty) == duty.starts_at - timedelta(hours=48)
    setting = StationSetting(township_id=world.first.township, decline_hours=720)
    s.add(setting)
    s.flush()
    with pytest.raises(ConflictError, match="too late to decline"):
        exchange.decline(s, actor(world), duty, WHY)
    setting.decline_hours = 0
    s.flush()
    exchange.decline(s, actor(world), duty, WHY)


def test_what_has_begun_or_is_another_persons_is_not_answered(s: Session, world: World) -> None:
    begun = give(s, world.first, VOLUNTEER, visit=add_visit(s, world.first), starts_at=datetime.now(UTC) - HOUR / 2)
    with pytest.raises(ConflictError, match="has begun"):
        answers.own(s, world.first.people[VOLUNTEER], begun)
    with pytest.raises(NotFoundError):
        answers.own(s, world.first.people[STAFF], begun)


# Open places


def test_open_places_are_those_that_i_could_take(s: Session, world: World) -> None:
    people = world.first.people
    (place,) = exchange.open_places(s, people[VOLUNTEER], world.first.township)
    assert (place.activity.id, place.role, place.free) == (world.first.activity, "helper", 2)
    assert [p.role for p in exchange.open_places(s, people[WORKER], world.first.township)] == ["lead"]
    uncheck(s, world, people[VOLUNTEER])
    s.flush()
    assert exchange.open_places(s, people[VOLUNTEER], world.first.township) == []
    mode(s, world, SignUpMode.OFF)
    assert exchange.open_places(s, people[WORKER], world.first.township) == []


def test_a_place_waits_for_approval_unless_the_station_gives_it_at_once(s: Session, world: World) -> None:
    volunteer = world.first.people[VOLUNTEER]
    wish = exchange.sign_up(s, actor(world, volunteer), volunteer, world.first.activity, "helper")
    assert wish.state is SignUpState.REQUESTED
    assert s.scalars(select(Duty)).all() == []
    assert told(s, MessageKind.SIGN_UP_REQUESTED) == ["station_head-alpha", "station_staff-alpha"]
    with pytest.raises(ConflictError, match="already"):
        exchange.sign_up(s, actor(world, volunteer), volunteer, world.first.activity, "helper")

    exchange.approve(s, actor(world), wish.id)
    assert s.scalars(select(Duty.person_id)).one() == volunteer
    assert told(s, MessageKind.SIGN_UP_ACCEPTED) == ["volunteer-alpha"]

    mode(s, world, SignUpMode.AT_ONCE)
    second = another(s, world, "second")
    assert exchange.sign_up(s, actor(world, second), second, world.first.activity, "helper").state is (
        SignUpState.ACCEPTED
    )


def test_without_sign_up_nobody_asks(s: Session, world: World) -> None:
    mode(s, world, SignUpMode.OFF)
    volunteer = world.first.people[VOLUNTEER]
    with pytest.raises(ForbiddenError):
        exchange.sign_up(s, actor(world, volunteer), volunteer, world.first.activity, "helper")


def test_the_first_on_the_waiting_list_comes_up_when_a_place_is_freed(s: Session, world: World) -> None:
    mode(s, world, SignUpMode.AT_ONCE)
    first, second = helper(s, world), helper(s, world, world.first.people[STAFF])
    third, fourth = another(s, world, "third"), another(s, world, "fourth")
    queue = [
        exchange.sign_up(s, actor(world, person), person, world.first.activity, "helper") for person in (third, fourth)
    ]
    assert [wish.state for wish in queue] == [SignUpState.WAITING, SignUpState.WAITING]

    exchange.decline(s, actor(world), first, WHY)

    assert [wish.state for wish in queue] == [SignUpState.ACCEPTED, SignUpState.WAITING]
    held = select(Duty.person_id).where(Duty.state == DutyState.CONFIRMED)
    assert set(s.scalars(held)) == {second.person_id, third}


def test_a_place_that_was_filled_meanwhile_is_not_approved(s: Session, world: World) -> None:
    volunteer = world.first.people[VOLUNTEER]
    wish = exchange.sign_up(s, actor(world, volunteer), volunteer, world.first.activity, "helper")
    for name in ("one", "two"):
        helper(s, world, another(s, world, name))
    with pytest.raises(ConflictError, match="no free place"):
        exchange.approve(s, actor(world), wish.id)


def test_whoever_has_another_duty_at_the_time_is_not_approved(s: Session, world: World) -> None:
    volunteer, activity = world.first.people[VOLUNTEER], the_activity(s, world)
    wish = exchange.sign_up(s, actor(world, volunteer), volunteer, activity.id, "helper")
    give(s, world.first, VOLUNTEER, visit=add_visit(s, world.first), starts_at=activity.starts_at)
    with pytest.raises(ConflictError, match="cannot take it any more"):
        exchange.approve(s, actor(world), wish.id)


# What is near


@pytest.mark.parametrize("near", [True, False])
def test_what_is_near_is_told_at_once(s: Session, world: World, near: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever tells of a duty: asked, taken, nobody; wanted, given, refused, come up; declined; published."""
    monkeypatch.setattr(notices, "NEAR", timedelta(days=30 if near else 0))
    draft = drafts.begin(s, world)
    drafts.keep(s, world, draft, drafts.activity_task(s, world))
    publishing.publish(s, world.head, draft)
    people = world.first.people
    duty = s.scalars(select(Duty).where(Duty.person_id == people[VOLUNTEER])).one()
    swap = exchange.look_for_substitute(s, actor(world), duty, WHY)
    exchange.step_in(s, actor(world, people[STAFF]), people[STAFF], swap.id)
    held = s.scalars(select(Duty).where(Duty.person_id == people[STAFF])).one()
    declined_by = another(s, world, "nobody is left after this one")
    search = exchange.look_for_substitute(s, actor(world), held, WHY)
    for ask in list(search.asks):
        exchange.stay_out(s, actor(world, ask.person_id), ask.person_id, search.id)
    one, two = another(s, world, "one"), another(s, world, "two")
    sign_ups.refuse(s, world.head, exchange.sign_up(s, actor(world, one), one, world.first.activity, "helper"))
    given = exchange.sign_up(s, actor(world, two), two, world.first.activity, "helper")
    exchange.approve(s, world.head, given.id)
    exchange.sign_up(s, actor(world, one), one, world.first.activity, "helper")
    exchange.decline(s, actor(world), held, WHY)
    lost = s.scalars(select(Duty).where(Duty.person_id == two)).one()
    leaving.tell_station(s, s.get_one(Person, (world.first.township, declined_by)), [lost])

    told = {kind: set[bool]() for kind in MessageKind}
    for message in s.scalars(select(Message)):
        told[message.kind].add(message.urgent)

    assert {kind for kind, urgent in told.items() if urgent} == {
        MessageKind.ROSTER_PUBLISHED,
        MessageKind.SWAP_ASKED,
        MessageKind.SWAP_TAKEN,
        MessageKind.SWAP_NOBODY,
        MessageKind.SIGN_UP_REQUESTED,
        MessageKind.SIGN_UP_REFUSED,
        MessageKind.SIGN_UP_ACCEPTED,
        MessageKind.SIGN_UP_CAME_UP,
        MessageKind.DUTY_DECLINED,
        MessageKind.PLACES_OPEN,
    }
    assert set().union(*told.values()) == {near}


# Drafts and publications


def test_a_draft_follows_a_swap_so_that_publishing_keeps_it(s: Session, world: World) -> None:
    draft = drafts.begin(s, world)
    drafts.keep(s, world, draft, drafts.activity_task(s, world))
    publishing.publish(s, world.head, draft)
    volunteer, staff = world.first.people[VOLUNTEER], world.first.people[STAFF]
    duty = s.scalars(select(Duty).where(Duty.person_id == volunteer)).one()
    swap = exchange.look_for_substitute(s, actor(world), duty, WHY)
    exchange.step_in(s, actor(world, staff), staff, swap.id)
    s.expire(draft)

    delta = publishing.compare(s, draft)

    assert delta.told == set()
    (row,) = draft.assignments
    assert {(seat.person_id, seat.pinned) for seat in row.seats if seat.role == "helper"} == {(staff, True)}


def test_publishing_an_overlap_is_refused(s: Session, world: World) -> None:
    draft = drafts.begin(s, world)
    activity = the_activity(s, world)
    visit = drafts.due_visit(s, world)
    clash = drafts.visit_task(world, visit, activity.starts_at + timedelta(minutes=30), DIRECTOR)
    drafts.keep(s, world, draft, drafts.activity_task(s, world), clash)
    with pytest.raises(Exception, match="two places at once"):
        publishing.publish(s, world.head, draft)
    assert s.scalars(select(Duty)).all() == []


def test_two_duties_of_one_person_may_change_places_in_one_publication(s: Session, world: World) -> None:
    draft = drafts.begin(s, world)
    one, two = drafts.due_visit(s, world, 0), drafts.due_visit(s, world, 3)
    early, late = drafts.at(draft.starts_on, 9), drafts.at(draft.starts_on, 11)
    drafts.keep(s, world, draft, drafts.visit_task(world, one, early), drafts.visit_task(world, two, late))
    publishing.publish(s, world.head, draft)
    drafts.keep(s, world, draft, drafts.visit_task(world, one, late), drafts.visit_task(world, two, early))
    publishing.publish(s, world.head, draft)
    held = {duty.visit_id: duty.starts_at for duty in s.scalars(select(Duty))}
    assert held == {one: late, two: early}


def test_a_publication_tells_everybody_concerned_once(s: Session, world: World) -> None:
    draft = drafts.begin(s, world)
    drafts.keep(s, world, draft, drafts.activity_task(s, world))
    publishing.publish(s, world.head, draft)
    assert told(s, MessageKind.ROSTER_PUBLISHED) == ["child_director-alpha", "volunteer-alpha"]
    (message,) = s.scalars(select(Message).join(Account, Account.id == Message.account_id)
                           .where(Account.username == "volunteer-alpha")).all()  # fmt: skip
    assert {key: message.facts[key] for key in ("given", "changed", "dropped")} == {
        "given": 1, "changed": 0, "dropped": 0
    }  # fmt: skip
    publishing.publish(s, world.head, draft)
    assert len(told(s, MessageKind.ROSTER_PUBLISHED)) == 2


def test_what_was_declined_is_avoided_by_the_next_plan(s: Session, world: World) -> None:
    duty = helper(s, world)
    exchange.decline(s, actor(world), duty, WHY)
    standing = standing_of_weeks(s, world.first.township, duty.starts_at, duty.starts_at)
    assert standing.problem.person_of[duty.person_id].avoids == {world.first.activity}


def test_who_takes_no_more_this_month_is_offered_nothing(s: Session, world: World) -> None:
    person = world.first.people[VOLUNTEER]
    row = s.get_one(Person, (world.first.township, person))
    assert len(exchange.open_places(s, person, world.first.township)) == 1
    row.month_most = 0
    s.flush()
    assert exchange.open_places(s, person, world.first.township) == []
    with pytest.raises(ConflictError):
        exchange.sign_up(s, actor(world, person), person, world.first.activity, "helper")
