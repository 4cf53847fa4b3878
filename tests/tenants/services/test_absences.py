"""Somebody cannot come: what they hold falls open at once, a draft is begun, and it can be taken back."""

from dataclasses import asdict
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.problem import Weights
from tenants.enums import DutyState, MessageKind, PersonKind, RunState
from tenants.errors import ConflictError, InvalidError
from tenants.models import (
    Absence,
    Activity,
    AvailabilityException,
    Duty,
    FamiliarPerson,
    Message,
    Person,
    Roster,
    SolveRun,
    utc_now,
)
from tenants.queries import absences as queries
from tenants.services import absences, edits, publishing, rosters, runs
from tenants.services.absences import Begun
from tests import drafts
from tests.drafts import DIRECTOR, STAFF, VOLUNTEER, activity_task, at, due_visit, keep, visit_task
from tests.duties import give
from tests.world import World

TODAY = drafts.today()


@pytest.fixture
def published(station: Session, world: World) -> Roster:
    """A version: the director makes a visit on the first day and leads the activity with the volunteer as helper."""
    draft = drafts.begin(station, world)
    keep(station, world, draft, visit_task(world, due_visit(station, world), at(draft.starts_on, 17)),
         activity_task(station, world))  # fmt: skip
    version, _changes = publishing.publish(station, world.head, draft)
    station.delete(draft)
    station.flush()
    return version


def person(session: Session, world: World, kind: PersonKind) -> Person:
    return session.get_one(Person, (world.first.township, world.first.people[kind]))


def begin(session: Session, world: World, *, days: int = 14, kind: PersonKind = DIRECTOR) -> Begun:
    return absences.begin(
        session, world.head, person(session, world, kind), from_day=TODAY, to_day=TODAY + timedelta(days=days - 1),
        today=TODAY, weights=asdict(Weights()),
    )  # fmt: skip


def held_by(session: Session, world: World, kind: PersonKind) -> int:
    query = select(Duty).where(Duty.person_id == world.first.people[kind], Duty.state == DutyState.CONFIRMED)
    return len(session.scalars(query).all())


def told(session: Session, kind: MessageKind) -> list[dict[str, object]]:
    found = session.scalars(select(Message).where(Message.kind == kind)).all()
    return sorted(({key: m.facts[key] for key in ("own", "team")} for m in found), key=str)


def test_duties_fall_open_a_draft_is_begun_and_those_concerned_are_told(
    station: Session, world: World, published: Roster
) -> None:
    begun = begin(station, world)
    assert (begun.freed, [stretch.is_new for stretch in begun.stretches]) == (2, [True])
    assert held_by(station, world, DIRECTOR) == 0
    assert held_by(station, world, VOLUNTEER) == 1
    (row,) = station.scalars(select(AvailabilityException)).all()
    assert (row.from_day, row.to_day, row.note) == (TODAY, TODAY + timedelta(days=13), "")
    draft = begun.draft
    assert draft is not None
    activity = station.get_one(Activity, (world.first.township, world.first.activity))
    last = activity.starts_at.astimezone(drafts.CHINA).date()
    assert (draft.starts_on, draft.ends_on) == (published.starts_on, last)
    run = station.scalars(select(SolveRun)).one()
    assert (run.roster_id, run.state, run.calm) == (draft.id, RunState.QUEUED, True)
    # The director loses two duties; the volunteer's one has another team.
    assert told(station, MessageKind.DUTIES_FREED) == [{"own": 0, "team": 1}, {"own": 2, "team": 0}]


@pytest.mark.parametrize(("hours", "urgent"), [(23, True), (25, False)])
def test_news_of_what_begins_within_a_day_does_not_wait_for_the_morning(
    station: Session, world: World, published: Roster, hours: int, urgent: bool
) -> None:
    start, later = utc_now() + timedelta(hours=hours), utc_now() + timedelta(days=5)
    for duty in station.scalars(select(Duty).where(Duty.activity_id.is_not(None))):
        duty.starts_at, duty.ends_at = later, later + timedelta(hours=1)
    visit = station.scalars(select(Duty).where(Duty.visit_id.is_not(None))).one()
    visit.starts_at, visit.ends_at = start, start + timedelta(minutes=40)
    begin(station, world)
    told = station.scalars(select(Message).where(Message.kind == MessageKind.DUTIES_FREED)).all()
    assert {message.urgent for message in told} == {urgent}


