"""What a roster costs: term by term, person by person, task by task."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scheduling.audit import score_of
from scheduling.audit.people import jobs_of, legs_of
from scheduling.audit.rows import served_rows
from scheduling.problem import DAY, Assignment, PersonKind, Problem, Task, TaskKind
from scheduling.roster import Score


class Term(StrEnum):
    """The soft terms of FORMAT."""

    TRAVEL = "travel"
    LATE = "late"
    STRANGER = "stranger"
    FAIRNESS = "fairness"
    WANT = "want"
    AVOID = "avoid"
    OPEN_SLOT = "open_slot"
    CHANGE = "change"
    MOVE = "move"


@dataclass(frozen=True, kw_only=True)
class CostLine:
    """One piece of the soft cost, as far as a task or a person can be named for it.

    ``count`` is in the unit of the term (minutes, days, times), ``cost`` is ``count`` times the term's weight. Travel
    to a task is the task's, the way back to base is the last task's of the trip.
    """

    term: Term
    count: int
    cost: int
    task: str | None = None
    person: str | None = None


@dataclass(frozen=True, kw_only=True)
class CostBreakdown:
    """A roster's score in lines that add up to its soft half."""

    score: Score
    lines: tuple[CostLine, ...]

    def by_term(self) -> dict[str, int]:
        """Cost of each term."""
        costs = self._by(lambda line: line.term.value)
        return {term.value: costs.get(term.value, 0) for term in Term}

    def by_person(self) -> dict[str, dict[str, int]]:
        """Cost of each term for each person who has a part in it."""
        return self._nested(lambda line: line.person)

    def by_task(self) -> dict[str, dict[str, int]]:
        """Cost of each term for each task that has a part in it; fairness is no single task's."""
        return self._nested(lambda line: line.task)

    def to_json(self) -> dict[str, object]:
        """The score, and the costs by term, person and task."""
        score = {"medium": self.score.medium, "soft": self.score.soft}
        return {"score": score, "terms": self.by_term(), "people": self.by_person(), "tasks": self.by_task()}

    def _by(self, key: Callable[[CostLine], str | None]) -> dict[str | None, int]:
        costs: Counter[str | None] = Counter()
        for line in self.lines:
            costs[key(line)] += line.cost
        return dict(costs)

    def _nested(self, key: Callable[[CostLine], str | None]) -> dict[str, dict[str, int]]:
        costs: dict[str, Counter[str]] = {}
        for line in self.lines:
            name = key(line)
            if name is not None and line.cost:
                costs.setdefault(name, Counter())[line.term.value] += line.cost
        return {name: dict(terms) for name, terms in sorted(costs.items())}


def cost_breakdown(problem: Problem, assignments: Sequence[Assignment]) -> CostBreakdown:
    """The soft cost in lines that add up to it exactly; the score is the audit's."""
    rows = served_rows(problem, tuple(assignments))
    lines = [
        *_travel_lines(problem, tuple(assignments)),
        *_task_lines(problem, rows),
        *_person_lines(problem, rows),
        *_published_lines(problem, rows),
    ]
    return CostBreakdown(score=score_of(problem, tuple(assignments))[0], lines=tuple(lines))


def _line(problem: Problem, term: Term, count: int, task: str | None = None, person: str | None = None) -> CostLine:
    weight: int = getattr(problem.weights, term.value)
    return CostLine(term=term, count=count, cost=count * weight, task=task, person=person)


def _travel_lines(problem: Problem, assignments: tuple[Assignment, ...]) -> Iterator[CostLine]:
    for name, jobs in jobs_of(problem, assignments).items():
        for leg in legs_of(problem, problem.person_of[name], jobs):
            if leg.minutes:
                yield _line(problem, Term.TRAVEL, leg.minutes, leg.task or leg.before, name)


def _task_lines(problem: Problem, rows: dict[str, Assignment]) -> Iterator[CostLine]:
    for row in rows.values():
        task = problem.task_of[row.task]
        late = 0 if task.due is None else row.start // DAY - task.due
        if late > 0:
            yield _line(problem, Term.LATE, late, task.id)
        if _needs_somebody_known(task) and task.known_by.isdisjoint(seat.person for seat in row.people):
            yield _line(problem, Term.STRANGER, 1, task.id)
        free = sum(role.max for role in task.roles) - len(row.people)
        if free:
            yield _line(problem, Term.OPEN_SLOT, free, task.id)


def _needs_somebody_known(task: Task) -> bool:
    return task.kind is TaskKind.VISIT and bool(task.known_by)


def _person_lines(problem: Problem, rows: dict[str, Assignment]) -> Iterator[CostLine]:
    given: dict[str, set[str]] = {}
    for row in rows.values():
        for seat in row.people:
            given.setdefault(seat.person, set()).add(row.task)
    for person in problem.people:
        mine = given.get(person.id, set())
        recent = person.recent_tasks
        if person.kind is PersonKind.VOLUNTEER and mine:
            yield _line(problem, Term.FAIRNESS, (recent + len(mine)) ** 2 - recent**2, None, person.id)
        for task in sorted(mine & person.wants):
            yield _line(problem, Term.WANT, -1, task, person.id)
        for task in sorted(mine & person.avoids):
            yield _line(problem, Term.AVOID, 1, task, person.id)


def _published_lines(problem: Problem, rows: dict[str, Assignment]) -> Iterator[CostLine]:
    for old in problem.published:
        row = rows.get(old.task)
        team = {seat.person for seat in row.people} if row else set()
        for seat in old.people:
            if seat.person not in team:
                yield _line(problem, Term.CHANGE, 1, old.task, seat.person)
        if row is not None and row.start != old.start:
            yield _line(problem, Term.MOVE, 1, old.task)
