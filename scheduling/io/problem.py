"""The JSON form of a problem (``"format": "weibao-roster-problem/1"``)."""

from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from scheduling import limits
from scheduling.check import Draft, draft_faults
from scheduling.errors import Faults, ProblemError
from scheduling.io.fields import Fields, text_or_none
from scheduling.io.roster import assignment_to_json, read_assignment, read_seat, seats_to_json
from scheduling.io.text import decode
from scheduling.pins import pin_faults
from scheduling.problem import (
    After,
    Horizon,
    Person,
    PersonKind,
    Pin,
    Place,
    Priority,
    Problem,
    Role,
    Service,
    Span,
    Task,
    TaskKind,
    Weights,
)

FORMAT = "weibao-roster-problem/1"
_COUNTS = {"places": limits.MAX_PLACES, "people": limits.MAX_PEOPLE, "tasks": limits.MAX_TASKS}


def read_problem(source: str | bytes | Path) -> Problem:
    """The problem in a JSON text, or in the file at a Path.

    Raises: ProblemError listing every fault with its path into the JSON.
    """
    return problem_from_json(decode(source, ProblemError))


def problem_from_json(data: object) -> Problem:
    """The problem in decoded JSON; keys that FORMAT does not know are ignored.

    Windows are sorted; published rows may name tasks and people that are gone.
    Raises: ProblemError listing every fault with its path into the JSON.
    """
    faults = Faults()
    _refuse_too_large(data, faults)
    top = Fields(data, "", faults)
    top.need_format(FORMAT)
    draft = _read_draft(top)
    faults.extend(draft_faults(draft))
    problem = draft.sound_part()
    if problem is not None:
        faults.extend(pin_faults(problem, draft.sound_pins, whole=not faults))
    if faults or problem is None:
        raise ProblemError(faults.found)
    return replace(problem, pins=tuple(pin for _, pin in draft.sound_pins))


def problem_to_json(problem: Problem) -> dict[str, object]:
    """The JSON form; reading it again gives an equal problem. Sets are written sorted."""
    return {
        "format": FORMAT,
        "id": problem.id,
        "horizon": asdict(problem.horizon),
        "places": [asdict(place) for place in problem.places],
        "travel_minutes": [list(row) for row in problem.travel_minutes],
        "people": [_person_to_json(person) for person in problem.people],
        "tasks": [_task_to_json(task) for task in problem.tasks],
        "pins": [{"task": p.task, "start": p.start, "people": seats_to_json(p.people)} for p in problem.pins],
        "published": [assignment_to_json(row) for row in problem.published],
        "weights": asdict(problem.weights),
    }


def _refuse_too_large(data: object, faults: Faults) -> None:
    """A problem beyond the stated limits is refused before its parts are looked at."""
    for key, most in _COUNTS.items():
        items = data.get(key) if isinstance(data, dict) else None
        if isinstance(items, list):
            faults.need(len(items) <= most, key, f"must have at most {most} entries, has {len(items)}")
    faults.raise_problem()


def _read_draft(top: Fields) -> Draft:
    return Draft(
        id=top.text("id"),
        horizon=top.one("horizon", _read_horizon),
        places=top.each("places", _read_place, limits.MAX_PLACES),
        people=top.each("people", _read_person, limits.MAX_PEOPLE),
        tasks=top.each("tasks", _read_task, limits.MAX_TASKS),
        travel_minutes=_read_matrix(top),
        pins=top.each("pins", _read_pin),
        published=top.each("published", read_assignment),
        weights=top.one("weights", _read_weights),
        place_ids=_ids(top, "places"),
        person_ids=_ids(top, "people"),
        task_ids=_ids(top, "tasks"),
    )


def _ids(top: Fields, key: str) -> tuple[str | None, ...]:
    """The ids in a list, also of entries that are faulty otherwise, so that these cause no second fault."""
    return tuple(text_or_none(item.get("id")) for item in top.objects(key))


def _read_horizon(f: Fields) -> Horizon | None:
    start, days, timezone = f.text("start"), f.integer("days"), f.text("timezone")
    return f.build(lambda: Horizon(start=start, days=days, timezone=timezone))


def _read_place(f: Fields) -> Place | None:
    name, title, lat, lon = f.text("id"), f.text("name"), f.number("lat"), f.number("lon")
    return f.build(lambda: Place(id=name, name=title, lat=lat, lon=lon))


def _read_matrix(top: Fields) -> tuple[tuple[int, ...], ...] | None:
    """The rows of travel_minutes; None if any entry is no integer."""
    rows = top.items("travel_minutes", limits.MAX_PLACES)
    faulty = [i for i, row in enumerate(rows) if not (isinstance(row, list) and {type(m) for m in row} <= {int})]
    for i in faulty:
        top.faults.add(f"travel_minutes[{i}]", "must be a list of integers")
    return None if faulty else tuple(tuple(row) for row in rows if isinstance(row, list))


