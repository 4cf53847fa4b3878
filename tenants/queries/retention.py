"""Which files' periods are over, by the county's rules; nothing is written here.

Where a child was in several categories, the longest period holds. An example of the program's own stands where the
county has not decided yet: it previews, and nothing can be proposed by it.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tenants.actor import Actor
from tenants.enums import ChildCategory, ConsentPurpose, DisposalState, DisposalStep
from tenants.example_retention import EXAMPLES
from tenants.models import Child, Consent, Disposal, DisposalFile, Hold, RetentionRule
from tenants.queries.children import may_see

AGE = 18
"""A minor is a person under this age (Law on the Protection of Minors, art. 2)."""
_SEALED = (Child.name_sealed, Child.id_number_sealed, Child.address_sealed, Child.guardian_phone_sealed)


@dataclass(frozen=True, kw_only=True)
class Period:
    """What holds for a category, in months; None: never. ``decided_on`` None: an example."""

    category: ChildCategory
    close: int | None
    anonymise: int | None
    erase: int | None
    decided_on: date | None = None
    source: str = ""

    @property
    def is_example(self) -> bool:
        """Whether nobody has decided it."""
        return self.decided_on is None

    def months(self, step: DisposalStep) -> int | None:
        """The months of a step."""
        found: int | None = getattr(self, step.value)
        return found


@dataclass(frozen=True, kw_only=True)
class Due:
    """A file whose period for a step is over since a day; ``period`` None: a consent was withdrawn."""

    child: Child
    step: DisposalStep
    since: date
    period: Period | None
    hold: Hold | None = None
    proposed: bool = False

    @property
    def may_be_proposed(self) -> bool:
        """Whether nothing stands in the way."""
        decided = self.period is None or not self.period.is_example
        return decided and self.hold is None and not self.proposed


Periods = Mapping[ChildCategory, Period]


def periods(session: Session, county_id: str) -> Periods:
    """The county's table; what it has not decided is an example."""
    rows = session.scalars(select(RetentionRule).where(RetentionRule.county_id == county_id))
    decided = {row.category: row for row in rows}
    return {category: _period(category, decided.get(category)) for category in ChildCategory}


def _period(category: ChildCategory, row: RetentionRule | None) -> Period:
    if row is None:
        close, anonymise, erase = EXAMPLES[category]
        return Period(category=category, close=close, anonymise=anonymise, erase=erase)
    return Period(
        category=category,
        close=row.close_months,
        anonymise=row.anonymise_months,
        erase=row.erase_months,
        decided_on=row.decided_on,
        source=row.source,
    )


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def need_ended(child: Child, today: date) -> date | None:
    """The day on which an open file's need ended: the last category's end, or the year's end in which the child came
    of age, whichever came first; None while there is need."""
    of_age = date(child.birth_year + AGE, 12, 31)
    ends = [period.to_day for period in child.categories]
    over = [end for end in ends if end is not None and end < today]
    last = max(over) if over and len(over) == len(ends) else None
    found = [day for day in (of_age, last) if day is not None and day < today]
    return min(found, default=None)


def period_of(child: Child, table: Periods, step: DisposalStep) -> Period | None:
    """The longest period among all categories that the child was ever in; None: never, or no category."""
    held = [table[category] for category in ChildCategory if category in {row.category for row in child.categories}]
    if not held or any(period.months(step) is None for period in held):
        return None
    return max(held, key=lambda period: period.months(step) or 0)


def due_step(child: Child, table: Periods, today: date) -> Due | None:
    """The last step whose period is over; an identity whose consent was withdrawn is not looked at here."""
    if child.erased_on is not None:
        return None
    if child.closed_on is None:
        return _due(child, table, DisposalStep.CLOSE, need_ended(child, today), today)
    erase = _due(child, table, DisposalStep.ERASE, child.closed_on, today)
    if erase is not None or child.anonymised_on is not None:
        return erase
    return _due(child, table, DisposalStep.ANONYMISE, child.closed_on, today)


def _due(child: Child, table: Periods, step: DisposalStep, begin: date | None, today: date) -> Due | None:
    period = period_of(child, table, step)
    if begin is None or period is None:
        return None
    since = months_after(begin, period.months(step) or 0)
    return Due(child=child, step=step, since=since, period=period) if since <= today else None


def preview(session: Session, actor: Actor, today: date) -> list[Due]:
    """Every file with a step due, in the order of the steps and of their days."""
    table = periods(session, actor.county_id)
    query = select(Child).where(may_see(actor)).options(selectinload(Child.categories))
    children = session.scalars(query.order_by(Child.case_code)).all()
    withdrawn, held, proposed = withdrawn_identities(session, children), holds(session), _proposed(session)
    found = [due for child in children if (due := due_step(child, table, today))]
    found += [
        Due(child=child, step=DisposalStep.IDENTITY, since=withdrawn[child.id], period=None)
        for child in children
        if child.id in withdrawn
    ]
    order = list(DisposalStep)
    return sorted(
        (
            Due(
                child=due.child, step=due.step, since=due.since, period=due.period, hold=held.get(due.child.id),
                proposed=(due.child.id, due.step) in proposed,
            )
            for due in found
        ),
        key=lambda due: (order.index(due.step), due.since, due.child.case_code),
    )  # fmt: skip


def withdrawn_identities(session: Session, children: Iterable[Child]) -> dict[str, date]:
    """Since when the consent to keep an identity is withdrawn, for files that still keep one and have no other."""
    kept = {child.id for child in children if _keeps_identity(child)}
    rows = session.scalars(
        select(Consent).where(Consent.purpose == ConsentPurpose.IDENTITY).order_by(Consent.withdrawn_on)
    )
    since: dict[str, date] = {}
    living: set[str] = set()
    for row in rows:
        if row.withdrawn_on is None:
            living.add(row.child_id)
        else:
            since[row.child_id] = row.withdrawn_on
    return {child: day for child, day in since.items() if child in kept and child not in living}


def _keeps_identity(child: Child) -> bool:
    return any(getattr(child, column.key) is not None for column in _SEALED)


def holds(session: Session) -> dict[str, Hold]:
    """The hold that stands on each child's file, the first one where there are several."""
    rows = session.scalars(select(Hold).where(Hold.lifted_at.is_(None)).order_by(Hold.placed_at.desc()))
    return {row.child_id: row for row in rows}


def _proposed(session: Session) -> set[tuple[str, DisposalStep]]:
    query = (
        select(DisposalFile.child_id, Disposal.step)
        .join(Disposal, DisposalFile.disposal_id == Disposal.id)
        .where(Disposal.state == DisposalState.PROPOSED)
    )
    return {(child, step) for child, step in session.execute(query) if child}


def disposals(session: Session, limit: int = 100) -> list[Disposal]:
    """The township's disposals, the newest first."""
    return list(session.scalars(select(Disposal).order_by(Disposal.proposed_at.desc()).limit(limit)))


def holds_of(session: Session, child: Child) -> list[Hold]:
    """All holds of a file, the newest first."""
    query = select(Hold).where(Hold.township_id == child.township_id, Hold.child_id == child.id)
    return list(session.scalars(query.order_by(Hold.placed_at.desc())))


def consents_of(session: Session, child: Child) -> list[Consent]:
    """All consents for a child, by purpose and day."""
    query = select(Consent).where(Consent.township_id == child.township_id, Consent.child_id == child.id)
    order = list(ConsentPurpose)
    return sorted(session.scalars(query), key=lambda row: (order.index(row.purpose), row.given_on))
