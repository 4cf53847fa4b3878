"""Writes to the county's holidays and school terms: seed them, decide a new version."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.calendar import KINDS, Span, SpanKind, Subject, Table, example_terms, library_table, school_year
from tenants.errors import ConflictError, ForbiddenError, InvalidError
from tenants.models import CalendarSpan, CalendarTable, new_id
from tenants.queries.calendar import versions
from tenants.queries.due import county_today
from tenants.services import audit_log
from tenants.services.versions import still_to_come

YEARS = range(2015, 2100)
LONGEST = {SpanKind.HOLIDAY: 16, SpanKind.MAKE_UP: 2, SpanKind.TERM: 200, SpanKind.WINTER: 70, SpanKind.SUMMER: 90}
WEEKEND = 5


@dataclass(frozen=True, kw_only=True)
class TableFacts:
    """A new version: in force for days from ``since`` on; ``source`` says who decided it, and when."""

    since: date
    provisional: bool
    source: str
    spans: Sequence[Span]


def seed(session: Session, actor: Actor, today: date, ids: Callable[[], str] = new_id) -> None:
    """First tables of a new county: two years' holidays by the library, and two school years as an example."""
    first = school_year(today)
    holidays = [library_table(year) for year in (today.year, today.year + 1)]
    for table in (*holidays, *(example_terms(year) for year in (first, first + 1))):
        _keep(session, actor, table, ids).decided_at = datetime.combine(today, time(), tzinfo=UTC)


def proposed(session: Session, actor: Actor, subject: Subject, year: int, facts: TableFacts) -> Table:
    """The version that ``decide`` would keep, to see what it does.

    Raises:
        ForbiddenError: the actor is no county officer.
        InvalidError: a fact breaks a rule, or a later version would rewrite days that are past; ``field`` is its
            place, ``spans-N-…`` for the row of that number.

    """
    _need_county(actor)
    _check(subject, year, facts)
    held = versions(session, actor.county_id, subject, year)
    if held and facts.since < county_today(session, actor.county_id):
        raise InvalidError("must not lie in the past", field="since")
    return Table(
        subject=subject,
        year=year,
        spans=tuple(sorted(facts.spans)),
        provisional=facts.provisional,
        source=facts.source.strip(),
        since=facts.since,
        number=held[0].number + 1 if held else 1,
    )


def decide(session: Session, actor: Actor, subject: Subject, year: int, facts: TableFacts) -> CalendarTable:
    """Keep a new version of a table; those before it stay, for the days before it.

    Raises:
        ForbiddenError: the actor is no county officer.
        InvalidError: a fact breaks a rule.

    """
    table = proposed(session, actor, subject, year, facts)
    row = _keep(session, actor, table, new_id)
    details = {"subject": subject.value, "year": year, "number": table.number, "since": table.since.isoformat()}
    audit_log.record(session, actor, "calendar.decide", "calendar_table", row.id, details=details)
    return row


def take_back(session: Session, actor: Actor, table_id: str) -> CalendarTable:
    """Drop a version that is not in force yet; the one before it goes on.

    Raises:
        ForbiddenError: the actor is no county officer.
        NotFoundError: the county has no such version.
        ConflictError: it is in force already, or there is none before it.

    """
    _need_county(actor)
    row = still_to_come(session, actor, CalendarTable, table_id, lambda row: row.since)
    if row.number == 1:
        raise ConflictError("The first version of a year has none before it. Decide a new one.")
    details = {"subject": row.subject.value, "year": row.year, "number": row.number, "since": row.since.isoformat()}
    session.delete(row)
    session.flush()
    audit_log.record(session, actor, "calendar.take_back", "calendar_table", table_id, details=details)
    return row


def _need_county(actor: Actor) -> None:
    if actor.township_id is not None:
        raise ForbiddenError("The county decides holidays and terms.")


def _keep(session: Session, actor: Actor, table: Table, ids: Callable[[], str]) -> CalendarTable:
    row = CalendarTable(
        county_id=actor.county_id,
        id=ids(),
        subject=table.subject,
        year=table.year,
        number=max(1, table.number),
        since=table.since,
        provisional=table.provisional,
        source=table.source,
        decided_by=actor.account_id,
    )
    row.spans = [
        CalendarSpan(
            county_id=actor.county_id, id=ids(), kind=s.kind, first=s.first, last=s.last, name=s.name, name_en=s.name_en
        )
        for s in table.spans
    ]
    session.add(row)
    session.flush()
    return row


def _check(subject: Subject, year: int, facts: TableFacts) -> None:
    if year not in YEARS:
        raise InvalidError("The year is 2015 to 2099.")
    if not facts.source.strip():
        raise InvalidError("Name the notice or decision that sets these days.", field="source")
    if not facts.spans:
        raise InvalidError("The table needs at least one row.", field="spans")
    first, last = _bounds(subject, year)
    for place, span in enumerate(facts.spans):
        _check_span(span, subject, f"spans-{place}")
        if span.first < first or span.last > last:
            raise InvalidError("These days lie outside the year of the table.", field=f"spans-{place}-first")
    for place, span in enumerate(facts.spans):
        for other in facts.spans[:place]:
            if span.first <= other.last and other.first <= span.last:
                raise InvalidError("Two rows share a day.", field=f"spans-{place}-first")


def _bounds(subject: Subject, year: int) -> tuple[date, date]:
    """A school year begins in August at the earliest and ends in the middle of September at the latest."""
    if subject is Subject.HOLIDAYS:
        return date(year, 1, 1), date(year, 12, 31)
    return date(year, 8, 1), date(year + 1, 9, 15)


def _check_span(span: Span, subject: Subject, field: str) -> None:
    if span.kind not in KINDS[subject]:
        raise InvalidError("This kind of days stands in the other table.", field=f"{field}-kind")
    if span.last < span.first:
        raise InvalidError("The last day comes before the first.", field=f"{field}-last")
    if span.days > LONGEST[span.kind]:
        raise InvalidError("This is longer than such days ever are; look at the last day.", field=f"{field}-last")
    if span.kind is SpanKind.MAKE_UP and any(day.weekday() < WEEKEND for day in span):
        raise InvalidError("A make-up working day falls on a Saturday or a Sunday.", field=f"{field}-first")
    if not span.name.strip():
        raise InvalidError("The days need a name.", field=f"{field}-name")
