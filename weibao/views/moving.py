"""An activity that is moved, on whichever form: who comes along and what breaks is shown first, then it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, request
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import BooleanField

from tenants.models import Activity, Duty
from tenants.queries.rosters import people
from tenants.services.activities import ActivityFacts
from weibao.access import me
from weibao.db import db
from weibao.explaining.rules import Warning, warnings_of
from weibao.planning import moves
from weibao.planning.moves import Moved
from weibao.say import listed
from weibao.views.planner.common import names_for, names_of
from weibao.words import named

KEEP = "keep"


@dataclass(frozen=True, kw_only=True)
class HolderLine:
    """A holder in words: whether they keep their duty, what speaks against it, and whether a planner may set it aside.

    ``warnings`` of somebody who does not stay and has none: another duty at the time, maybe in another township.
    """

    person_id: str
    name: str
    role: str
    stays: bool
    may_stay: bool
    warnings: Sequence[Warning]


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A move in the session, in words; the caller keeps it or rolls back."""

    moved: Moved
    warnings: Sequence[Warning]
    holders: Sequence[HolderLine]

    @property
    def seen(self) -> str:
        """Who would lose their duty: the form sends it back, so that nothing is kept that was not shown."""
        return " ".join(sorted(holder.person_id for holder in self.holders if not holder.stays))

    @property
    def is_forbidden(self) -> bool:
        """Whether the draft would break what no planner may set aside."""
        return any(warning.law for warning in self.warnings)

    @property
    def says_something(self) -> bool:
        """Whether anybody is concerned, or a draft is."""
        return bool(self.holders or self.moved.draft)


def propose(activity: Activity, facts: ActivityFacts) -> Proposal:
    """Change an activity in the session; who agreed to come all the same stands in the form.

    Raises: as ``moves.change``.

    """
    moved = moves.change(db.session(), me().actor, activity, facts, agreed=agreed())
    return Proposal(moved=moved, warnings=_warnings(moved), holders=_holders(moved))


def agreed() -> list[str]:
    """Ids of the holders of whom the planner says that they come all the same."""
    return request.form.getlist("agreed")


def may_be_kept(proposal: Proposal, anyway: BooleanField) -> bool:
    """Whether the form asks to keep what it has shown; what breaks a rule of a draft needs the planner's word."""
    shown = set(request.form.get("seen", "").split()) >= set(proposal.seen.split())
    if request.form.get("step") != KEEP or not shown or proposal.is_forbidden:
        return False
    if proposal.warnings and not anyway.data:
        anyway.errors = [_("Tick this to keep a change that breaks a rule.")]
        return False
    return True


def keep(activity: Activity, proposal: Proposal, done: str) -> None:
    """Let the draft follow; say that it is done, and whom it concerns.

    Raises:
        ConflictError: the draft is being planned.

    """
    moves.keep(db.session(), me().actor, activity, proposal.moved)
    flash(done, "success")
    say(proposal.moved.carried.kept, proposal.moved.carried.freed)


def say(kept: Sequence[Duty], freed: Sequence[Duty]) -> None:
    """Tell the planner how many people were told, and how many places have fallen open."""
    say_numbers(len({duty.person_id for duty in (*kept, *freed)}), len(freed))


def say_numbers(told: int, freed: int) -> None:
    """The same of so many people and places."""
    if told:
        flash(ngettext("%(num)d person is told.", "%(num)d people are told.", told), "success")
    if freed:
        flash(ngettext("%(num)d place has fallen open: look for somebody else.",
                       "%(num)d places have fallen open: look for somebody else.", freed), "warning")  # fmt: skip


def names(duties: Sequence[Duty]) -> str:
    """The holders of some duties by name, in a row."""
    known = people(db.session())
    return listed(sorted(str(named(known[duty.person_id])) for duty in duties if duty.person_id in known))


def _warnings(moved: Moved) -> Sequence[Warning]:
    if moved.draft is None:
        return ()
    return warnings_of(moved.broken, moved.draft.problem, names_of(moved.draft))


def _holders(moved: Moved) -> list[HolderLine]:
    """Those who cannot come first."""
    if moved.weighed is None:
        return []
    stays = {duty.person_id for duty in moved.carried.kept}
    problem, clock = moved.weighed.standing.problem, moved.weighed.standing.clock
    words = names_for(set(problem.task_of), clock)
    lines = [
        HolderLine(
            person_id=holder.person_id,
            name=words.person(holder.person_id),
            role=holder.role,
            stays=holder.person_id in stays,
            may_stay=holder.may_stay,
            warnings=warnings_of(holder.broken, problem, words),
        )
        for holder in moved.weighed.holders
    ]
    return sorted(lines, key=lambda line: (line.stays, line.name))
