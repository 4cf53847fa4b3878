"""Lend somebody to a neighbouring township: both stations agree, a volunteer, and for purchased staff the county.

The borrower describes what it needs and never sees the neighbour's people; the lender chooses, or offers. Purchased
staff are moved by the county alone (notice 3.2), so their loan needs its word. Steps are taken in a session over the
two townships (``Scope.of_townships_and_county``), or in a system session by the program.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole, DiversionWay, LendingParty, LendingState, PersonKind, Service
from tenants.errors import ConflictError, DiversionError, ForbiddenError, InvalidError, NotFoundError
from tenants.models import Activity, Lending, Person, Township, utc_now
from tenants.queries import lendings as queries
from tenants.queries.due import county_today, county_zone
from tenants.services import audit_log, diversions, guests, lending_news, notices

MAX_DAYS = 14
YEAR = timedelta(days=366)
TEXT = 200
STATION = (AccountRole.STATION_HEAD, AccountRole.STATION_STAFF)
NOT_NOW = "This loan does not wait for that any more."
NOT_YOURS = "This step is for the other side."


@dataclass(frozen=True, kw_only=True)
class Need:
    """What is asked for or offered: who, and when; local minutes of each day. ``activity_id``: the borrower's."""

    kind: PersonKind
    from_day: date
    to_day: date
    from_minute: int
    to_minute: int
    skill: str = ""
    activity_id: str | None = None
    reason: str = ""


def ask(session: Session, actor: Actor, by: str, need: Need, *, lender_id: str) -> Lending:
    """The borrower asks a neighbour for somebody; ``by`` is the name of who asks.

    Raises:
        InvalidError: the days, the times or the text break a rule.
        NotFoundError: no such neighbour or activity.

    """
    lending = _begun(session, actor, need, lender_id=lender_id, borrower_id=actor.township_id or "")
    lending.state, lending.borrower_by, lending.borrower_at = LendingState.ASKED, by, utc_now()
    if need.activity_id is not None:
        _for_activity(session, lending, need.activity_id)
    _check(session, lending)
    session.add(lending)
    session.flush()
    _log(session, actor, lending, "lending.ask")
    lending_news.asked(session, lending)
    return lending


def offer(session: Session, actor: Actor, by: str, need: Need, *, person_id: str, borrower_id: str) -> Lending:
    """The lender offers one of its people to a neighbour; kind and skill are the person's.

    Raises:
        InvalidError: the days or the times break a rule, or the person has no free time or no valid check then.
        NotFoundError: no such neighbour or person.

    """
    lending = _begun(session, actor, need, lender_id=actor.township_id or "", borrower_id=borrower_id)
    person = _home(session, lending.lender_id, person_id)
    lending.offered, lending.kind, lending.skill = True, person.kind, ""
    lending.state, lending.lender_by, lending.lender_at = LendingState.OFFERED, by, utc_now()
    _check(session, lending)
    _choose(session, lending, person)
    session.add(lending)
    session.flush()
    _log(session, actor, lending, "lending.offer")
    lending_news.asked(session, lending)
    return lending


def answer(session: Session, actor: Actor, by: str, lending: Lending, person_id: str, *, told: bool) -> None:
    """The lender chooses somebody; ``told``: a volunteer without an account has said yes to the station.

    Raises:
        ConflictError: it waits for no answer.
        InvalidError: the person does not fit or is not free.
        DiversionError: they are purchased-service staff, and the activity is other work.

    """
    _expect(lending, LendingState.ASKED)
    _need_side(actor, lending.lender_id)
    person = _home(session, lending.lender_id, person_id)
    if _is_other_work(session, lending, person):
        way = DiversionWay.LENDING
        raise DiversionError(diversions.OTHER_WORK, person_id=person.id, way=way, task_id=lending.activity_id)
    _choose(session, lending, person)
    lending.lender_by, lending.lender_at = by, utc_now()
    _word_by_station(session, lending, person, by, told=told)
    _log(session, actor, lending, "lending.answer")
    _go_on(session, actor, lending)


