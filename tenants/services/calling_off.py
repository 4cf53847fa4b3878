"""What no longer takes place, or not for somebody: duties, searches and wishes end, and whoever had them is told.

In the transaction of the change that ends them: nobody finds it out from a calendar, or not at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tenants.enums import MessageKind
from tenants.models import Activity, Duty
from tenants.services import duties, notices, sign_ups, swaps


def call_off(session: Session) -> Sequence[Duty]:
    """End the coming duties whose visit or activity is called off, and return them."""
    lost = duties.of_what_is_off(session)
    end(session, lost)
    return lost


def end(session: Session, lost: Sequence[Duty]) -> None:
    """Take duties away that nobody is needed for any more, with the searches for a substitute; their holders are told.

    Each of them hears of it once: of their first duty, and of how many more.
    """
    cancel(session, lost)
    theirs: dict[str, list[Duty]] = defaultdict(list)
    for duty in sorted(lost, key=lambda duty: (duty.starts_at, duty.id)):
        theirs[duty.person_id].append(duty)
    for person_id, mine in theirs.items():
        tell(session, mine[0], {"more": len(mine) - 1}, begins=mine[0].starts_at, person=person_id)


def cancel(session: Session, lost: Iterable[Duty]) -> None:
    """Take duties away with the searches for a substitute; their holders' calendars hear of it."""
    for duty in lost:
        swaps.end(session, duty)
        duties.cancel(duty)
    session.flush()


def tell(session: Session, duty: Duty, facts: dict[str, Any], *, begins: datetime, person: str) -> None:
    """Tell somebody that a duty is theirs no longer; ``facts`` says more, ``begins`` as ``notices.tell`` has it."""
    known = {**notices.facts_of(session, duty), "is_visit": duty.visit_id is not None, "more": 0, **facts}
    accounts = notices.accounts_of(session, [person])
    notices.tell(session, accounts, MessageKind.DUTY_CALLED_OFF, known, subject_id=duty.id, begins=begins)


def end_wishes(session: Session, activity: Activity) -> int:
    """End the wishes for a place of an activity that is called off, tell whoever had them, and count them."""
    wishes, begins = sign_ups.live(session, activity.id), activity.starts_at
    for wish in wishes:
        sign_ups.end(wish)
        facts = {**sign_ups.facts_of(activity, wish.role), "called_off": True}
        accounts = notices.accounts_of(session, [wish.person_id])
        notices.tell(session, accounts, MessageKind.SIGN_UP_REFUSED, facts, subject_id=activity.id, begins=begins)
    session.flush()
    return len(wishes)
