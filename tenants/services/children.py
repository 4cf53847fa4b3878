"""Writes to the children's ledger (notice 2.1, no. 3).

Whatever changes a child's category, risk or file brings its next visit in line at once.
"""

from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import ChildCategory, Gender, RiskLevel
from tenants.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tenants.models import Child, ChildCategoryPeriod, ChildRiskPeriod, FamiliarPerson, Person, Village
from tenants.queries.due import county_today
from tenants.services import audit_log, duties, visits

OLDEST = 25
"""Ages above this are a slip of the pen: the ledger is for minors, and files stay open a while beyond 18."""


@dataclass(frozen=True, kw_only=True)
class ChildFacts:
    """What the ledger holds of a child besides dated entries; never a real name."""

    case_code: str
    pseudonym: str
    village_id: str
    birth_year: int
    gender: Gender | None = None
    needs_gender: Gender | None = None


def facts_of(child: Child) -> ChildFacts:
    """A child's facts, to change some of them."""
    return ChildFacts(**{field.name: getattr(child, field.name) for field in fields(ChildFacts)})


def create(
    session: Session,
    actor: Actor,
    facts: ChildFacts,
    *,
    categories: frozenset[ChildCategory],
    level: RiskLevel,
    since: date,
) -> Child:
    """Open a child's file with its first categories and assessment.

    Raises:
        InvalidError: a fact breaks a rule.
        ConflictError: the case code is taken.

    """
    if actor.township_id is None:
        raise ForbiddenError("The ledger is kept by a township's station.")
    _check(session, actor, actor.township_id, facts)
    if not categories:
        raise InvalidError("Choose one category at least.", field="categories")
    _not_ahead(session, actor, since, "since")
    child = Child(township_id=actor.township_id, confirmed_on=county_today(session, actor.county_id))
    _fill(child, facts)
    child.categories = [
        ChildCategoryPeriod(township_id=child.township_id, category=category, from_day=since)
        for category in sorted(categories)
    ]
    child.risks = [ChildRiskPeriod(township_id=child.township_id, level=level, from_day=since)]
    session.add(child)
    session.flush()
    audit_log.record(session, actor, "child.create", "child", child.id)
    visits.follow(session, actor, child)
    return child


def edit(session: Session, actor: Actor, child: Child, facts: ChildFacts) -> None:
    """Replace a child's facts.

    Raises:
        InvalidError: a fact breaks a rule.
        ConflictError: the case code is taken.

    """
    _check(session, actor, child.township_id, facts, child)
    before = (child.case_code, child.village_id)
    _fill(child, facts)
    if before != (child.case_code, child.village_id):
        duties.child_renamed(session, child.id)
    _changed(session, actor, child, "child.edit")


def confirm(session: Session, actor: Actor, child: Child) -> None:
    """Note that the entries were checked today and still hold (notice 2.1, no. 3: kept up to date)."""
    child.confirmed_on = county_today(session, actor.county_id)
    _changed(session, actor, child, "child.confirm")


def add_category(session: Session, actor: Actor, child: Child, category: ChildCategory, from_day: date) -> None:
    """Enter a category that a child is in from a day on.

    Raises:
        InvalidError: the day has not come yet.
        ConflictError: the child is in this category on that day or later.

    """
    _not_ahead(session, actor, from_day, "from_day")
    for period in child.categories:
        if period.category is category and (period.to_day is None or period.to_day >= from_day):
            raise ConflictError("The child is in this category already on that day.", field="category")
    child.categories.append(ChildCategoryPeriod(township_id=child.township_id, category=category, from_day=from_day))
    _changed(session, actor, child, "child.category_begin")


def end_category(session: Session, actor: Actor, child: Child, period_id: str, to_day: date) -> None:
    """End a category; ``to_day`` is its last day.

    Raises:
        NotFoundError: the child has no such entry.
        InvalidError: the last day lies before the first, or ahead.

    """
    period = next((period for period in child.categories if period.id == period_id), None)
    if period is None:
        raise NotFoundError("no such category")
    if to_day < period.from_day:
        raise InvalidError("The last day cannot come before the first.", field="to_day")
    _not_ahead(session, actor, to_day, "to_day")
    period.to_day = to_day
    _changed(session, actor, child, "child.category_end")