def accept(session: Session, actor: Actor, by: str, lending: Lending) -> None:
    """The borrower takes what was offered.

    Raises:
        ConflictError: it is not an open offer.

    """
    _expect(lending, LendingState.OFFERED)
    _need_side(actor, lending.borrower_id)
    lending.borrower_by, lending.borrower_at = by, utc_now()
    _log(session, actor, lending, "lending.accept")
    _go_on(session, actor, lending)


def consent(session: Session, actor: Actor, by: str, lending: Lending) -> None:
    """The person agrees; or the lender's station says that a volunteer without an account has.

    Raises:
        ConflictError: it waits for no word of theirs.
        ForbiddenError: they have an account, so they answer themselves.

    """
    if lending.state is not LendingState.WAITING or not queries.needs_person(lending):
        raise ConflictError(NOT_NOW)
    if actor.person_id != lending.person_id or actor.township_id != lending.lender_id:
        _need_side(actor, lending.lender_id)
        if lending_news.accounts_of_person(session, lending):
            raise ForbiddenError("A volunteer answers for themselves: they have been told.")
        lending.person_by = by
    lending.person_at = utc_now()  # their own name stays at home until the loan stands
    _log(session, actor, lending, "lending.consent")
    _go_on(session, actor, lending)


def approve(session: Session, actor: Actor, by: str, lending: Lending) -> None:
    """The county agrees to the loan of purchased staff.

    Raises:
        ForbiddenError: the actor is no county officer.
        ConflictError: it waits for no word of the county.

    """
    if actor.role is not AccountRole.COUNTY_OFFICER:
        raise ForbiddenError("Purchased-service staff are moved by the county alone (notice 3.2).")
    if lending.state is not LendingState.WAITING or not queries.needs_county(lending):
        raise ConflictError(NOT_NOW)
    lending.county_by, lending.county_at = by, utc_now()
    _log(session, actor, lending, "lending.approve")
    _go_on(session, actor, lending)


def close(session: Session, actor: Actor, by: str, lending: Lending, reason: str = "") -> None:
    """Say no, take the question back, or end a loan that runs: whichever it is, the coming duties fall open.

    Raises:
        ConflictError: it is closed already.
        InvalidError: the reason is too long.
        ForbiddenError: the actor has no part in it.

    """
    if lending.state not in (*queries.OPEN, LendingState.AGREED):
        raise ConflictError("This loan is closed already.")
    if len(reason.strip()) > TEXT:
        raise InvalidError("The reason may have 200 characters at most.", field="reason")
    party = party_of(actor, lending)
    if party is LendingParty.COUNTY and not lending.purchased:
        raise ForbiddenError("The two townships settle this between them.")
    state, by = _closed_state(lending, party), "" if party is LendingParty.PERSON else by
    _shut(session, actor, lending, state, party, by=by, reason=reason.strip())


def party_of(actor: Actor, lending: Lending) -> LendingParty:
    """On whose side the actor acts.

    Raises:
        ForbiddenError: on none.

    """
    if actor.role is AccountRole.COUNTY_OFFICER:
        return LendingParty.COUNTY
    if actor.role in STATION and actor.township_id == lending.lender_id:
        return LendingParty.LENDER
    if actor.role in STATION and actor.township_id == lending.borrower_id:
        return LendingParty.BORROWER
    if actor.person_id == lending.person_id and actor.township_id == lending.lender_id:
        return LendingParty.PERSON
    raise ForbiddenError(NOT_YOURS)


def end_by_program(session: Session, lending: Lending, state: LendingState, reason: str = "") -> None:
    """What is over or cannot go on is closed by the program, for a system session."""
    actor = Actor(county_id=lending.county_id, township_id=lending.lender_id)
    _shut(session, actor, lending, state, LendingParty.PROGRAM, by="", reason=reason)


