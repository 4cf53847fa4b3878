"""The JSON form of a roster (``"format": "weibao-roster/1"``)."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scheduling.errors import Faults, RosterError
from scheduling.io.fields import Fields
from scheduling.io.text import decode
from scheduling.problem import Assignment, Seat
from scheduling.roster import Reason, ReasonCode, Roster, Score, Status, Unserved

FORMAT = "weibao-roster/1"


def read_roster(source: str | bytes | Path) -> Roster:
    """The roster in a JSON text, or in the file at a Path.

    Raises: RosterError listing every fault with its path into the JSON.
    """
    return roster_from_json(decode(source, RosterError))


def roster_from_json(data: object) -> Roster:
    """The roster in decoded JSON, not yet judged against a problem (``scheduling.audit`` does that).

    Raises: RosterError listing every fault with its path into the JSON.
    """
    faults = Faults()
    top = Fields(data, "", faults)
    top.need_format(FORMAT)
    values: dict[str, Any] = {
        "problem": top.text("problem"),
        "assignments": tuple(top.each("assignments", read_assignment)),
        "unserved": tuple(top.each("unserved", _read_unserved)),
        "score": top.one("score", _read_score),
        "bound": top.one_or_null("bound", _read_score),
        "status": top.one_of("status", Status),
        "seconds": top.number("seconds"),
    }
    if faults:
        raise RosterError(faults.found)
    return Roster(**values)


def assignments_from_json(data: object) -> tuple[Assignment, ...]:
    """The rows in a decoded list, such as ``assignments`` or ``published``.

    Raises: RosterError listing every fault with its path into the JSON.
    """
    faults = Faults()
    rows = tuple(Fields({"assignments": data}, "", faults).each("assignments", read_assignment))
    if faults:
        raise RosterError(faults.found)
    return tuple(row for row in rows if row is not None)


def roster_to_json(roster: Roster) -> dict[str, object]:
    """The JSON form; reading it again gives an equal roster."""
    return {
        "format": FORMAT,
        "problem": roster.problem,
        "assignments": [assignment_to_json(row) for row in roster.assignments],
        "unserved": [_unserved_to_json(row) for row in roster.unserved],
        "score": asdict(roster.score),
        "bound": asdict(roster.bound) if roster.bound else None,
        "status": roster.status.value,
        "seconds": roster.seconds,
    }


def read_assignment(f: Fields) -> Assignment | None:
    """A row of ``assignments`` or ``published``."""
    task, start, people = f.text("task"), f.integer("start"), f.each("people", read_seat)
    return f.build(lambda: Assignment(task=task, start=start, people=tuple(seat for seat in people if seat)))


def read_seat(f: Fields) -> Seat | None:
    """A person in a role."""
    person, role = f.text("person"), f.text("role")
    return f.build(lambda: Seat(person=person, role=role))


def assignment_to_json(row: Assignment) -> dict[str, object]:
    """A row of ``assignments`` or ``published``."""
    return {"task": row.task, "start": row.start, "people": seats_to_json(row.people)}


def seats_to_json(seats: Iterable[Seat]) -> list[dict[str, str]]:
    """People in roles."""
    return [{"person": seat.person, "role": seat.role} for seat in seats]


def reason_to_json(reason: Reason) -> dict[str, object]:
    """One reason; ``role`` and ``instead`` stand only where they say something."""
    data: dict[str, object] = {"code": reason.code.value}
    if reason.role is not None:
        data["role"] = reason.role
    if reason.instead:
        data["instead"] = list(reason.instead)
    return data


def _unserved_to_json(row: Unserved) -> dict[str, object]:
    return {"task": row.task, "reasons": [reason_to_json(reason) for reason in row.reasons]}


def _read_unserved(f: Fields) -> Unserved | None:
    task, reasons = f.text("task"), f.each("reasons", _read_reason)
    return f.build(lambda: Unserved(task=task, reasons=tuple(reason for reason in reasons if reason)))


def _read_reason(f: Fields) -> Reason | None:
    code = f.one_of("code", ReasonCode)
    role = f.text_or_null("role") if f.has("role") else None
    instead = tuple(f.words("instead")) if f.has("instead") else ()
    return f.build(lambda: Reason(code=code, role=role, instead=instead))


def _read_score(f: Fields) -> Score | None:
    medium, soft = f.integer("medium"), f.integer("soft")
    return f.build(lambda: Score(medium=medium, soft=soft))
