"""A draft as it stands: its rows beside the problem that they answer, and what they break and cost today."""

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from scheduling.audit import Parts, Violation, hard_violations, score_of
from scheduling.problem import Assignment, Problem, Task, Weights
from scheduling.roster import Score, Unserved
from tenants.models import Roster
from weibao.planning.clock import Clock, clock_of
from weibao.planning.months import Months, months_of
from weibao.planning.plan import assignments_of, free_rows, open_tasks
from weibao.planning.problem import build_problem


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A draft, its problem as of now, and its rows in the scheduler's form (those that the problem knows)."""

    roster: Roster
    clock: Clock
    problem: Problem
    rows: tuple[Assignment, ...]
    months: Months

    @cached_property
    def row_of(self) -> dict[str, Assignment]:
        """The rows by task."""
        return {row.task: row for row in self.rows}

    @cached_property
    def published_of(self) -> dict[str, Assignment]:
        """What people hold of the problem's tasks."""
        return {row.task: row for row in self.problem.published}

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """Hard rules that the draft breaks today: changes that were kept all the same, and facts that have changed."""
        return hard_violations(self.problem, self.rows)

    @cached_property
    def cost(self) -> tuple[Score, Parts]:
        """The score today, and the parts of its soft half."""
        return score_of(self.problem, self.rows)

    @cached_property
    def open_tasks(self) -> tuple[Task, ...]:
        """Tasks that the draft does not serve, weightiest first, then by the day on which they are due."""
        left = (task for task in self.problem.tasks if task.id not in self.row_of)
        return tuple(sorted(left, key=lambda t: (-t.priority.weight, t.windows[0][0] if t.due is None else t.due)))

    @cached_property
    def _closed(self) -> Problem:
        """The problem without those who take no more duties in a month, for what could still be served."""
        return self.months.closed(self.problem, self.rows)

    @cached_property
    def reasons(self) -> dict[str, Unserved]:
        """Why each open task is open, by task; one that could be served as things are has no reason."""
        return {left.task: left for left in open_tasks(self._closed, self.rows)}

    @cached_property
    def free_rows(self) -> dict[str, Assignment]:
        """Open tasks that could be served as things are, each with one way to do it."""
        return free_rows(self._closed, self.rows)

    @property
    def is_planned(self) -> bool:
        """Whether a plan was made, however little it could serve."""
        return self.roster.score_medium is not None


def open_draft(session: Session, roster: Roster) -> Draft:
    """A draft as it stands, under the weights of its last plan."""
    problem, clock = build_problem(session, roster, weights=weights_of(roster)), clock_of(session, roster)
    months = months_of(session, clock, [task.id for task in problem.tasks])
    rows = assignments_of(roster, problem, clock)
    return Draft(roster=roster, clock=clock, problem=problem, rows=rows, months=months)


def weights_of(roster: Roster) -> Weights:
    """The soft costs of a draft's last plan; the scheduler's own before the first one."""
    return Weights(**roster.runs[-1].weights) if roster.runs else Weights()
