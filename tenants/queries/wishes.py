"""What people would gladly do and would rather not: their word on one activity, and their lasting wishes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tenants.enums import ActivityKind, ActivityState
from tenants.models import Activity, LastingWish, Person, Wish


@dataclass(frozen=True, kw_only=True)
class Lasting:
    """Somebody's lasting wishes: True gladly, False rather not; what is not named has no word."""

    kinds: Mapping[ActivityKind, bool]
    villages: Mapping[str, bool]

    def word(self, kind: ActivityKind | None, village_id: str) -> bool | None:
        """What they say of a task in a village, ``kind`` None for a visit; "rather not" goes before "gladly"."""
        words = {self.kinds.get(kind) if kind else None, self.villages.get(village_id)}
        return False if False in words else True if True in words else None


def lasting(rows: Iterable[LastingWish]) -> Lasting:
    """The lasting wishes of one person."""
    held = list(rows)
    return Lasting(
        kinds={row.kind: row.wants for row in held if row.kind is not None},
        villages={row.village_id: row.wants for row in held if row.village_id is not None},
    )


def word_on(session: Session, person_id: str, activity: Activity) -> bool | None:
    """A person's word on one activity; None: none."""
    return session.scalar(select(Wish.wants).where(Wish.person_id == person_id, Wish.activity_id == activity.id))


def words_of(session: Session, person_id: str) -> dict[str, bool]:
    """A person's words on single activities, by the activity's id."""
    rows = session.execute(select(Wish.activity_id, Wish.wants).where(Wish.person_id == person_id))
    return dict(rows.all())


def suits(activity: Activity, person: Person) -> bool:
    """Whether the activity has a role for people of the person's post."""
    return any(person.kind.value in role.kinds for role in activity.roles)


def open_to(session: Session, person: Person, begin: datetime, end: datetime) -> list[Activity]:
    """Planned activities from ``begin`` on and before ``end`` that have a role for the person's post, in order."""
    coming = select(Activity).where(
        Activity.state == ActivityState.PLANNED, Activity.starts_at >= begin, Activity.starts_at < end
    )
    loads = selectinload(Activity.roles), selectinload(Activity.home)
    rows = session.scalars(coming.options(*loads).order_by(Activity.starts_at, Activity.id))
    return [row for row in rows if suits(row, person)]
