"""Half-days: how people say when they are free, as free times of a week and as dated exceptions to it.

A part of the day reaches further than the hours that stand for it, so that finer hours entered earlier (07:30 to
11:00) belong to a part too, and are kept while the part stays ticked.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tenants.enums import DayPart, ExceptionKind
from tenants.services.availability import DAY, FreeTime
from tenants.spans import merged

Minutes = tuple[int, int]
REACH: dict[DayPart, Minutes] = {
    DayPart.MORNING: (0, 12 * 60),
    DayPart.AFTERNOON: (12 * 60, 18 * 60),
    DayPart.EVENING: (18 * 60, DAY),
}
"""The minutes of the day that belong to a part; together the whole day."""
HOURS: dict[DayPart, Minutes] = {
    DayPart.MORNING: (8 * 60, 12 * 60),
    DayPart.AFTERNOON: (12 * 60, 18 * 60),
    DayPart.EVENING: (18 * 60, 21 * 60),
}
"""The hours for which somebody is free who ticks a part."""
Half = tuple[date, DayPart]
WeekHalf = tuple[int, DayPart]


@dataclass(frozen=True, kw_only=True, order=True)
class DatedTime:
    """Days that differ from the week, as an availability exception holds them."""

    from_day: date
    to_day: date
    from_minute: int
    to_minute: int
    kind: ExceptionKind


def key_of(half: Half) -> str:
    """A dated half-day as text: ``2026-11-30/morning``."""
    return f"{half[0].isoformat()}/{half[1].value}"


def half_of(key: str) -> Half:
    """The half-day that a text names; raises ValueError."""
    day, _slash, part = key.partition("/")
    return date.fromisoformat(day), DayPart(part)


def days_of(first: date, last: date) -> list[date]:
    """Every day of a period, its last one included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def ticked(week: Iterable[FreeTime]) -> set[WeekHalf]:
    """The half-days of the week in which somebody is free, if only for a part of them."""
    return {(free.weekday, part) for free in week for part in DayPart if _cut(free, REACH[part])}


def week_of(held: Sequence[FreeTime], wanted: Collection[WeekHalf]) -> list[FreeTime]:
    """The week in which exactly these half-days are free: hours that were entered stay, new half-days get theirs."""
    week = []
    for weekday in range(7):
        mine = [free for free in held if free.weekday == weekday]
        spans: list[Minutes] = []
        for part in (part for part in DayPart if (weekday, part) in wanted):
            spans += [cut for free in mine if (cut := _cut(free, REACH[part]))] or [HOURS[part]]
        week += [FreeTime(weekday=weekday, from_minute=a, to_minute=b) for a, b in merged(spans)]
    return week


def exceptions_of(days: Sequence[date], free: Collection[Half]) -> list[DatedTime]:
    """Days that answer by half-days, as exceptions: free for a part's hours, away for the parts not ticked."""
    rows = sorted(row for day in days for row in _of_day(day, {part for part in DayPart if (day, part) in free}))
    runs: dict[tuple[Minutes, ExceptionKind], list[DatedTime]] = {}
    for row in rows:
        same = runs.setdefault(((row.from_minute, row.to_minute), row.kind), [])
        goes_on = bool(same) and same[-1].to_day + timedelta(days=1) == row.from_day
        same.append(replace(same.pop(), to_day=row.to_day) if goes_on else row)
    return sorted(row for same in runs.values() for row in same)


def _of_day(day: date, free: set[DayPart]) -> Iterator[DatedTime]:
    parts = ((ExceptionKind.EXTRA, [HOURS[part] for part in DayPart if part in free]),
             (ExceptionKind.AWAY, [REACH[part] for part in DayPart if part not in free]))  # fmt: skip
    for kind, spans in parts:
        for a, b in merged(spans):
            yield DatedTime(from_day=day, to_day=day, from_minute=a, to_minute=b, kind=kind)


def _cut(free: FreeTime, reach: Minutes) -> Minutes | None:
    a, b = max(free.from_minute, reach[0]), min(free.to_minute, reach[1])
    return (a, b) if a < b else None