def _begun(session: Session, actor: Actor, need: Need, *, lender_id: str, borrower_id: str) -> Lending:
    if actor.role not in STATION or actor.township_id not in {lender_id, borrower_id}:
        raise ForbiddenError("People are lent by a township's station.")
    lender, borrower = _township(session, actor, lender_id), _township(session, actor, borrower_id)
    return Lending(
        county_id=actor.county_id,
        lender_id=lender.id,
        borrower_id=borrower.id,
        lender_name=lender.name,
        lender_name_en=lender.name_en,
        borrower_name=borrower.name,
        borrower_name_en=borrower.name_en,
        kind=need.kind,
        skill=need.skill,
        from_day=need.from_day,
        to_day=need.to_day,
        from_minute=need.from_minute,
        to_minute=need.to_minute,
        reason=need.reason.strip(),
    )


def _township(session: Session, actor: Actor, township_id: str) -> Township:
    found = session.get(Township, township_id)
    if found is None or found.county_id != actor.county_id:
        raise NotFoundError("no such township")
    return found


def _for_activity(session: Session, lending: Lending, activity_id: str) -> None:
    """Day and time of the borrower's activity, with the way to it."""
    activity = session.get(Activity, (lending.borrower_id, activity_id))
    if activity is None:
        raise NotFoundError("no such activity")
    zone = county_zone(session, lending.county_id)
    begin, end = activity.starts_at.astimezone(zone), activity.ends_at.astimezone(zone)
    lending.activity_id, lending.title, lending.title_en = activity.id, activity.title, activity.title_en
    lending.from_day = lending.to_day = begin.date()
    lending.from_minute = max(0, _minute(begin) - queries.WAY)
    lending.to_minute = min(queries.DAY, (_minute(end) if end.date() == begin.date() else queries.DAY) + queries.WAY)


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def _check(session: Session, lending: Lending) -> None:
    today = county_today(session, lending.county_id)
    if lending.lender_id == lending.borrower_id:
        raise InvalidError("Choose another township.", field="neighbour")
    if lending.from_day < today:
        raise InvalidError("must not lie in the past", field="from_day")
    if lending.from_day > today + YEAR:
        raise InvalidError("must lie within a year from now", field="from_day")
    if lending.to_day < lending.from_day:
        raise InvalidError("The last day cannot come before the first.", field="to_day")
    if (lending.to_day - lending.from_day).days >= MAX_DAYS:
        raise InvalidError("A loan has 14 days at most; for longer the county posts somebody.", field="to_day")
    if not 0 <= lending.from_minute < lending.to_minute <= queries.DAY:
        raise InvalidError("The end must come after the beginning.", field="to_time")
    if len(lending.reason) > TEXT:
        raise InvalidError("The reason may have 200 characters at most.", field="reason")


def _home(session: Session, lender_id: str, person_id: str) -> Person:
    query = select(Person).where(Person.township_id == lender_id, Person.id == person_id, Person.active)
    person = session.scalar(query.where(Person.guest.is_(False)).with_for_update())
    if person is None:
        raise NotFoundError("no such person")
    return person


def _choose(session: Session, lending: Lending, person: Person) -> None:
    """Hold the person against what is asked for.

    Raises:
        InvalidError: kind, skill, check or free time stand against it.
        ConflictError: they are promised elsewhere.

    """
    if not queries.fits(person, lending):
        raise InvalidError("This person lacks the kind, the skill or a check valid to the last day.", field="person_id")
    if queries.is_promised(session, person, lending):
        raise ConflictError("This person is lent on one of these days already.", field="person_id")
    if not queries.free_pieces(session, person, lending, county_zone(session, lending.county_id)):
        raise InvalidError("This person is not free then.", field="person_id")
    lending.person_id, lending.purchased = person.id, person.dedicated


def _is_other_work(session: Session, lending: Lending, person: Person) -> bool:
    """Whether purchased-service staff would be lent for work that is not theirs."""
    if not person.dedicated or lending.activity_id is None:
        return False
    activity = session.get(Activity, (lending.borrower_id, lending.activity_id))
    return activity is not None and activity.service is Service.OTHER


