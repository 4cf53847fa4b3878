"""A new county is led to what its stations need before they can begin."""

from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tenants.calendar import Subject
from tenants.enums import AccountRole, ChildCategory
from tenants.models import Account, CalendarTable, RetentionRule, VisitRule
from tenants.queries.county_steps import county_steps
from tests.world import World

TODAY = date(2026, 11, 29)


def counts(session: Session, world: World) -> dict[str, tuple[int, int]]:
    return {step.name: (step.count, step.wanted) for step in county_steps(session, world.county, TODAY).steps}


def add_terms(session: Session, world: World, year: int, *, provisional: bool) -> None:
    session.add(
        CalendarTable(
            county_id=world.county, subject=Subject.TERMS, year=year, number=1, since=date(year, 8, 1),
            provisional=provisional, source="",
        )
    )  # fmt: skip
    session.flush()


def test_a_new_county_begins_with_its_second_officer(session: Session, world: World) -> None:
    steps = county_steps(session, world.county, TODAY)
    assert counts(session, world) == {
        "officers": (1, 2),
        "heads": (2, 2),  # the other county's does not count
        "rules": (0, 15),
        "terms": (0, 1),
        "periods": (0, len(ChildCategory)),
    }
    assert (steps.done, steps.next and steps.next.name) == (1, "officers")


def test_a_head_or_officer_who_cannot_log_in_does_not_count(session: Session, world: World) -> None:
    head = select(Account.id).where(
        Account.township_id == world.second.township, Account.role == AccountRole.STATION_HEAD
    )
    session.execute(update(Account).where(Account.id.in_(head)).values(disabled=True))
    session.execute(update(Account).where(Account.role == AccountRole.COUNTY_OFFICER).values(disabled=True))
    found = counts(session, world)
    assert (found["heads"], found["officers"]) == ((1, 2), (0, 2))


def test_examples_are_nothing_that_the_county_has_decided(session: Session, world: World) -> None:
    add_terms(session, world, 2026, provisional=True)
    add_terms(session, world, 2025, provisional=False)  # decided, and over
    assert counts(session, world)["terms"] == (0, 1)
    add_terms(session, world, 2027, provisional=False)
    assert counts(session, world)["terms"] == (1, 1)

    rule = session.scalars(select(VisitRule).where(VisitRule.county_id == world.county).limit(1)).one()
    rule.is_example = False
    session.add(
        RetentionRule(
            county_id=world.county,
            category=ChildCategory.IN_DIFFICULTY,
            close_months=1,
            decided_on=TODAY,
            source="县民政局",
        )
    )
    session.flush()
    found = counts(session, world)
    assert (found["rules"], found["periods"]) == ((1, 15), (1, len(ChildCategory)))
