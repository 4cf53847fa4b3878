"""The children's ledger from rows, matched by the row's mark, else by case code, else by the sealed ID number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tenants.actor import Actor
from tenants.crypto import Keyring
from tenants.enums import ChildCategory, RiskLevel
from tenants.errors import ConflictError, InvalidError
from tenants.models import Child
from tenants.queries import children as queries
from tenants.queries import due
from tenants.services import children, identities
from tenants.services.children import ChildFacts
from tenants.services.identities import Identity
from tenants.services.imports.run import Once, Outcome, Verdict, take


@dataclass(frozen=True, kw_only=True)
class ChildRow:
    """``facts`` holds what the row states, by the names of ``ChildFacts``; ``identity`` is sealed at once."""

    mark: str | None
    facts: Mapping[str, Any]
    categories: frozenset[ChildCategory]
    level: RiskLevel | None
    since: date | None
    identity: Identity


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """What the rows are held against."""

    session: Session
    actor: Actor
    keyring: Keyring
    files: dict[str, Child]
    once: Once
    today: date


def take_children(
    session: Session, actor: Actor, keyring: Keyring, rows: Sequence[ChildRow], *, trial: bool
) -> Outcome:
    """Open or change files. A category that a row does not name is not ended: that is done on the child's page."""
    found = session.scalars(select(Child).options(selectinload(Child.categories), selectinload(Child.risks)))
    ledger = Ledger(
        session=session,
        actor=actor,
        keyring=keyring,
        files={child.id: child for child in found},
        once=Once(),
        today=due.county_today(session, actor.county_id),
    )
    return take(session, rows, lambda row: _one(ledger, row), trial=trial)


def _one(ledger: Ledger, row: ChildRow) -> Verdict:
    child = _find(ledger, row)
    if child is None:
        child = _open(ledger, row)
        ledger.files[child.id] = child
        ledger.once.meet(child.id, "case_code")
        identities.supplement(ledger.session, ledger.actor, ledger.keyring, child, row.identity)
        return Verdict.ADDED
    ledger.once.meet(child.id, "case_code")
    changes = (_edit(ledger, child, row), _categories(ledger, child, row), _level(ledger, child, row))
    kept = identities.supplement(ledger.session, ledger.actor, ledger.keyring, child, row.identity)
    return Verdict.CHANGED if any(changes) or kept else Verdict.SAME


def _find(ledger: Ledger, row: ChildRow) -> Child | None:
    if row.mark in ledger.files:
        return ledger.files[row.mark]
    code = row.facts.get("case_code")
    if code:
        return next((child for child in ledger.files.values() if child.case_code == code), None)
    if not row.identity.id_number:
        raise InvalidError("Enter the case code; it may be left empty only beside an ID number.", field="case_code")
    township = ledger.actor.township_id or ""
    return identities.find(ledger.session, ledger.keyring, township, row.identity.id_number)


def _open(ledger: Ledger, row: ChildRow) -> Child:
    facts = {"case_code": queries.suggested_code(ledger.session), **row.facts}
    for name, value in (("categories", row.categories), ("level", row.level), ("since", row.since)):
        if not value:
            raise InvalidError("A new file needs this.", field=name)
    if row.level is None or row.since is None:
        raise AssertionError("told above")
    return children.create(
        ledger.session,
        ledger.actor,
        ChildFacts(**{"village_id": "", "birth_year": 0, "pseudonym": "", **facts}),
        categories=row.categories,
        level=row.level,
        since=row.since,
    )


def _edit(ledger: Ledger, child: Child, row: ChildRow) -> bool:
    held = children.facts_of(child)
    wanted = replace(held, **row.facts)
    if wanted == held:
        return False
    children.edit(ledger.session, ledger.actor, child, wanted)
    return True


def _categories(ledger: Ledger, child: Child, row: ChildRow) -> bool:
    missing = row.categories - {period.category for period in due.categories_on(child, ledger.today)}
    for category in sorted(missing):
        try:
            children.add_category(ledger.session, ledger.actor, child, category, _since(row))
        except ConflictError as error:
            raise ConflictError(error.message, field="categories") from None
        except InvalidError as error:
            raise InvalidError(error.message, field="since") from None
    return bool(missing)


def _level(ledger: Ledger, child: Child, row: ChildRow) -> bool:
    held = due.risk_on(child, ledger.today)
    if row.level is None or (held is not None and held.level is row.level):
        return False
    since = _since(row)
    if held is not None and since < held.from_day:
        raise InvalidError("A later assessment stands. Correct it on the child's page.", field="since")
    try:
        children.assess(ledger.session, ledger.actor, child, row.level, since)
    except InvalidError as error:
        raise InvalidError(error.message, field="since") from None
    return True


def _since(row: ChildRow) -> date:
    if row.since is None:
        raise InvalidError("Enter since when this holds.", field="since")
    return row.since