def assess(session: Session, actor: Actor, child: Child, level: RiskLevel, from_day: date) -> None:
    """Enter the risk level assessed on a day; an assessment of the same day is replaced.

    Raises:
        InvalidError: the day has not come yet.

    """
    _not_ahead(session, actor, from_day, "from_day")
    same_day = next((period for period in child.risks if period.from_day == from_day), None)
    if same_day is None:
        child.risks.append(ChildRiskPeriod(township_id=child.township_id, level=level, from_day=from_day))
    else:
        same_day.level = level
    _changed(session, actor, child, "child.assess")


def add_familiar(session: Session, actor: Actor, child: Child, person_id: str) -> None:
    """Note that the household knows a person.

    Raises:
        InvalidError: there is no such person.
        ConflictError: the person is noted already.

    """
    person = session.get(Person, (child.township_id, person_id))
    if person is None:
        raise InvalidError("Choose a person of the township.", field="person_id")
    if any(row.person_id == person.id for row in child.familiar):
        raise ConflictError("This person is noted already.", field="person_id")
    child.familiar.append(FamiliarPerson(township_id=child.township_id, person_id=person.id))
    _changed(session, actor, child, "child.familiar_add")


def remove_familiar(session: Session, actor: Actor, child: Child, person_id: str) -> None:
    """Take the note back.

    Raises:
        NotFoundError: the person is not noted.

    """
    row = next((row for row in child.familiar if row.person_id == person_id), None)
    if row is None:
        raise NotFoundError("not noted as known")
    child.familiar.remove(row)
    _changed(session, actor, child, "child.familiar_remove")


def close(session: Session, actor: Actor, child: Child) -> None:
    """Close a child's file today; its due visit is called off."""
    if child.closed_on is None:
        child.closed_on = county_today(session, actor.county_id)
        _changed(session, actor, child, "child.close")


def reopen(session: Session, actor: Actor, child: Child) -> None:
    """Open a closed file again; its next visit falls due by the rules."""
    if child.closed_on is not None:
        child.closed_on = None
        _changed(session, actor, child, "child.reopen")


def _changed(session: Session, actor: Actor, child: Child, action: str) -> None:
    need_content(child)
    session.flush()
    audit_log.record(session, actor, action, "child", child.id)
    visits.follow(session, actor, child)


def need_content(child: Child) -> None:
    """Refuse a file whose content was destroyed.

    Raises:
        ConflictError: it is anonymised.

    """
    if child.anonymised_on is not None:
        raise ConflictError("This file is anonymised: nothing is entered any more.")


def _not_ahead(session: Session, actor: Actor, day: date, field: str) -> None:
    if day > county_today(session, actor.county_id):
        raise InvalidError("This day has not come yet.", field=field)


def _check(session: Session, actor: Actor, township: str, facts: ChildFacts, present: Child | None = None) -> None:
    for field in ("case_code", "pseudonym"):
        if not getattr(facts, field).strip():
            raise InvalidError("This must not be empty.", field=field)
    year = county_today(session, actor.county_id).year
    if not year - OLDEST <= facts.birth_year <= year:
        raise InvalidError("The year of birth must lie within the last 25 years.", field="birth_year")
    if session.get(Village, (township, facts.village_id)) is None:
        raise InvalidError("Choose a village of the township.", field="village_id")
    same_code = select(Child.id).where(Child.township_id == township, Child.case_code == facts.case_code.strip())
    holder = session.scalar(same_code)
    if holder is not None and (present is None or holder != present.id):
        raise ConflictError("Another file has this case code.", field="case_code")


def _fill(child: Child, facts: ChildFacts) -> None:
    child.case_code, child.pseudonym = facts.case_code.strip(), facts.pseudonym.strip()
    child.village_id, child.birth_year = facts.village_id, facts.birth_year
    child.gender, child.needs_gender = facts.gender, facts.needs_gender
