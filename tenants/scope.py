"""The tenant guard: what one session may read and write.

A session is given its scope once and never another one, for its identity map would serve the old scope's rows. Without
a scope nothing is read or written at all. The guard covers what goes through the ORM; a Core statement or raw text is
refused in a scoped session, since no criterion can be put on it.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import event, false, or_
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria
from sqlalchemy.sql.base import ExecutableOption

from tenants.errors import ScopeError
from tenants.models import (
    Account,
    Addressed,
    AuditEntry,
    AuditHead,
    County,
    CountyOnly,
    CountyOwned,
    SharedByTwo,
    SystemOnly,
    Township,
    TownshipOwned,
)

_KEY = "weibao_scope"


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Townships that may be read and written, and the county; ``everything`` is for the program's own chores.

    ``reason`` says what the scope is for ("request", "log in", "demo"), for logs and errors.
    """

    reason: str
    county_id: str | None = None
    read: frozenset[str] = frozenset()
    write: frozenset[str] = frozenset()
    write_county: bool = False
    everything: bool = False

    @classmethod
    def of_township(cls, county_id: str, township_id: str, *, reason: str) -> "Scope":
        """One township, read and write."""
        one = frozenset({township_id})
        return cls(reason=reason, county_id=county_id, read=one, write=one)

    @classmethod
    def of_county(cls, county_id: str, township_ids: frozenset[str], *, reason: str) -> "Scope":
        """A county officer: reads every township of the county, writes only what is the county's."""
        return cls(reason=reason, county_id=county_id, read=township_ids, write_county=True)

    @classmethod
    def of_townships_and_county(cls, county_id: str, township_ids: frozenset[str], *, reason: str) -> "Scope":
        """Some townships and the county's own rows, read and write, for a deed in one transaction: of one township
        that the county is told of, of two between which somebody is lent, or of all that must hold everywhere.
        """
        return cls(reason=reason, county_id=county_id, read=township_ids, write=township_ids, write_county=True)

    @classmethod
    def of_system(cls, *, reason: str) -> "Scope":
        """No bounds: log-in look-ups, feed tokens, loading the demonstration, migrations of data."""
        return cls(reason=reason, everything=True)


def enter(session: Session, scope: Scope) -> None:
    """Give a session its scope.

    Raises:
        ScopeError: the session has another scope already, or has begun without one.

    """
    held = session.info.get(_KEY)
    if held is not None and held != scope:
        raise ScopeError(f"a session keeps its scope: it was opened for {held.reason}")
    session.info[_KEY] = scope


def scope_of(session: Session) -> Scope:
    """The session's scope.

    Raises:
        ScopeError: it has none.

    """
    scope: Scope | None = session.info.get(_KEY)
    if scope is None:
        raise ScopeError("the session has no scope")
    return scope


def _hold_reads(state: ORMExecuteState) -> None:
    scope = scope_of(state.session)
    if scope.everything:
        return
    if not state.is_orm_statement:
        raise ScopeError("only ORM statements run in a scoped session")
    if state.is_insert:
        raise ScopeError(f"rows are added one by one in a scoped session ({scope.reason})")
    state.statement = state.statement.options(*_criteria(scope, reading=state.is_select))


@lru_cache(maxsize=256)
def _criteria(scope: Scope, *, reading: bool) -> tuple[ExecutableOption, ...]:
    """What each statement of a scope is held to; made once for a scope, since making it takes as long as a query."""
    townships = sorted(scope.read if reading else scope.write)
    county = scope.county_id or ""
    county_rows = county if reading or scope.write_county else ""
    officers_rows = county if scope.write_county else ""
    criteria: list[ExecutableOption] = [
        with_loader_criteria(TownshipOwned, lambda cls: cls.township_id.in_(townships), include_aliases=True),
        with_loader_criteria(CountyOwned, lambda cls: cls.county_id == county_rows, include_aliases=True),
        with_loader_criteria(CountyOnly, lambda cls: cls.county_id == officers_rows, include_aliases=True),
        with_loader_criteria(SharedByTwo, lambda cls: cls.county_id == county, include_aliases=True),
        with_loader_criteria(SystemOnly, lambda cls: false(), include_aliases=True),
        with_loader_criteria(Township, Township.id.in_(townships), include_aliases=True),
        with_loader_criteria(County, County.id == county_rows, include_aliases=True),
        with_loader_criteria(AuditHead, AuditHead.county_id == county, include_aliases=True),
        with_loader_criteria(AuditEntry, AuditEntry.county_id == county, include_aliases=True),
    ]
    if not scope.write_county:
        criteria += [
            with_loader_criteria(Account, Account.township_id.in_(townships), include_aliases=True),
            with_loader_criteria(AuditEntry, AuditEntry.township_id.in_(townships), include_aliases=True),
            with_loader_criteria(
                SharedByTwo,
                lambda cls: or_(cls.lender_id.in_(townships), cls.borrower_id.in_(townships)),
                include_aliases=True,
            ),
            with_loader_criteria(Addressed, lambda cls: cls.township_id.in_(townships), include_aliases=True),
        ]
    return tuple(criteria)


def _may_write(scope: Scope, row: object) -> bool:
    if isinstance(row, TownshipOwned):
        return row.township_id in scope.write
    if isinstance(row, AuditEntry | AuditHead):
        return row.county_id == scope.county_id
    if isinstance(row, Account | Addressed) and row.township_id is not None:
        return row.county_id == scope.county_id and (row.township_id in scope.write or scope.write_county)
    if isinstance(row, SharedByTwo) and not scope.write.isdisjoint({row.lender_id, row.borrower_id}):
        return row.county_id == scope.county_id
    if isinstance(row, CountyOwned | SharedByTwo | Township):
        return row.county_id == scope.county_id and scope.write_county
    return isinstance(row, County) and row.id == scope.county_id and scope.write_county


def _hold_writes(session: Session, context: UOWTransaction, instances: Any) -> None:
    scope = scope_of(session)
    if scope.everything:
        return
    for row in [*session.new, *session.dirty, *session.deleted]:
        if not _may_write(scope, row):
            raise ScopeError(f"{type(row).__name__} lies outside the session's scope ({scope.reason})")


def guard(session_class: type[Session]) -> None:
    """Hold every session of a class to its scope."""
    event.listen(session_class, "do_orm_execute", _hold_reads)
    event.listen(session_class, "before_flush", _hold_writes)
