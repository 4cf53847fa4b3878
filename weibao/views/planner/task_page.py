"""What a task's page shows: its team and time, who else could take a seat, and the change that is being weighed."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from flask_babel import LazyString

from scheduling.problem import Role, Task
from tenants.errors import NotFoundError
from tenants.queries.rosters import TaskFacts
from weibao import board, i18n
from weibao.explaining.candidates import WhyOpen, why_open
from weibao.explaining.costs import by_term
from weibao.explaining.edits import change_in_words
from weibao.explaining.limits import made_too_many, made_too_soon
from weibao.explaining.names import Names
from weibao.explaining.people import why_on
from weibao.explaining.reasons import post_in_words, reasons_in_words
from weibao.explaining.rules import Warning, warnings_of
from weibao.forms.planner import ChangeForm
from weibao.planning import Draft
from weibao.planning.changes import Weighed, places_to_swap, without_pins
from weibao.views.planner.history import History, history_of


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Somebody who could take a seat: what it would break, and cost by term."""

    person_id: str
    name: str
    post: object
    broken: list[Warning]
    medium: int
    soft: int
    terms: list[tuple[LazyString, int]]


@dataclass(frozen=True, kw_only=True)
class OtherPlace:
    """A place on the draft that could change hands with the one that is asked about; ``value`` is for the form."""

    value: str
    person: str
    starts_at: datetime
    title: str
    village: str


