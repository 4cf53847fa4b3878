"""The file of availability: one sheet of weeks, one of dated exceptions."""

from collections.abc import Sequence
from datetime import date, time

from flask_babel import lazy_gettext as _l

from tenants.enums import ExceptionKind, SheetKind
from tenants.models import Person
from tenants.services.availability import DAY, FreeTime
from tenants.services.imports.availability import AvailabilityRow, ExceptionRow, FreeRow, Named
from weibao.sheets import cells
from weibao.sheets.layout import MARK, Column, Exported, Intake, Layout, Leaf, Line, chosen
from weibao.sheets.people import NOTES

_DAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


def layout(people: Sequence[Person]) -> Layout:
    """Its columns; people are the township's active ones."""
    names = tuple(dict.fromkeys(person.name for person in people))
    weekdays = {word: number for number, word in enumerate(_DAYS)}
    who = (
        Column(name="name", word=_l("Name"), read=cells.text(60), required=True, example="王小梅", offers=names),
        Column(name="phone", word=_l("Phone"), read=cells.text(30), example="13800000000", width=16,
               hint=_l("Only where two people have the same name.")),
    )  # fmt: skip
    week = (
        *who,
        Column(name="weekday", word=_l("Weekday"), required=True, example=_DAYS[5], **chosen(weekdays)),
        Column(name="from_time", word=_l("From"), read=cells.clock, required=True, example=time(9)),
        Column(name="to_time", word=_l("Until"), read=cells.clock, required=True, example=time(17)),
    )
    exceptions = (
        *who,
        Column(name="kind", word=_l("Kind"), required=True, example=_away(), **chosen(cells.words_of(ExceptionKind))),
        Column(name="from_day", word=_l("First day"), read=cells.day, required=True, example=date(2026, 1, 1)),
        Column(name="to_day", word=_l("Last day"), read=cells.day, hint=_l("Empty: that one day.")),
        Column(name="from_time", word=_l("From"), read=cells.clock, hint=_l("Empty: the whole day.")),
        Column(name="to_time", word=_l("Until"), read=cells.clock),
        Column(name="note", word=_l("Note"), read=cells.text(120), width=30),
    )
    leaves = (Leaf(title=_l("Every week"), columns=week), Leaf(title=_l("Dated exceptions"), columns=exceptions))
    notes = (*NOTES, _l("The rows of a person are that person's whole week; people without a row keep theirs."))
    return Layout(kind=SheetKind.AVAILABILITY, word=_l("Availability"), leaves=leaves, notes=notes)


def _away() -> str:
    return cells.label_of(ExceptionKind.AWAY)


def rows_of(intake: Intake) -> list[tuple[Line, AvailabilityRow]]:
    """Lines with what they mean for the service."""
    weeks, exceptions = intake.lines
    return [*((line, _free(line)) for line in weeks), *((line, _exception(line)) for line in exceptions)]


def _who(line: Line) -> Named:
    return Named(mark=line.mark, name=line.facts["name"], phone=line.facts.get("phone"))


def _free(line: Line) -> FreeRow:
    facts = line.facts
    free = FreeTime(
        weekday=facts["weekday"], from_minute=_minutes(facts["from_time"]), to_minute=_minutes(facts["to_time"]) or DAY
    )  # fmt: skip
    return FreeRow(who=_who(line), free=free)


def _exception(line: Line) -> ExceptionRow:
    facts = line.facts
    start, end = facts.get("from_time"), facts.get("to_time")
    return ExceptionRow(
        who=_who(line),
        kind=facts["kind"],
        from_day=facts["from_day"],
        to_day=facts.get("to_day") or facts["from_day"],
        from_minute=_minutes(start) if start else 0,
        to_minute=(_minutes(end) or DAY) if end else DAY,
        note=facts.get("note", ""),
    )


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def export(people: Sequence[Person]) -> Exported:
    """Everybody's week and exceptions; the mark is the person's."""
    weeks = [
        {
            **_named(person),
            "weekday": _DAYS[row.weekday],
            "from_time": _clock(row.from_minute),
            "to_time": _clock(row.to_minute),
        }
        for person in people
        for row in person.weekly
    ]
    exceptions = [
        {
            **_named(person),
            "kind": cells.label_of(row.kind),
            "from_day": row.from_day,
            "to_day": row.to_day,
            "from_time": _clock(row.from_minute) if (row.from_minute, row.to_minute) != (0, DAY) else None,
            "to_time": _clock(row.to_minute) if (row.from_minute, row.to_minute) != (0, DAY) else None,
            "note": row.note,
        }
        for person in people
        for row in person.exceptions
    ]
    return [weeks, exceptions]


def _named(person: Person) -> dict[str, str | None]:
    return {MARK: person.id, "name": person.name, "phone": person.phone}
