"""The ledger: what is refused, and how each change moves the next visit."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import ChildCategory, PersonKind, RiskLevel, VisitState
from tenants.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tenants.models import AuditEntry, Child, Visit
from tenants.queries.due import county_today
from tenants.services import children
from tenants.services.children import ChildFacts
from tests.world import World


@pytest.fixture
def today(session: Session, world: World) -> date:
    return county_today(session, world.county)


@pytest.fixture
def child(session: Session, world: World, today: date) -> Child:
    """A file opened today: left behind, at low risk, so the first visit is due in 30 days."""
    return opened(session, world, today)


def facts(world: World, **changes: object) -> ChildFacts:
    given = {"case_code": "N-1", "pseudonym": "小树", "village_id": world.first.villages[0], "birth_year": 2016}
    return ChildFacts(**{**given, **changes})  # type: ignore[arg-type]


def opened(session: Session, world: World, since: date, **changes: object) -> Child:
    return children.create(
        session,
        world.head,
        facts(world, **changes),
        categories=frozenset({ChildCategory.LEFT_BEHIND}),
        level=RiskLevel.LOW,
        since=since,
    )


def due(session: Session, child: Child) -> list[date]:
    rows = select(Visit.due_on).where(Visit.child_id == child.id, Visit.state == VisitState.DUE)
    return list(session.scalars(rows))


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))


def test_a_new_file_has_its_first_visit_due_by_the_rule(session: Session, child: Child, today: date) -> None:
    assert due(session, child) == [today + timedelta(days=30)]
    assert child.confirmed_on == today
    assert actions(session) == ["child.create", "visit.refresh"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"case_code": " "}, "case_code"),
        ({"pseudonym": ""}, "pseudonym"),
        ({"birth_year": 1990}, "birth_year"),
        ({"birth_year": 2100}, "birth_year"),
        ({"village_id": "a" * 26}, "village_id"),
    ],
)
def test_a_wrong_fact_is_refused_at_its_field(
    session: Session, world: World, today: date, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        opened(session, world, today, **changes)
    assert caught.value.field == field


def test_a_neighbours_village_is_refused(session: Session, world: World, today: date) -> None:
    with pytest.raises(InvalidError):
        opened(session, world, today, village_id=world.second.villages[0])


def test_a_file_needs_a_category_and_a_day_that_has_come(session: Session, world: World, today: date) -> None:
    with pytest.raises(InvalidError) as caught:
        children.create(session, world.head, facts(world), categories=frozenset(), level=RiskLevel.LOW, since=today)
    assert caught.value.field == "categories"
    with pytest.raises(InvalidError) as caught:
        opened(session, world, today + timedelta(days=1))
    assert caught.value.field == "since"


def test_a_case_code_belongs_to_one_file_of_a_township(
    session: Session, world: World, child: Child, today: date
) -> None:
    with pytest.raises(ConflictError) as caught:
        opened(session, world, today)
    assert caught.value.field == "case_code"
    children.edit(session, world.head, child, facts(world, pseudonym="小草"))
    assert child.pseudonym == "小草"


def test_a_neighbour_may_use_the_same_case_code(session: Session, world: World, child: Child, today: date) -> None:
    neighbour = Actor(county_id=world.county, township_id=world.second.township)
    children.create(
        session,
        neighbour,
        facts(world, village_id=world.second.villages[0]),
        categories=frozenset({ChildCategory.DISABLED}),
        level=RiskLevel.LOW,
        since=today,
    )
    assert session.scalars(select(Child.case_code).where(Child.case_code == "N-1")).all() == ["N-1", "N-1"]


def test_a_county_officer_opens_no_file(session: Session, world: World, today: date) -> None:
    with pytest.raises(ForbiddenError):
        children.create(
            session,
            Actor(county_id=world.county),
            facts(world),
            categories=frozenset({ChildCategory.DISABLED}),
            level=RiskLevel.LOW,
            since=today,
        )


def test_an_assessment_moves_the_next_visit_at_once(session: Session, world: World, child: Child, today: date) -> None:
    children.assess(session, world.head, child, RiskLevel.HIGH, today)
    assert due(session, child) == [today + timedelta(days=7)]


def test_an_assessment_of_the_same_day_is_replaced(session: Session, world: World, child: Child, today: date) -> None:
    children.assess(session, world.head, child, RiskLevel.HIGH, today)
    assert [period.level for period in child.risks] == [RiskLevel.HIGH]
    with pytest.raises(InvalidError) as caught:
        children.assess(session, world.head, child, RiskLevel.LOW, today + timedelta(days=1))
    assert caught.value.field == "from_day"


def test_a_category_is_entered_once_at_a_time(session: Session, world: World, child: Child, today: date) -> None:
    children.add_category(session, world.head, child, ChildCategory.DISABLED, today)
    with pytest.raises(ConflictError) as caught:
        children.add_category(session, world.head, child, ChildCategory.DISABLED, today)
    assert caught.value.field == "category"


def test_a_category_ends_and_can_begin_again(session: Session, world: World, today: date) -> None:
    child = opened(session, world, today - timedelta(days=10))
    period = child.categories[0]
    children.end_category(session, world.head, child, period.id, today - timedelta(days=1))
    assert due(session, child) == []
    children.add_category(session, world.head, child, ChildCategory.LEFT_BEHIND, today)
    assert len(due(session, child)) == 1


def test_the_end_of_a_category_is_checked(session: Session, world: World, child: Child, today: date) -> None:
    period = child.categories[0]
    for day in (today - timedelta(days=1), today + timedelta(days=1)):
        with pytest.raises(InvalidError) as caught:
            children.end_category(session, world.head, child, period.id, day)
        assert caught.value.field == "to_day"
    with pytest.raises(NotFoundError):
        children.end_category(session, world.head, child, "a" * 26, today)


def test_people_known_to_the_household_are_noted_and_taken_out(session: Session, world: World, child: Child) -> None:
    volunteer = world.first.people[PersonKind.VOLUNTEER]
    children.add_familiar(session, world.head, child, volunteer)
    with pytest.raises(ConflictError):
        children.add_familiar(session, world.head, child, volunteer)
    with pytest.raises(InvalidError):
        children.add_familiar(session, world.head, child, world.second.people[PersonKind.VOLUNTEER])
    children.remove_familiar(session, world.head, child, volunteer)
    with pytest.raises(NotFoundError):
        children.remove_familiar(session, world.head, child, volunteer)


def test_closing_calls_the_visit_off_and_reopening_brings_it_back(
    session: Session, world: World, child: Child, today: date
) -> None:
    children.close(session, world.head, child)
    assert (child.closed_on, due(session, child)) == (today, [])
    children.reopen(session, world.head, child)
    assert (child.closed_on, due(session, child)) == (None, [today + timedelta(days=30)])


def test_confirming_notes_the_day(session: Session, world: World, child: Child, today: date) -> None:
    child.confirmed_on = None
    children.confirm(session, world.head, child)
    assert child.confirmed_on == today
    assert actions(session)[-1] == "child.confirm"
