"""Children's Homes from rows, matched by village: there is one to a village."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.queries import homes as queries
from tenants.services import homes
from tenants.services.imports.run import Once, Outcome, Verdict, take


@dataclass(frozen=True, kw_only=True)
class HomeRow:
    """``facts`` holds what the row states: ``opened``, ``opening_hours``."""

    village_id: str
    facts: Mapping[str, Any]


def take_homes(session: Session, actor: Actor, rows: Sequence[HomeRow], *, trial: bool) -> Outcome:
    """Set homes up, or change their hours."""
    once = Once()
    return take(session, rows, lambda row: _one(session, actor, once, row), trial=trial)


def _one(session: Session, actor: Actor, once: Once, row: HomeRow) -> Verdict:
    once.meet(row.village_id, "village_id")
    village = queries.village(session, row.village_id)
    home = village.home
    held = {"opened": home.opened, "opening_hours": home.opening_hours} if home else {}
    wanted = {"opened": True, "opening_hours": "", **held, **row.facts}
    if wanted == held:
        return Verdict.SAME
    homes.save(session, actor, village, **wanted)
    return Verdict.CHANGED if home else Verdict.ADDED
