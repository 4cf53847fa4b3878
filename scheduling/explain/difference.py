"""What is different between two rosters: who is new, who is dropped, whose time moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from scheduling.audit import score_of
from scheduling.problem import Assignment, Problem, Seat
from scheduling.roster import Score


class TaskNews(StrEnum):
    """What happened to a task."""

    ADDED = "added"
    DROPPED = "dropped"
    CHANGED = "changed"


@dataclass(frozen=True, kw_only=True)
class TaskDifference:
    """One task that is not as before; the starts are None where it is not served.

    ``joined`` and ``left`` are people new on the team and gone from it, ``changed_role`` those who stay in another
    role (the new one).
    """

    task: str
    news: TaskNews
    start_before: int | None
    start_after: int | None
    joined: tuple[Seat, ...]
    left: tuple[Seat, ...]
    changed_role: tuple[Seat, ...]

    @property
    def moved(self) -> bool:
        """True if the task is served at another time than before."""
        return self.news is TaskNews.CHANGED and self.start_before != self.start_after


@dataclass(frozen=True, kw_only=True)
class PersonDifference:
    """What one person must be told: tasks gained, lost, moved in time, and kept in another role."""

    person: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    moved: tuple[str, ...]
    changed_role: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Two rosters side by side; only what differs is listed."""

    tasks: tuple[TaskDifference, ...]
    people: tuple[PersonDifference, ...]
    score_before: Score
    score_after: Score
    terms: dict[str, int]

    def to_json(self) -> dict[str, object]:
        """The JSON form; ``terms`` is the change of cost of each soft term."""
        return {
            "tasks": [_task_to_json(task) for task in self.tasks],
            "people": [
                {
                    "person": person.person,
                    "gained": list(person.gained),
                    "lost": list(person.lost),
                    "moved": list(person.moved),
                    "changed_role": list(person.changed_role),
                }
                for person in self.people
            ],
            "before": {"medium": self.score_before.medium, "soft": self.score_before.soft},
            "after": {"medium": self.score_after.medium, "soft": self.score_after.soft},
            "terms": self.terms,
        }


def difference(problem: Problem, before: Sequence[Assignment], after: Sequence[Assignment]) -> Difference:
    """What is different from ``before`` to ``after``, task by task in the order of the problem, then by person."""
    old, new = {row.task: row for row in before}, {row.task: row for row in after}
    order = {task.id: i for i, task in enumerate(problem.tasks)}
    names = sorted(old.keys() | new.keys(), key=lambda name: (order.get(name, len(order)), name))
    tasks = [_task_difference(name, old.get(name), new.get(name)) for name in names]
    found = tuple(task for task in tasks if task is not None)
    score_before, parts_before = score_of(problem, tuple(before))
    score_after, parts_after = score_of(problem, tuple(after))
    costs_before, costs_after = parts_before.costs(problem.weights), parts_after.costs(problem.weights)
    return Difference(
        tasks=found,
        people=_people_differences(found, new),
        score_before=score_before,
        score_after=score_after,
        terms={term: costs_after[term] - costs_before[term] for term in costs_after},
    )


def _task_difference(name: str, old: Assignment | None, new: Assignment | None) -> TaskDifference | None:
    if old is not None and new is not None and old.start == new.start and set(old.people) == set(new.people):
        return None
    before = {seat.person: seat for seat in old.people} if old else {}
    after = {seat.person: seat for seat in new.people} if new else {}
    return TaskDifference(
        task=name,
        news=TaskNews.CHANGED if old and new else TaskNews.ADDED if new else TaskNews.DROPPED,
        start_before=old.start if old else None,
        start_after=new.start if new else None,
        joined=tuple(after[person] for person in sorted(after.keys() - before.keys())),
        left=tuple(before[person] for person in sorted(before.keys() - after.keys())),
        changed_role=tuple(after[p] for p in sorted(after.keys() & before.keys()) if after[p] != before[p]),
    )


def _people_differences(tasks: Sequence[TaskDifference], new: dict[str, Assignment]) -> tuple[PersonDifference, ...]:
    found: dict[str, dict[str, list[str]]] = {}

    def note(person: str, what: str, task: str) -> None:
        found.setdefault(person, {}).setdefault(what, []).append(task)

    for task in tasks:
        joined, left = {seat.person for seat in task.joined}, {seat.person for seat in task.left}
        for person in joined:
            note(person, "gained", task.task)
        for person in left:
            note(person, "lost", task.task)
        for seat in task.changed_role:
            note(seat.person, "changed_role", task.task)
        if task.moved:
            for seat in new[task.task].people:
                if seat.person not in joined:
                    note(seat.person, "moved", task.task)
    whats = ("gained", "lost", "moved", "changed_role")
    return tuple(
        PersonDifference(person=person, **{what: tuple(news.get(what, ())) for what in whats})
        for person, news in sorted(found.items())
    )


def _task_to_json(task: TaskDifference) -> dict[str, object]:
    def seats(rows: Sequence[Seat]) -> list[dict[str, str]]:
        return [{"person": seat.person, "role": seat.role} for seat in rows]

    return {
        "task": task.task,
        "news": task.news.value,
        "start_before": task.start_before,
        "start_after": task.start_after,
        "joined": seats(task.joined),
        "left": seats(task.left),
        "changed_role": seats(task.changed_role),
    }
