from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tenants.enums import DutyState, PersonKind
from tenants.errors import NotFoundError
from tenants.queries import duties
from tests.duties import add_visit, give, soon
from tests.world import World

VOLUNTEER, WORKER, DIRECTOR = PersonKind.VOLUNTEER, PersonKind.SOCIAL_WORKER, PersonKind.CHILD_DIRECTOR
NOW = datetime.now(UTC)
CANCELLED = DutyState.CANCELLED


def test_coming_duty_names_village_case_code_and_team(session: Session, world: World) -> None:
    place = world.first
    visit = add_visit(session, place, child=1)
    give(session, place, VOLUNTEER, visit=visit, role="companion")
    give(session, place, WORKER, visit=visit, role="lead")

    (held,) = duties.coming(session, place.people[VOLUNTEER], NOW)

    assert (held.village_id, held.case_code, held.home, held.title) == (place.villages[1], "C-001", None, None)
    assert [(m.person_id, m.role) for m in held.team] == [
        (place.people[WORKER], "lead"),
        (place.people[VOLUNTEER], "companion"),
    ]


def test_coming_duty_at_an_activity_names_title_and_home(session: Session, world: World) -> None:
    give(session, world.first, VOLUNTEER, activity=world.first.activity, role="helper")

    (held,) = duties.coming(session, world.first.people[VOLUNTEER], NOW)

    assert (held.title, held.home) == ("绘画 CANARY-ALPHA", "甲镇0村 CANARY-ALPHA儿童之家")
    assert held.case_code is None


def test_team_leaves_out_whoever_is_cancelled_and_a_cancelled_duty_has_none(session: Session, world: World) -> None:
    place = world.first
    visit = add_visit(session, place)
    give(session, place, VOLUNTEER, visit=visit, role="companion")
    give(session, place, WORKER, visit=visit, state=CANCELLED, sequence=1)

    (mine,) = duties.coming(session, place.people[VOLUNTEER], NOW)
    (theirs,) = duties.coming(session, place.people[WORKER], NOW)

    assert [m.person_id for m in mine.team] == [place.people[VOLUNTEER]]
    assert theirs.is_cancelled
    assert theirs.team == ()


def test_past_shows_held_duties_newest_first(session: Session, world: World) -> None:
    place = world.first
    ids = [
        give(session, place, VOLUNTEER, visit=add_visit(session, place, child), starts_at=soon(days=-days))
        for child, days in ((0, 30), (1, 3), (2, 200))
    ]
    give(session, place, VOLUNTEER, activity=place.activity, starts_at=soon(days=-5), state=CANCELLED)

    assert [d.id for d in duties.past(session, place.people[VOLUNTEER], NOW)] == [ids[1], ids[0]]
    assert duties.coming(session, place.people[VOLUNTEER], NOW) == []


def test_feed_keeps_cancelled_duties_thirty_days_and_past_ones_half_a_year(session: Session, world: World) -> None:
    place = world.first
    person = place.people[VOLUNTEER]
    for child, changed_days in ((0, 29), (1, 31)):
        visit = add_visit(session, place, child)
        changed = NOW - timedelta(days=changed_days)
        give(session, place, VOLUNTEER, visit=visit, state=CANCELLED, sequence=1, changed_at=changed)
    for child, days in ((2, 179), (3, 182)):
        give(session, place, VOLUNTEER, visit=add_visit(session, place, child), starts_at=soon(days=-days))

    shown = duties.in_feed(session, person, NOW)

    assert [(d.case_code, d.is_cancelled) for d in shown] == [("C-002", False), ("C-000", True)]


def test_another_persons_duty_is_not_found(session: Session, world: World) -> None:
    duty = give(session, world.first, WORKER, visit=add_visit(session, world.first))

    assert duties.of_person(session, world.first.people[WORKER], duty).id == duty
    with pytest.raises(NotFoundError):
        duties.of_person(session, world.first.people[VOLUNTEER], duty)