def test_only_the_days_of_the_absence_are_freed(station: Session, world: World, published: Roster) -> None:
    first = published.starts_on
    absences.begin(station, world.head, person(station, world, DIRECTOR), from_day=first, to_day=first, today=TODAY,
                   weights=asdict(Weights()))  # fmt: skip
    activity = station.get_one(Activity, (world.first.township, world.first.activity))
    same_day = activity.starts_at.astimezone(drafts.CHINA).date() == first
    assert held_by(station, world, DIRECTOR) == (0 if same_day else 1)


def test_preview_tells_who_is_known_and_what_falls_below_its_minimum(
    station: Session, world: World, published: Roster
) -> None:
    span = absences.span_of(station, world.county, TODAY, TODAY + timedelta(days=13))
    held = absences.leaving.held_in(station, person(station, world, DIRECTOR), span)
    found = queries.losses(station, world.first.people[DIRECTOR], [duty.id for duty in held])
    assert {(loss.duty.visit_id is not None, loss.missing) for loss in found} == {(True, 1), (False, 1)}
    assert any(loss.familiar for loss in found if loss.duty.visit_id) == _is_familiar(station, world)


def _is_familiar(session: Session, world: World) -> bool:
    wanted = FamiliarPerson.child_id == world.first.children[0]
    return session.scalar(select(FamiliarPerson.id).where(wanted)) is not None


@pytest.fixture
def draft(station: Session, world: World) -> Roster:
    """A draft that was published and, as ever, is still there."""
    draft = drafts.begin(station, world)
    keep(station, world, draft, visit_task(world, due_visit(station, world), at(draft.starts_on, 17)),
         activity_task(station, world))  # fmt: skip
    publishing.publish(station, world.head, draft)
    return draft


def by_hand(session: Session, world: World, draft: Roster) -> None:
    """The activity is taken out by hand."""
    standing = rosters.Standing(unserved=(), medium=0, soft=0)
    rosters.change_task(session, world.head, draft, world.first.activity, None, standing,
                        action="roster.unassign", details={})  # fmt: skip


def kept(begun: Begun) -> list[tuple[Roster | None, bool, bool]]:
    return [(stretch.draft, stretch.kept, stretch.is_new) for stretch in begun.stretches]


def waiting(session: Session) -> list[tuple[str, bool]]:
    runs = session.scalars(select(SolveRun).where(SolveRun.state == RunState.QUEUED))
    return [(run.roster_id, run.calm) for run in runs]


def test_draft_that_was_published_is_planned_anew(station: Session, world: World, draft: Roster) -> None:
    begun = begin(station, world)
    assert kept(begun) == [(draft, False, False)]
    assert waiting(station) == [(draft.id, True)]
    assert begun.absence.draft_id is None
    absences.take_back(station, world.head, begun.absence)
    assert station.scalars(select(Roster).where(Roster.version.is_(None))).all() == [draft]


def test_change_by_hand_that_is_not_published_is_kept_and_no_run_begun(
    station: Session, world: World, draft: Roster
) -> None:
    by_hand(station, world, draft)
    begun = begin(station, world)
    assert kept(begun) == [(draft, True, False)]
    assert waiting(station) == []
    assert draft.assignments == []


def test_change_by_hand_that_is_published_or_taken_back_does_not_stand_in_the_way(
    station: Session, world: World, draft: Roster
) -> None:
    by_hand(station, world, draft)
    publishing.publish(station, world.head, draft)
    edits.undo(station, world.head, draft)
    assert edits.holds_unpublished(station, draft)
    edits.redo(station, world.head, draft)
    assert not edits.holds_unpublished(station, draft)
    rosters.pin_everything(station, world.head, draft, pinned=True)
    edits.undo(station, world.head, draft)
    begin(station, world)
    assert waiting(station) == [(draft.id, True)]


def test_run_that_waits_gives_way_and_one_at_work_is_left_alone(station: Session, world: World, draft: Roster) -> None:
    first = runs.ask(station, world.head, draft, seconds=9, seed=1, weights=asdict(Weights(travel=7)))
    begin(station, world)
    assert first.state is RunState.STOPPED
    again = station.scalars(select(SolveRun).where(SolveRun.state == RunState.QUEUED)).one()
    assert (again.seconds, again.weights["travel"]) == (30, 7)
    again.state = RunState.RUNNING
    station.flush()
    assert kept(begin(station, world, kind=VOLUNTEER)) == [(draft, True, False)]


def test_days_that_no_draft_covers_get_one_of_their_own(station: Session, world: World, draft: Roster) -> None:
    later = at(draft.ends_on + timedelta(days=3), 10)
    give(station, world.first, DIRECTOR, visit=due_visit(station, world, 1), starts_at=later)
    begun = begin(station, world, days=20)
    (_there, old, _), (new, kept_new, is_new) = kept(begun)
    assert (old, kept_new, is_new) == (False, False, True)
    assert new is not None
    assert (new.starts_on, new.days, begun.absence.draft_id) == (later.date(), 1, new.id)
    assert {roster for roster, _calm in waiting(station)} == {draft.id, new.id}


