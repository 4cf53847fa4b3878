"""A county's register over the small world: contracts, workers, weights, proposals."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole, AllocationState, ChildCategory, PersonKind, RiskLevel
from tenants.models import (
    Account,
    CategoryWeights,
    Child,
    ChildCategoryPeriod,
    ChildRiskPeriod,
    Person,
    ServiceContract,
    StaffAllocation,
    StaffContract,
    StaffMember,
    Township,
    new_id,
)
from tenants.queries.due import county_today
from tests.world import Place, World

WEIGHTS = {category.value: {"high": 6, "medium": 3, "low": 1, "none": 3} for category in ChildCategory}


def contract(session: Session, county: str, *, number: str = "HT-1", days: tuple[int, int] = (-100, 200)) -> str:
    """A contract in force, from and to so many days from today."""
    today = county_today(session, county)
    row = ServiceContract(
        county_id=county, number=number, provider="甲中心", from_day=today + timedelta(days=days[0]),
        to_day=today + timedelta(days=days[1]), workers=2, visits=10, activities=4, hours=100,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def weights(session: Session, county: str) -> CategoryWeights:
    """A decided table that is in force."""
    held = session.scalar(select(CategoryWeights).where(CategoryWeights.county_id == county))
    if held is None:
        held = CategoryWeights(county_id=county, from_day=date(2024, 1, 1), weights=WEIGHTS, source="阳民发1号")
        session.add(held)
        session.flush()
    return held


def register(session: Session, county: str, place: Place) -> str:
    """The township's social worker in the county's register, under a contract of their own; returns the worker's id."""
    weights(session, county)
    person = session.get_one(Person, (place.township, place.people[PersonKind.SOCIAL_WORKER]))
    row = StaffMember(
        county_id=county, name=person.name, township_id=place.township, person_id=person.id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    serve_under(session, row, contract(session, county, number=f"HT-{place.canary}"))
    return row.id


def serve_under(session: Session, staff: StaffMember, *contracts: str) -> None:
    """A worker's contracts are these."""
    staff.under = []
    session.flush()
    staff.under = [StaffContract(county_id=staff.county_id, staff_id=staff.id, contract_id=one) for one in contracts]
    session.flush()
    session.refresh(staff, ["under"])


def newcomer(session: Session, county: str, contract_id: str, **facts: Any) -> str:
    """A worker without a post."""
    row = StaffMember(county_id=county, name="新人", **facts)
    session.add(row)
    session.flush()
    serve_under(session, row, contract_id)
    return row.id


def waiting(session: Session, county: str) -> str:
    """A proposal that has not been worked out, for pages that only need one to be there."""
    row = StaffAllocation(
        county_id=county, title="方案", moves_on=county_today(session, county) + timedelta(days=9), excluded=[],
        settings={"min_staff": 1, "max_staff": None, "max_commute": None, "max_moves": None, "skills": [], "pins": {},
                  "bars": {}},
        problem={"staff": [], "townships": []}, weights_source="x", weights_from=date(2024, 1, 1), seconds=5,
        state=AllocationState.FAILED, error="x",
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def officer(session: Session, world: World, username: str = "county") -> Actor:
    """The actor of a county officer's account; ``county2`` is made when it is asked for."""
    account = session.scalar(select(Account).where(Account.username == username))
    if account is None:
        first = session.scalars(select(Account).where(Account.username == "county")).one()
        account = Account(
            county_id=world.county, id=new_id(), username=username, password_hash=first.password_hash,
            role=AccountRole.COUNTY_OFFICER, display_name=username, language="en",
        )  # fmt: skip
        session.add(account)
        session.flush()
    return Actor(county_id=world.county, account_id=account.id, role=AccountRole.COUNTY_OFFICER)


def add_child(session: Session, place: Place, *categories: ChildCategory, risk: RiskLevel | None = None) -> Child:
    """A new file whose categories and risk begin in 20 days."""
    today = county_today(session, session.get_one(Township, place.township).county_id)
    child = Child(
        township_id=place.township, case_code="N-1", pseudonym="PSEUDONYM-N", village_id=place.villages[0],
        birth_year=2015,
    )  # fmt: skip
    session.add(child)
    session.flush()
    begin = today + timedelta(days=20)
    for category in categories:
        session.add(
            ChildCategoryPeriod(township_id=place.township, child_id=child.id, category=category, from_day=begin)
        )
    if risk:
        session.add(ChildRiskPeriod(township_id=place.township, child_id=child.id, level=risk, from_day=begin))
    session.flush()
    return child


def solved(row: StaffAllocation, posts: Mapping[str, str | None]) -> None:
    """Let a proposal hold one point, as the worker leaves it."""
    from scheduling.allocation import score_of
    from weibao.allocating import of_json

    score = score_of(of_json(row.problem), posts)
    figures = {name: getattr(score, name) for name in ("short", "skills_missing", "peak", "spread", "moves", "commute")}
    point = {"posts": dict(posts), "score": figures, "bound": figures, "status": "optimal"}
    row.frontier, row.chosen, row.state = {"points": [point], "complete": True}, 0, AllocationState.READY
