from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tenants.enums import DutyState, PersonKind, RosterState, TownshipKind, VettingResult
from tenants.errors import NotFoundError
from tenants.models import Child, Person, Roster, Township, Vetting
from tenants.queries import county
from tenants.queries.county import Figures
from tenants.scope import Scope
from tests import drafts
from tests.duties import add_visit, give, soon
from tests.world import World
from weibao.db import session_for

TODAY = drafts.today()
MIDNIGHT = datetime.combine(TODAY, time(), tzinfo=UTC)


def officer(world: World) -> Scope:
    townships = frozenset({world.first.township, world.second.township})
    return Scope.of_county(world.county, townships, reason="test")


def rows(world: World) -> dict[str, county.TownshipRow]:
    with session_for(officer(world), reading=True) as session:
        return {row.id: row for row in county.townships(session, TODAY, MIDNIGHT)}


def village_rows(world: World) -> list[county.VillageRow]:
    with session_for(officer(world), reading=True) as session:
        return county.villages(session, world.first.township, TODAY, MIDNIGHT)


def test_each_township_counts_its_own_rows_and_no_foreign_one(session: Session, world: World) -> None:
    # The cast of each township: 4 open children, one volunteer and one social worker, both with a valid check.
    add_visit(session, world.foreign, 0, due_in=1)
    session.commit()

    found = rows(world)

    assert set(found) == {world.first.township, world.second.township}
    own = Figures(children=4, volunteers=1, vetted=1, social_workers=1)
    assert {row.figures for row in found.values()} == {own}
    assert county.total(found.values()) == Figures(children=8, volunteers=2, vetted=2, social_workers=2)


def test_visits_are_due_for_fourteen_days_overdue_before_today_and_done_for_thirty(
    session: Session, world: World
) -> None:
    place = world.first
    for number, due_in in enumerate((0, 13, 14, -1)):
        add_visit(session, place, number, due_in=due_in)
    for done_ago in (0, 29, 30):
        add_visit(session, place, 0, due_in=-40 - done_ago, done_ago=done_ago)
    session.commit()

    figures = rows(world)[place.township].figures

    assert (figures.due, figures.overdue, figures.done) == (2, 1, 2)


def test_covered_counts_a_due_visit_once_however_many_hold_it(session: Session, world: World) -> None:
    place = world.first
    shared, dropped, bygone, overdue = (
        add_visit(session, place, n, due_in=due) for n, due in enumerate((1, 2, 3, -1))
    )  # fmt: skip
    give(session, place, PersonKind.VOLUNTEER, visit=shared, role="companion")
    give(session, place, PersonKind.SOCIAL_WORKER, visit=shared)
    give(session, place, PersonKind.SOCIAL_WORKER, visit=dropped, state=DutyState.CANCELLED, sequence=1)
    give(session, place, PersonKind.SOCIAL_WORKER, visit=bygone, starts_at=soon(days=-1))
    give(session, place, PersonKind.SOCIAL_WORKER, visit=overdue)
    session.commit()

    figures = rows(world)[place.township].figures

    assert (figures.due, figures.covered, figures.overdue) == (3, 1, 1)


def test_people_who_left_or_may_not_work_are_not_counted_as_vetted(session: Session, world: World) -> None:
    place = world.first

    def volunteer(*, active: bool = True, checks: tuple[tuple[int, int, VettingResult], ...] = ()) -> None:
        person = Person(township_id=place.township, name="x", kind=PersonKind.VOLUNTEER, active=active)
        session.add(person)
        session.flush()
        for made_ago, valid_for, result in checks:
            made, through = TODAY - timedelta(days=made_ago), TODAY + timedelta(days=valid_for)
            session.add(
                Vetting(
                    township_id=place.township, person_id=person.id, checked_on=made, valid_through=through,
                    result=result,
                )
            )  # fmt: skip

    volunteer(active=False, checks=((10, 10, VettingResult.CLEAR),))
    volunteer()
    volunteer(checks=((400, -35, VettingResult.CLEAR),))
    volunteer(checks=((400, -35, VettingResult.CLEAR), (30, 300, VettingResult.CLEAR)))
    volunteer(checks=((30, 300, VettingResult.CLEAR), (500, -200, VettingResult.BARRED)))
    session.commit()

    figures = rows(world)[place.township].figures

    # The cast's own volunteer and four more are active; of those four only the one checked anew is vetted.
    assert (figures.volunteers, figures.vetted) == (5, 2)