def test_duties_that_fell_open_after_the_last_plan_are_counted(station: Session, world: World, draft: Roster) -> None:
    planned, (first, end) = draft.edits[-1].created_at, (at(draft.starts_on, 0), at(draft.ends_on, 23))
    begun = begin(station, world)
    assert queries.freed_since(station, planned, first, end) == 2
    assert queries.freed_since(station, utc_now(), first, end) == 0
    absences.take_back(station, world.head, begun.absence)
    assert queries.freed_since(station, planned, first, end) == 0


def test_without_a_duty_the_days_are_entered_and_nothing_is_planned(station: Session, world: World) -> None:
    begun = begin(station, world, kind=STAFF)
    assert (begun.freed, begun.draft) == (0, None)
    assert len(station.scalars(select(AvailabilityException)).all()) == 1
    assert station.scalars(select(Message)).all() == []


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(-1, 0, "from_day"), (2, 1, "to_day"), (0, 180, "to_day"), (400, 400, "from_day")],
    ids=["past", "turned", "long", "far"],
)
def test_days_that_cannot_be_are_refused(station: Session, world: World, first: int, last: int, field: str) -> None:
    day: date = TODAY
    with pytest.raises(InvalidError) as refused:
        absences.check_days(day + timedelta(days=first), day + timedelta(days=last), day)
    assert refused.value.field == field


def test_taken_back_the_duties_are_theirs_again_and_the_draft_goes(
    station: Session, world: World, published: Roster
) -> None:
    begun = begin(station, world)
    back = absences.take_back(station, world.head, begun.absence)
    assert (back.returned, back.lost) == (2, 0)
    assert held_by(station, world, DIRECTOR) == 2
    assert station.scalars(select(AvailabilityException)).all() == []
    assert station.scalars(select(Roster).where(Roster.version.is_(None))).all() == []
    assert told(station, MessageKind.DUTIES_RETURNED) == [{"own": 0, "team": 1}, {"own": 2, "team": 0}]
    with pytest.raises(ConflictError):
        absences.take_back(station, world.head, begun.absence)


def test_place_that_somebody_has_taken_meanwhile_stays_theirs(
    station: Session, world: World, published: Roster
) -> None:
    begun = begin(station, world)
    visit = station.scalars(select(Duty).where(Duty.id.in_(begun.absence.freed), Duty.visit_id.is_not(None))).one()
    give(station, world.first, PersonKind.SOCIAL_WORKER, visit=visit.visit_id, starts_at=visit.starts_at)
    back = absences.take_back(station, world.head, begun.absence)
    assert (back.returned, back.lost) == (1, 1)
    assert visit.state is DutyState.CANCELLED


def test_duty_of_a_day_that_was_published_anew_does_not_come_back(
    station: Session, world: World, published: Roster
) -> None:
    begun = begin(station, world)
    draft = begun.draft
    assert draft is not None
    station.delete(station.scalars(select(SolveRun)).one())
    station.flush()
    station.expire(draft)
    visit = due_visit(station, world)
    keep(station, world, draft, visit_task(world, visit, at(draft.starts_on, 17), PersonKind.SOCIAL_WORKER))
    publishing.publish(station, world.head, draft)
    back = absences.take_back(station, world.head, begun.absence)
    assert (back.returned, back.lost) == (0, 2)


def test_draft_on_which_somebody_has_worked_is_kept(station: Session, world: World, published: Roster) -> None:
    begun = begin(station, world)
    assert begun.draft is not None
    edits.note(station, world.head, begun.draft, "roster.pin_all", {"pinned": True, "tasks": 0})
    absences.take_back(station, world.head, begun.absence)
    assert station.scalars(select(Roster).where(Roster.version.is_(None))).all() == [begun.draft]


def test_standing_absences_are_listed_until_they_are_over_or_taken_back(station: Session, world: World) -> None:
    begun = begin(station, world, kind=STAFF)
    mine = world.first.people[STAFF]
    assert list(queries.of_person(station, mine, TODAY)) == [begun.absence]
    assert list(queries.of_person(station, mine, TODAY + timedelta(days=14))) == []
    begun.absence.taken_back_at = utc_now()
    station.flush()
    assert list(queries.of_person(station, mine, TODAY)) == []
    assert len(station.scalars(select(Absence)).all()) == 1
