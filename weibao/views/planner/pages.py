"""What the draft's page shows; each part is worked out only where its tab asks for it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from scheduling.problem import DAY, Task
from scheduling.roster import Score
from tenants.enums import Priority, RunState
from tenants.models import Roster, SolveRun
from tenants.queries import rosters as queries
from tenants.queries.absences import freed_since
from tenants.queries.rosters import TaskFacts
from tenants.queries.seats import holdings
from tenants.services import runs
from tenants.services.edits import MADE_BY_PLAN
from tenants.services.runs import NO_PLAN
from weibao import board, charts, i18n
from weibao.db import db
from weibao.explaining.candidates import WhyOpen, why_open
from weibao.explaining.costs import bound_in_words, by_term
from weibao.explaining.limits import over_most, over_wish
from weibao.explaining.names import Names
from weibao.explaining.pins import LoosePin
from weibao.explaining.reasons import reasons_in_words
from weibao.explaining.rules import Warning, warnings_of
from weibao.forms.planner import RunForm, run_form
from weibao.grid import Board, BoardMaker
from weibao.planning import Draft, weights_of
from weibao.planning.capacity import Balance, DayBalance, Unchecked, balance_by_day, roles_of, unchecked
from weibao.planning.facts import mark_of
from weibao.say import _, listed
from weibao.views.planner.course import Course, course_of
from weibao.views.planner.history import History, history_of

EXPLAINED = 25
FIRST_EXPLAINED = 3
TABS = ("people", "villages", "day", "village", "person", "open", "needs")
BOARDS = ("people", "villages")


@dataclass(frozen=True, kw_only=True)
class OpenTask:
    """A task that is left open, and why; ``why`` is worked out for the first ones alone."""

    facts: TaskFacts
    task: Task
    title: str
    reasons: list[str]
    why: WhyOpen | None


@dataclass(kw_only=True)
class DraftPage:
    """One draft on one tab."""

    draft: Draft
    names: Names
    tab: str
    form: RunForm | None = None
    loose: list[LoosePin] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Before the first plan there is only what is needed to show."""
        if self.tab not in TABS or not self.draft.is_planned:
            self.tab = "people" if self.draft.is_planned else "needs"
        if self.form is None:
            self.form = run_form(weights_of(self.draft.roster), self.draft.roster.revision)

    @cached_property
    def active(self) -> SolveRun | None:
        """The run that is waiting or at work."""
        return runs.active_run(db.session(), self.draft.roster)

    @property
    def last(self) -> SolveRun | None:
        """The last run that has ended."""
        ended = [run for run in self.draft.roster.runs if run.finished_at is not None]
        return ended[-1] if ended else None

    @property
    def course(self) -> Course | None:
        """How the last run went, once it has ended."""
        return None if self.active else course_of(self.last)

    @cached_property
    def freed(self) -> int:
        """Duties of the period that fell open, since it was planned last, because somebody cannot come."""
        plans = [edit.created_at for edit in self.draft.roster.edits if edit.action == MADE_BY_PLAN]
        clock = self.draft.clock
        if not plans or self.active:
            return 0
        return freed_since(db.session(), plans[-1], clock.moment(0), clock.moment(clock.days * DAY))

    @cached_property
    def elsewhere(self) -> list[tuple[Roster, int]]:
        """Other drafts that serve visits which this one is to plan too, and how many each."""
        return queries.planned_elsewhere(db.session(), self.draft.roster, list(self.draft.problem.task_of))

    @property
    def failure(self) -> str:
        """Why the last run gave no plan; empty if it gave one."""
        error = self.last.error if self.last and self.last.state is RunState.FAILED else ""
        if not error.startswith(NO_PLAN):
            return _(error) if error else ""
        tasks = [self.names.task(task) for task in error.removeprefix(NO_PLAN).split()]
        return _("No plan keeps the pins of these tasks: %(tasks)s. Unpin some of them.", tasks=listed(tasks))

    @cached_property
    def warnings(self) -> list[Warning]:
        """What the draft breaks today, in words."""
        return warnings_of(self.draft.violations, self.draft.problem, self.names)

    @property
    def over(self) -> list[Warning]:
        """Who has more duties in a month than they take, or than they wish."""
        months, rows = self.draft.months, self.draft.rows
        return [*over_most(months, rows, self.names), *over_wish(months, rows, self.names)]

    @cached_property
    def cards(self) -> list[board.Card]:
        """The tasks that it serves."""
        published = self.draft.published_of
        return board.cards_of(self.draft.roster, self.names, published=published, warnings=self.warnings)

    @property
    def days(self) -> list[tuple[date, list[board.Card]]]:
        """The cards by day."""
        return board.by_day(self.cards)

    @property
    def villages(self) -> list[tuple[str, list[board.Card]]]:
        """The cards by village."""
        return board.by_village(self.cards)

    @cached_property
    def loads(self) -> list[board.Load]:
        """The cards by person."""
        return board.by_person(self.cards, self.names, board.travel_of(self.draft))

    @property
    def idle(self) -> list[str]:
        """Who is free and has nothing to do, by name."""
        return [self.names.person(person) for person in board.idle(self.draft, self.names)]

    @cached_property
    def grid(self) -> Board:
        """The board that the tab asks for."""
        tasks = [card.task.id for card in self.cards]
        maker = BoardMaker(self.draft.roster, self.cards, holdings(db.session(), tasks), self.draft.clock.calendar)
        if self.tab == "people":
            return maker.people(self.names, board.idle(self.draft, self.names))
        return maker.villages(self.names.tasks[task.id] for task in self.draft.open_tasks)

    @cached_property
    def history(self) -> History:
        """What can be taken back and made again, and what was done last."""
        return history_of(self.draft, self.names)

    @cached_property
    def open_tasks(self) -> list[OpenTask]:
        """What is left open, weightiest first."""
        return [self._open(task, explained=index < EXPLAINED) for index, task in enumerate(self.draft.open_tasks)]

    @cached_property
    def first_open(self) -> list[OpenTask]:
        """The weightiest of them, for the head of a board."""
        return [self._open(task, explained=True) for task in self.draft.open_tasks[:FIRST_EXPLAINED]]

    def _open(self, task: Task, *, explained: bool) -> OpenTask:
        return OpenTask(
            facts=self.names.tasks[task.id],
            task=task,
            title=self.names.task(task.id),
            reasons=reasons_in_words(task, self.draft.reasons[task.id].reasons, self.names),
            why=why_open(self.draft, task.id, self.names) if explained else None,
        )

    @property
    def bound_words(self) -> str:
        """How far the plan may be from the best one; not known where facts have changed since it was proven."""
        roster, today = self.draft.roster, self.draft.cost[0]
        planned = Score(medium=roster.score_medium or 0, soft=roster.score_soft or 0)
        if roster.bound_medium is None or roster.bound_soft is None or planned != today or self._facts_changed:
            return bound_in_words(today, None)
        return bound_in_words(today, Score(medium=roster.bound_medium, soft=roster.bound_soft))

    @property
    def _facts_changed(self) -> bool:
        marks = (run.progress[-1].get("facts") for run in reversed(self.draft.roster.runs) if run.progress)
        mark = next((mark for mark in marks if mark), None)
        return mark is not None and mark != mark_of(self.draft.problem)

    @property
    def terms(self) -> list[tuple[object, int]]:
        """What it costs, term by term."""
        return [*by_term(self.draft.cost[1].costs(self.draft.problem.weights))]

    @property
    def pinned(self) -> int:
        """How many tasks are pinned in some way."""
        return len(self.draft.problem.pins)

    @cached_property
    def due(self) -> list[TaskFacts]:
        """The visits to plan, weightiest first, then by due day."""
        tasks = [
            (task, self.names.tasks[task.id]) for task in self.draft.problem.tasks if self.names.tasks[task.id].is_visit
        ]
        tasks.sort(key=lambda pair: (-pair[0].priority.weight, pair[1].due_on or i18n.today()))
        return [facts for _task, facts in tasks]

    @property
    def overdue(self) -> int:
        """How many of them are overdue by the period's first day."""
        return sum(facts.due_on is not None and facts.due_on < self.draft.clock.start for facts in self.due)

    @property
    def priorities(self) -> list[tuple[Priority, int]]:
        """How many of them there are of each priority."""
        count = Counter(self.draft.problem.task_of[facts.id].priority.value for facts in self.due)
        return [(priority, count[priority.value]) for priority in Priority if count[priority.value]]

    @cached_property
    def activities(self) -> list[TaskFacts]:
        """The activities to plan, by time."""
        found = [facts for facts in self.names.tasks.values() if not facts.is_visit]
        return [facts for facts in found if facts.id in self.draft.problem.task_of]

    @cached_property
    def balance(self) -> list[DayBalance]:
        """Who is there against what is needed, by day."""
        return balance_by_day(self.draft.problem, self.draft.clock)

    @property
    def roles(self) -> list[str]:
        """The roles that the period's tasks ask for."""
        return roles_of(self.draft.problem)

    def chart(self, role: str | None = None) -> charts.BarChart:
        """Free and needed hours by day, in all or of one role."""

        def of(day: DayBalance) -> Balance:
            return day.roles[role] if role else day.total

        rows = [(f"{day.day.month}/{day.day.day}", of(day).free / 60, of(day).needed / 60) for day in self.balance]
        return charts.bars(rows)

    @cached_property
    def unchecked(self) -> list[tuple[str, Unchecked]]:
        """People who would be free but for their check, by name."""
        found = unchecked(self.draft.problem, self.draft.clock)
        return sorted(((self.names.person(person.person), person) for person in found), key=lambda pair: pair[0])

    @property
    def provisional(self) -> list[int]:
        """Years of the period whose make-up days are not known yet."""
        years = sorted({day.day.year for day in self.balance})
        return [year for year in years if self.draft.clock.calendar.is_provisional(year)]
