"""Who holds the activities that a file moves: who comes along, whose place falls open; told before it is taken in."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.models import Activity, Duty
from tenants.services.activities import ActivityFacts
from tenants.services.carrying import Carried
from weibao.planning import moves
from weibao.words import named


@dataclass(frozen=True, kw_only=True)
class Following:
    """An activity that is held, at its new time and place, with the names of those who hold it.

    ``lost`` are the ids of the duties that fall open: a form sends them back, so that none is lost that was not shown.
    """

    title: str
    starts_at: datetime
    home: str
    kept: tuple[str, ...]
    freed: tuple[str, ...]
    lost: frozenset[str]
    told: frozenset[str]


@dataclass(kw_only=True)
class Followers:
    """Changes activities (it is an ``Edit``), and remembers whose duties went along or fell open."""

    found: list[Following] = field(default_factory=list)

    def __call__(self, session: Session, actor: Actor, activity: Activity, facts: ActivityFacts) -> Carried:
        """Change an activity as ``moves.at_once`` does."""
        carried = moves.at_once(session, actor, activity, facts)
        if carried.kept or carried.freed:
            self.found.append(_following(activity, carried))
        return carried


def _following(activity: Activity, carried: Carried) -> Following:
    return Following(
        title=named(activity),
        starts_at=activity.starts_at,
        home=named(activity.home),
        kept=_names(carried.kept),
        freed=_names(carried.freed),
        lost=frozenset(duty.id for duty in carried.freed),
        told=frozenset(duty.person_id for duty in (*carried.kept, *carried.freed)),
    )


def _names(duties: tuple[Duty, ...]) -> tuple[str, ...]:
    return tuple(sorted(named(duty.person) for duty in duties))
