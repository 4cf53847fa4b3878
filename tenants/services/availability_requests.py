"""A station asks when people are free: ask, remind, close, give a link anew or stop it; and take an answer.

The link itself is signed outside (weibao/answer_links.py) and kept nowhere. An answer becomes dated exceptions of the
person; a later one takes the earlier one's place.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import MessageKind
from tenants.errors import ConflictError, InvalidError
from tenants.models import (
    AvailabilityException,
    AvailabilityInvitation,
    AvailabilityRequest,
    Person,
    utc_now,
)
from tenants.services import audit_log, holiday_answers, notices
from tenants.services.halves import Half, days_of, exceptions_of, half_of, key_of

MAX_DAYS = 31
YEAR = timedelta(days=366)
MAX_ANSWERS = 50
"""How often one link takes an answer; a hand sends a few."""


def ask(
    session: Session,
    actor: Actor,
    people: Iterable[str],
    *,
    from_day: date,
    to_day: date,
    answer_by: date,
    today: date,
) -> AvailabilityRequest:
    """Ask active people of the township for the days of a period; whoever has an account is told.

    Raises:
        InvalidError: the days or the deadline do not fit, or nobody is asked.
        ConflictError: an open request asks for a part of these days already.

    """
    if actor.township_id is None:
        raise InvalidError("only a township plans rosters")
    _check_days(from_day, to_day, answer_by, today)
    wanted = set(people)
    known = session.scalars(
        select(Person.id).where(Person.active, Person.guest.is_(False), Person.id.in_(wanted))
    ).all()
    if not wanted or len(known) < len(wanted):
        raise InvalidError("Choose at least one person of the list.", field="people")
    open_ones = select(AvailabilityRequest).where(AvailabilityRequest.closed_at.is_(None))
    overlapping = open_ones.where(AvailabilityRequest.from_day <= to_day, AvailabilityRequest.to_day >= from_day)
    if session.scalar(overlapping.limit(1)) is not None:
        raise ConflictError("An open request asks for a part of these days already. Close it first.", field="from_day")
    request = AvailabilityRequest(
        township_id=actor.township_id,
        from_day=from_day,
        to_day=to_day,
        answer_by=answer_by,
        created_by=actor.account_id,
        invitations=[
            AvailabilityInvitation(township_id=actor.township_id, person_id=person) for person in sorted(known)
        ],
    )
    session.add(request)
    session.flush()
    facts = {"people": len(known), "from": from_day.isoformat(), "to": to_day.isoformat()}
    audit_log.record(session, actor, "availability.ask", "availability_request", request.id, details=facts)
    _tell(session, request, request.invitations)
    return request


def _check_days(from_day: date, to_day: date, answer_by: date, today: date) -> None:
    if from_day < today:
        raise InvalidError("must not lie in the past", field="from_day")
    if from_day > today + YEAR:
        raise InvalidError("must lie within a year from now", field="from_day")
    if to_day < from_day:
        raise InvalidError("The last day cannot come before the first.", field="to_day")
    if (to_day - from_day).days >= MAX_DAYS:
        raise InvalidError("must be 1 to 31 days", field="to_day")
    if not today <= answer_by <= to_day:
        raise InvalidError("The deadline lies between today and the last day asked for.", field="answer_by")


def _tell(session: Session, request: AvailabilityRequest, asked: Iterable[AvailabilityInvitation]) -> None:
    days = {name: getattr(request, f"{name}_day").isoformat() for name in ("from", "to")}
    facts = {**days, "by": request.answer_by.isoformat()}
    mine = {invitation.person_id: invitation for invitation in asked}
    for account in notices.accounts_of(session, mine):
        one = mine[account.person_id or ""]
        link = {"invitation": one.id, "serial": one.serial}
        notices.tell(session, [account], MessageKind.AVAILABILITY_ASKED, {**facts, **link}, subject_id=request.id)


def _need_open(request: AvailabilityRequest) -> None:
    if request.closed_at is not None:
        raise ConflictError("This request is closed.")


def remind(session: Session, actor: Actor, request: AvailabilityRequest, today: date) -> int:
    """Remind those who have not answered, once a day at most; returns how many people.

    Raises:
        ConflictError: they were reminded today, the deadline has passed, or it is closed.

    """
    _need_open(request)
    if request.reminded_on == today:
        raise ConflictError("They were reminded today already. Once a day is enough.")
    if request.answer_by < today:
        raise ConflictError("The deadline has passed.")
    silent = [one for one in request.invitations if one.answered_at is None and one.revoked_at is None]
    request.reminded_on = today
    session.flush()
    audit_log.record(session, actor, "availability.remind", "availability_request", request.id,
                     details={"people": len(silent)})  # fmt: skip
    _tell(session, request, silent)
    return len(silent)


def close(session: Session, actor: Actor, request: AvailabilityRequest) -> None:
    """Take no answers any more; those that came stay.

    Raises:
        ConflictError: it is closed.

    """
    _need_open(request)
    request.closed_at = utc_now()
    session.flush()
    audit_log.record(session, actor, "availability.close", "availability_request", request.id)


def renew(session: Session, actor: Actor, invitation: AvailabilityInvitation) -> None:
    """Give a person a new link; the old one stops.

    Raises:
        ConflictError: the request is closed.

    """
    _need_open(invitation.request)
    invitation.serial, invitation.revoked_at = invitation.serial + 1, None
    session.flush()
    audit_log.record(session, actor, "availability.renew", "availability_invitation", invitation.id)


def revoke(session: Session, actor: Actor, invitation: AvailabilityInvitation) -> None:
    """Stop a person's link, and ask them no more.

    Raises:
        ConflictError: the request is closed.

    """
    _need_open(invitation.request)
    invitation.revoked_at = invitation.revoked_at or utc_now()
    session.flush()
    audit_log.record(session, actor, "availability.revoke", "availability_invitation", invitation.id)


def answer(
    session: Session, actor: Actor, invitation: AvailabilityInvitation, free: Collection[Half], today: date
) -> None:
    """Keep when a person is free in the period, in place of what they had answered before.

    Raises:
        ConflictError: the request is closed, the deadline has passed, or the link was stopped.
        InvalidError: a half-day lies outside the period, or the form was sent very often.

    """
    request = invitation.request
    _need_open(request)
    if request.answer_by < today or invitation.revoked_at is not None:
        raise ConflictError("The deadline has passed.")
    days = days_of(request.from_day, request.to_day)
    if any(day not in days for day, _part in free):
        raise InvalidError("Choose half-days of the period that is asked for.", field="free")
    if invitation.answers >= MAX_ANSWERS:
        raise InvalidError("This form has been sent very often. Please call the station.", field="free")
    person = session.get_one(Person, (invitation.township_id, invitation.person_id))
    invitation.free = sorted(key_of(half) for half in free)
    invitation.answered_at, invitation.answers = utc_now(), invitation.answers + 1
    _give_way(session, person, invitation, set(days))
    holiday_answers.give_way(person, request.from_day, request.to_day)
    _write(person, invitation, days)
    session.flush()
    audit_log.record(session, actor, "availability.answer", "person", person.id,
                     details={"invitation": invitation.id, "halves": len(invitation.free)})  # fmt: skip


def _give_way(session: Session, person: Person, new: AvailabilityInvitation, days: set[date]) -> None:
    """Earlier answers of the person hold on the days that the new one does not speak of."""
    query = select(AvailabilityInvitation).where(
        AvailabilityInvitation.person_id == person.id,
        AvailabilityInvitation.id != new.id,
        AvailabilityInvitation.answered_at.is_not(None),
    )
    for old in session.scalars(query):
        others = days_of(old.request.from_day, old.request.to_day)
        if days & set(others):
            _write(person, old, [day for day in others if day not in days])


def _write(person: Person, invitation: AvailabilityInvitation, days: list[date]) -> None:
    """Let the person's exceptions say what an answer says of some days."""
    person.exceptions[:] = [row for row in person.exceptions if row.invitation_id != invitation.id]
    free = {half_of(key) for key in invitation.free}
    person.exceptions += [
        AvailabilityException(
            township_id=person.township_id, person_id=person.id, invitation_id=invitation.id, note="", **vars(row)
        )
        for row in exceptions_of(days, free)
    ]