def _word_by_station(session: Session, lending: Lending, person: Person, by: str, *, told: bool) -> None:
    """A volunteer without an account tells the station; who has one answers for themselves."""
    if person.kind is not PersonKind.VOLUNTEER or notices.accounts_of(session, [person.id]):
        return
    if not told:
        raise InvalidError("A volunteer agrees themselves: ask them first, and say so here.", field="told")
    lending.person_by, lending.person_at = by, utc_now()


def _expect(lending: Lending, state: LendingState) -> None:
    if lending.state is not state:
        raise ConflictError(NOT_NOW)


def _need_side(actor: Actor, township_id: str) -> None:
    if actor.role not in STATION or actor.township_id != township_id:
        raise ForbiddenError(NOT_YOURS)


def _go_on(session: Session, actor: Actor, lending: Lending) -> None:
    """Wait for the word that is missing; when none is, the loan stands."""
    first = lending.state is not LendingState.WAITING
    lending.state = LendingState.WAITING
    session.flush()
    person, county = queries.needs_person(lending), queries.needs_county(lending)
    if person or county:
        if first:
            lending_news.wanted(session, lending, person=person, county=county)
        return
    _stand(session, actor, lending)


def _stand(session: Session, actor: Actor, lending: Lending) -> None:
    """Everybody has agreed: look once more, then enter the guest.

    Raises:
        InvalidError: the person does not fit or is not free any more, or the activity is other work by now.

    """
    home = _home(session, lending.lender_id, lending.person_id or "")
    _choose(session, lending, home)
    if _is_other_work(session, lending, home):
        raise InvalidError(diversions.OTHER_WORK, field="person_id")
    if queries.needs_county(lending):  # they have become purchased staff since
        lending_news.wanted(session, lending, person=False, county=True)
        return
    pieces = queries.free_pieces(session, home, lending, county_zone(session, lending.county_id))
    lending.state, lending.begun_at, lending.told_at = LendingState.AGREED, utc_now(), utc_now()
    session.flush()
    guests.enter(session, lending, home, pieces)
    freed = guests.leave_drafts_at_home(session, lending, home, pieces)
    _log(session, actor, lending, "lending.begin", draft_tasks=freed)
    lending_news.agreed(session, lending, home)


def _closed_state(lending: Lending, party: LendingParty) -> LendingState:
    if lending.state is LendingState.AGREED:
        return LendingState.ENDED
    asker = LendingParty.LENDER if lending.offered else LendingParty.BORROWER
    if party is asker:
        return LendingState.WITHDRAWN
    if lending.state is LendingState.WAITING and party in {LendingParty.LENDER, LendingParty.BORROWER}:
        return LendingState.WITHDRAWN
    return LendingState.DECLINED


def _shut(
    session: Session,
    actor: Actor,
    lending: Lending,
    state: LendingState,
    party: LendingParty,
    *,
    by: str,
    reason: str,
) -> None:
    lending.state, lending.closed_party, lending.closed_by = state, party, by
    lending.closed_at, lending.closed_reason = utc_now(), reason
    session.flush()
    home = session.get(Person, (lending.lender_id, lending.person_id)) if lending.person_id else None
    lost = guests.leave(session, lending, home) if lending.begun_at is not None else []
    lending.dropped = len(lost)
    _log(session, actor, lending, _ACT[state], party=party.value, duties=lending.dropped)
    lending_news.closed(session, lending, home, begins=notices.first(duty.starts_at for duty in lost))


_ACT = {
    LendingState.DECLINED: "lending.decline",
    LendingState.WITHDRAWN: "lending.withdraw",
    LendingState.ENDED: "lending.end",
}


def _log(session: Session, actor: Actor, lending: Lending, action: str, **facts: object) -> None:
    """A line that each of the two heads reads in their own log."""
    for township in (lending.lender_id, lending.borrower_id):
        audit_log.record(session, actor, action, "lending", lending.id, details=dict(facts), township_id=township)