def test_closed_files_are_not_counted(session: Session, world: World) -> None:
    for child_id in world.first.children[:3]:
        session.get_one(Child, (world.first.township, child_id)).closed_on = date(2026, 1, 1)
    session.commit()

    assert rows(world)[world.first.township].figures.children == 1


def test_latest_version_is_the_newest_published_one(session: Session, world: World) -> None:
    published = MIDNIGHT - timedelta(days=2)
    for version, at in ((1, published - timedelta(days=9)), (2, published)):
        session.add(
            Roster(
                township_id=world.first.township, starts_on=TODAY, days=14, state=RosterState.PUBLISHED,
                version=version, published_at=at,
            )
        )  # fmt: skip
    session.add(Roster(township_id=world.second.township, starts_on=TODAY, days=14))
    session.commit()

    found = rows(world)

    assert (found[world.first.township].version, found[world.first.township].published_at) == (2, published)
    assert (found[world.second.township].version, found[world.second.township].published_at) == (None, None)


def test_villages_add_up_to_the_township(session: Session, world: World) -> None:
    place = world.first
    for number, due_in in enumerate((1, 2, -3, -4)):
        give(session, place, PersonKind.SOCIAL_WORKER, visit=add_visit(session, place, number, due_in=due_in))
    session.add(Person(township_id=place.township, name="nowhere", kind=PersonKind.SOCIAL_WORKER))
    session.commit()

    found = village_rows(world)

    assert county.total(found) == rows(world)[place.township].figures
    # Children 0 and 3 live in village 0, child 1 in village 1, child 2 in village 2; the cast is based in village 0.
    by_id = {row.id: row.figures for row in found}
    assert by_id[place.villages[0]] == Figures(
        children=2, due=1, covered=1, overdue=1, volunteers=1, vetted=1, social_workers=1
    )
    assert by_id[place.villages[2]] == Figures(children=1, overdue=1)
    assert by_id[None] == Figures(social_workers=1)


def test_a_foreign_township_is_not_found(session: Session, world: World) -> None:
    with session_for(officer(world), reading=True) as scoped:
        assert county.township(scoped, world.second.township).id == world.second.township
        with pytest.raises(NotFoundError):
            county.township(scoped, world.foreign.township)
        assert county.villages(scoped, world.foreign.township, TODAY, MIDNIGHT) == []


def _statements(world: World, townships: frozenset[str]) -> int:
    counted: list[str] = []
    with session_for(Scope.of_county(world.county, townships, reason="test"), reading=True) as session:
        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", lambda *facts: counted.append(facts[2]))
        assert len(county.townships(session, TODAY, MIDNIGHT)) == len(townships)
        county.villages(session, world.first.township, TODAY, MIDNIGHT)
    return sum(statement.startswith("SELECT") for statement in counted)


def test_number_of_statements_does_not_grow_with_townships(session: Session, world: World) -> None:
    few = _statements(world, frozenset({world.first.township}))
    more = [
        Township(county_id=world.county, name=f"{n}镇", name_en="", kind=TownshipKind.TOWN, lat=35, lon=112)
        for n in range(18)
    ]
    session.add_all(more)
    session.commit()

    many = _statements(world, frozenset({world.first.township, *(row.id for row in more)}))

    assert few == 9  # five for the county's table, four for a township's
    assert many == few