def _read_person(f: Fields) -> Person | None:
    values: dict[str, Any] = {
        "id": f.text("id"),
        "name": f.text("name"),
        "kind": f.one_of("kind", PersonKind),
        "gender": f.text_or_null("gender"),
        "base": f.text("base"),
        "skills": frozenset(f.words("skills")),
        "vetted_through": f.integer_or_null("vetted_through"),
        "availability": f.spans("availability"),
        "max_minutes_per_day": f.integer_or_null("max_minutes_per_day"),
        "max_minutes_per_week": f.integer_or_null("max_minutes_per_week"),
        "max_tasks_per_day": f.integer_or_null("max_tasks_per_day"),
        "recent_tasks": f.integer("recent_tasks"),
        "dedicated": f.flag("dedicated"),
        "barred_tasks": frozenset(f.words("barred_tasks")),
        "wants": frozenset(f.words("wants")),
        "avoids": frozenset(f.words("avoids")),
    }
    return f.build(lambda: Person(**values))


def _read_role(f: Fields) -> Role | None:
    name, least, most = f.text("id"), f.integer("min"), f.integer("max")
    kinds, skills = f.kinds("kinds", PersonKind), frozenset(f.words("skills"))
    return f.build(lambda: Role(id=name, min=least, max=most, kinds=kinds, skills=skills))


def _read_after(f: Fields) -> After | None:
    task, least, most = f.text("task"), f.integer("min_gap"), f.integer_or_null("max_gap")
    return f.build(lambda: After(task=task, min_gap=least, max_gap=most))


def _read_task(f: Fields) -> Task | None:
    values: dict[str, Any] = {
        "id": f.text("id"),
        "name": f.text("name"),
        "kind": f.one_of("kind", TaskKind),
        "service": f.one_of("service", Service),
        "place": f.text("place"),
        "minutes": f.integer("minutes"),
        "windows": f.spans("windows"),
        "priority": f.one_of("priority", Priority),
        "with_children": f.flag("with_children"),
        "roles": tuple(f.each("roles", _read_role, limits.MAX_ROLES)),
        "needs_gender": f.text_or_null("needs_gender"),
        "known_by": frozenset(f.words("known_by")),
        "due": f.integer_or_null("due"),
        "after": f.one_or_null("after", _read_after),
    }
    task = f.build(lambda: Task(**values))
    return task and replace(task, windows=tuple(sorted(task.windows)))


def _read_pin(f: Fields) -> Pin | None:
    task, start = f.text("task"), f.integer_or_null("start")
    people = f.each("people", read_seat)
    return f.build(lambda: Pin(task=task, start=start, people=tuple(seat for seat in people if seat)))


def _read_weights(f: Fields) -> Weights | None:
    values: dict[str, Any] = {term.name: f.integer(term.name) for term in fields(Weights)}
    return f.build(lambda: Weights(**values))


def _person_to_json(person: Person) -> dict[str, object]:
    return {
        "id": person.id,
        "name": person.name,
        "gender": person.gender,
        "kind": person.kind.value,
        "base": person.base,
        "skills": sorted(person.skills),
        "vetted_through": person.vetted_through,
        "availability": _spans_to_json(person.availability),
        "max_minutes_per_day": person.max_minutes_per_day,
        "max_minutes_per_week": person.max_minutes_per_week,
        "max_tasks_per_day": person.max_tasks_per_day,
        "recent_tasks": person.recent_tasks,
        "dedicated": person.dedicated,
        "barred_tasks": sorted(person.barred_tasks),
        "wants": sorted(person.wants),
        "avoids": sorted(person.avoids),
    }


def _task_to_json(task: Task) -> dict[str, object]:
    return {
        "id": task.id,
        "name": task.name,
        "kind": task.kind.value,
        "service": task.service.value,
        "place": task.place,
        "minutes": task.minutes,
        "windows": _spans_to_json(task.windows),
        "priority": task.priority.value,
        "with_children": task.with_children,
        "roles": [_role_to_json(role) for role in task.roles],
        "needs_gender": task.needs_gender,
        "known_by": sorted(task.known_by),
        "due": task.due,
        "after": asdict(task.after) if task.after else None,
    }


def _role_to_json(role: Role) -> dict[str, object]:
    kinds = sorted(kind.value for kind in role.kinds)
    return {"id": role.id, "min": role.min, "max": role.max, "kinds": kinds, "skills": sorted(role.skills)}


def _spans_to_json(spans: tuple[Span, ...]) -> list[list[int]]:
    return [list(span) for span in spans]
