"""Small problems in few words: one village unless said otherwise, everybody able and available all day."""

from typing import Any

from scheduling.problem import (
    DAY,
    Assignment,
    Horizon,
    Person,
    PersonKind,
    Place,
    Priority,
    Problem,
    Role,
    Seat,
    Service,
    Task,
    TaskKind,
)

VOLUNTEER, WORKER = PersonKind.VOLUNTEER, PersonKind.SOCIAL_WORKER


def person(id: str, **facts: Any) -> Person:
    """A vetted volunteer, available 8:00 to 18:00 on each of seven days, living in the village."""
    days = tuple((d * DAY + 480, d * DAY + 1080) for d in range(7))
    given: dict[str, Any] = {
        "kind": VOLUNTEER,
        "gender": None,
        "base": "home",
        "vetted_through": 6,
        "availability": days,
    }
    return Person(id=id, name=id, **(given | facts))


def role(id: str = "lead", min: int = 1, max: int = 1, **facts: Any) -> Role:
    """A role for volunteers and social workers."""
    return Role(id=id, min=min, max=max, **({"kinds": frozenset({VOLUNTEER, WORKER})} | facts))


def task(id: str, **facts: Any) -> Task:
    """An hour's visit in the village on day 0, 9:00 to 12:00, for one person."""
    given: dict[str, Any] = {
        "kind": TaskKind.VISIT,
        "service": Service.CHILD_PROTECTION,
        "place": "home",
        "minutes": 60,
        "windows": ((540, 720),),
        "priority": Priority.NORMAL,
        "with_children": True,
        "roles": (role(),),
    }
    return Task(id=id, name=id, **(given | facts))


def problem(people: list[Person], tasks: list[Task], **facts: Any) -> Problem:
    """Seven days, the village ``home`` and a village ``far`` 30 minutes away."""
    given: dict[str, Any] = {
        "id": "test",
        "horizon": Horizon(start="2026-12-05", days=7),
        "places": (
            Place(id="home", name="home", lat=35.5, lon=112.4),
            Place(id="far", name="far", lat=35.6, lon=112.4),
        ),
        "travel_minutes": ((0, 30), (30, 0)),
    }
    return Problem(people=tuple(people), tasks=tuple(tasks), **(given | facts))


def served(task: str, start: int, *seats: tuple[str, str] | str) -> Assignment:
    """An assignment; a seat given as a bare person is a lead."""
    pairs = [(seat, "lead") if isinstance(seat, str) else seat for seat in seats]
    return Assignment(task=task, start=start, people=tuple(Seat(person=p, role=r) for p, r in pairs))


def many_visits() -> Problem:
    """Sixty short visits at two places for twelve people: a search has something to better."""
    people = [person(f"p{n}") for n in range(12)]
    return problem(people, [task(f"t{n}", windows=((540, 1020),), place=("home", "far")[n % 2]) for n in range(60)])
