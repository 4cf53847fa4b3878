"""Days that lost somebody are planned anew: on the drafts that are there, and on new ones between them.

A draft stays behind when it is published, so the days of a published roster nearly always have one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import RunState
from tenants.models import Roster
from tenants.services import edits, rosters, runs, visits

SECONDS = 30
"""How long the days concerned are planned."""


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Some days that are planned together; ``draft`` is the one that covers them, None where one is to be begun.

    A draft is ``kept`` as it is where it holds what a planner has changed and not published, or is being planned.
    ``is_new`` tells a draft that was begun for these days.
    """

    starts_on: date
    days: int
    draft: Roster | None
    kept: bool = False
    is_new: bool = False

    @property
    def ends_on(self) -> date:
        """The last day."""
        return self.starts_on + timedelta(days=self.days - 1)


def stretches(session: Session, days: Iterable[date]) -> list[Stretch]:
    """The stretches in which some days would be planned anew, in order; nothing is written."""
    wanted, found = sorted(days), list[Stretch]()
    for day in wanted:
        if found and found[-1].ends_on >= day:
            continue
        draft = rosters.overlapping_draft(session, day, 1)
        if draft is None:
            found.append(Stretch(starts_on=day, days=rosters.room(session, day, wanted[-1]), draft=None))
        else:
            kept = _is_at_work(session, draft) or edits.holds_unpublished(session, draft)
            found.append(Stretch(starts_on=draft.starts_on, days=draft.days, draft=draft, kept=kept))
    return found


def _is_at_work(session: Session, draft: Roster) -> bool:
    run = runs.active_run(session, draft)
    return run is not None and run.state is RunState.RUNNING


def plan(
    session: Session, actor: Actor, days: Iterable[date], *, today: date, weights: Mapping[str, int]
) -> list[Stretch]:
    """Have some days planned anew, so that few people are disturbed; the stretches with their drafts, in order.

    Each run takes the weights of its draft's last one; ``weights`` are for drafts that have had none. A run that only
    waits gives way to the new one.
    """
    return [_plan(session, actor, stretch, today, weights) for stretch in stretches(session, days)]


def _plan(session: Session, actor: Actor, stretch: Stretch, today: date, weights: Mapping[str, int]) -> Stretch:
    if stretch.kept:
        return stretch
    draft = stretch.draft
    if draft is None:
        draft = rosters.begin_draft(session, actor, starts_on=stretch.starts_on, days=stretch.days, today=today)
    waiting = runs.active_run(session, draft)
    if waiting is not None:
        runs.ask_to_stop(session, actor, waiting)
        session.flush()
    visits.refresh_due(session, actor, draft.ends_on, today=today)
    last = dict(runs.last_weights(session, draft) or weights)
    runs.ask(session, actor, draft, seconds=SECONDS, seed=draft.revision, weights=last, calm=True)
    return replace(stretch, draft=draft, is_new=stretch.draft is None)