@dataclass(kw_only=True)
class TaskPage:
    """One task of a draft.

    ``seat`` (a person's id) or ``role`` asks for alternatives. ``form`` holds what was typed, ``weighed`` what it comes
    to, ``action`` and ``details`` how the log will tell it, ``asked_again`` whether it was sent without the planner's
    word.
    """

    draft: Draft
    names: Names
    task_id: str
    form: ChangeForm | None = None
    seat: str | None = None
    role: str | None = None
    weighed: Weighed | None = None
    action: str = ""
    details: dict[str, object] = field(default_factory=dict)
    asked_again: bool = False

    def __post_init__(self) -> None:
        """Refuse a task that is neither in the draft nor to be planned."""
        if self.task_id not in self.names.tasks:
            raise NotFoundError("no such task")

    @property
    def facts(self) -> TaskFacts:
        """The task's facts."""
        return self.names.tasks[self.task_id]

    @property
    def task(self) -> Task | None:
        """The task as it is to be planned; None where it has begun, or was done or called off."""
        return self.draft.problem.task_of.get(self.task_id)

    @property
    def title(self) -> str:
        """What it is called."""
        return self.names.task(self.task_id)

    @cached_property
    def card(self) -> board.Card | None:
        """Its team and time, if the draft serves it."""
        warnings = warnings_of(self.draft.violations, self.draft.problem, self.names)
        cards = board.cards_of(self.draft.roster, self.names, published=self.draft.published_of, warnings=warnings)
        return next((card for card in cards if card.task.id == self.task_id), None)

    @property
    def with_room(self) -> list[Role]:
        """Roles that somebody could still join."""
        taken = [seat.role for seat in self.card.seats] if self.card else []
        return [role for role in self.task.roles if taken.count(role.id) < role.max] if self.task else []

    @property
    def posts(self) -> dict[str, str]:
        """Who can fill each role, by role."""
        return {role.id: post_in_words(role.kinds, role.skills) for role in self.task.roles} if self.task else {}

    @property
    def reasons(self) -> list[str]:
        """Why it is left open."""
        left = self.draft.reasons.get(self.task_id)
        return reasons_in_words(self.task, left.reasons, self.names) if left and self.task else []

    @property
    def why(self) -> WhyOpen | None:
        """Who comes nearest to it, and what would help."""
        return why_open(self.draft, self.task_id, self.names) if self.task and self.card is None else None

    @property
    def windows(self) -> list[tuple[datetime, datetime]]:
        """When it can take place."""
        moment = self.names.moment
        return [(moment(opens), moment(closes)) for opens, closes in self.task.windows] if self.task else []

    @property
    def suggested_start(self) -> datetime:
        """A time at which the open task could be served by people who are free, else the first that is possible."""
        row = self.draft.free_rows.get(self.task_id)
        return self.names.moment(row.start) if row else self.windows[0][0]

    @property
    def first_day(self) -> date:
        """The first day of the draft that is not over."""
        return max(self.draft.clock.start, i18n.today())

    def iso_day(self, moment: datetime) -> str:
        """The day of a time on the county's clock, as an input takes it."""
        return i18n.local(moment).date().isoformat()

    def chosen(self, role: str, number: int) -> str:
        """Whom the planner chose for a role, by place on the page; before that, whoever is free for it."""
        row = self.draft.free_rows.get(self.task_id)
        suggested = [(seat.role, seat.person) for seat in row.people] if row else []
        typed = [
            (seat.partition(":")[0], seat.partition(":")[2])
            for seat in (self.form.seat.data if self.form else None) or ()
        ]
        mine = [person for found, person in typed or suggested if found == role]
        return mine[number] if number < len(mine) else ""

    @property
    def chosen_role(self) -> str | None:
        """The role of the seat that is asked about, or the one that was asked for."""
        mine = [seat.role for seat in self.card.seats if seat.person_id == self.seat] if self.card else []
        known = self.task.role_of if self.task else {}
        return mine[0] if mine else self.role if self.role in known else None

    @cached_property
    def choices(self) -> list[Choice]:
        """Everybody who could take the seat, or join in the role, best first."""
        from scheduling.explain.alternatives import alternatives  # noqa: PLC0415 -- only where it is asked for

        role = self.chosen_role
        if role is None or self.task_id not in self.draft.row_of:
            return []
        seat = self.seat if any(s.person_id == self.seat for s in (self.card.seats if self.card else ())) else None
        problem = without_pins(self.draft.problem, {self.task_id})
        found = alternatives(problem, self.draft.rows, self.task_id, role, seat)
        return [
            Choice(
                person_id=other.person,
                name=self.names.person(other.person),
                post=self.names.people[other.person].kind,
                broken=warnings_of(other.effect.broken, self.draft.problem, self.names),
                medium=other.effect.medium,
                soft=other.effect.soft,
                terms=by_term(other.effect.terms),
            )
            for other in found
        ]

    @cached_property
    def holder(self) -> str:
        """Whose seat is asked about, by name; empty where none is."""
        mine = [seat.name for seat in self.card.seats if seat.person_id == self.seat] if self.card else []
        return mine[0] if mine else ""

    @property
    def why_holder(self) -> list[str]:
        """Why this person: what speaks for them, and what anybody else would cost."""
        if not self.holder or self.seat is None or self.task_id not in self.draft.row_of:
            return []
        best = next(((choice.soft, choice.name) for choice in self.choices if not choice.broken), None)
        return why_on(self.draft, self.names, self.task_id, self.seat, best)

    @cached_property
    def swappable(self) -> list[OtherPlace]:
        """Places whose holder fits here and which this person fits, the nearest in time first."""
        here = self.draft.row_of.get(self.task_id)
        if here is None or self.seat is None or not self.holder:
            return []
        return [
            OtherPlace(
                value=f"{row.task}:{seat.person}",
                person=self.names.person(seat.person),
                starts_at=self.names.moment(row.start),
                title=self.names.task(row.task),
                village=self.names.village(row.task),
            )
            for row, seat in places_to_swap(self.draft.problem, self.draft.rows, here, self.seat)
        ]

    @cached_property
    def history(self) -> History | None:
        """What can be taken back and made again; None while the draft is not planned."""
        return history_of(self.draft, self.names) if self.draft.is_planned else None

    @property
    def shown(self) -> int:
        """How many of them are shown at first: those who can do it, and a few more."""
        return max(5, min(12, sum(not choice.broken for choice in self.choices)))

    @property
    def able(self) -> dict[str, list[tuple[str, str]]]:
        """People who hold the post and the skills for each role, by role: id and name."""
        from scheduling.eligibility import fits_role  # noqa: PLC0415 -- only where a task is put in

        people = self.draft.problem.people
        return {
            role.id: sorted(((p.id, self.names.person(p.id)) for p in people if fits_role(p, role)), key=lambda x: x[1])
            for role in (self.task.roles if self.task else ())
        }

    @property
    def said(self) -> str:
        """What the weighed change does."""
        return change_in_words(self.action, self.details, self.names)

    @property
    def broken(self) -> list[Warning]:
        """What the weighed change would break, in words."""
        if self.weighed is None:
            return []
        rules = warnings_of(self.weighed.effect.broken, self.draft.problem, self.names)
        return [*self.too_many, *rules, *self._too_soon]

    @property
    def too_many(self) -> list[Warning]:
        """Whom the weighed change would give more duties in a month than they take."""
        if self.weighed is None:
            return []
        return made_too_many(self.draft.months, self.weighed.before, self.weighed.rows, self.names)

    @property
    def _too_soon(self) -> list[Warning]:
        if self.weighed is None:
            return []
        held = (*self.weighed.before, *self.draft.problem.published)
        return made_too_soon(self.draft.months, held, self.weighed.rows, self.names, i18n.today())

    @property
    def refused(self) -> bool:
        """Whether the weighed change goes against the law, or against somebody's greatest number of duties."""
        return self.weighed is not None and bool(self.weighed.forbidden or self.too_many)

    @property
    def mended(self) -> list[Warning]:
        """What it would put right, in words."""
        return warnings_of(self.weighed.effect.mended, self.draft.problem, self.names) if self.weighed else []

    @property
    def terms(self) -> list[tuple[LazyString, int]]:
        """What it would cost, term by term."""
        return by_term(self.weighed.effect.terms) if self.weighed else []
