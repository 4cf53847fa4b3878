"""Applications of people who would like to become volunteers: sent, approved, declined, taken back, erased.

Whoever applies agreed to the use of their data (Personal Information Protection Law, art. 13), apart from that to the
criminal-record check (art. 29; Law on the Protection of Minors, art. 62), and to the code of conduct. The form asks for
each; without, nothing is sent. For somebody under 18 a guardian agrees (Civil Code, art. 19).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.ages import OLDEST, age_on, is_minor
from tenants.enums import ApplicationState, ExceptionKind, MessageKind, PersonKind
from tenants.errors import ConflictError, ForbiddenError, InvalidError
from tenants.models import Account, Person, Vetting, VettingRequest, Village, VolunteerApplication, utc_now
from tenants.queries import bars
from tenants.queries.arrangements import youngest
from tenants.queries.due import county_today, county_zone
from tenants.services import audit_log, availability, notices, people, vetting, wishes
from tenants.services.arrangements import need_setting

KEPT_DECIDED = timedelta(days=90)
"""How long an application stays once it is approved or declined."""
KEPT_WAITING = timedelta(days=180)
"""How long one stays that nobody decides."""
MOST_WAITING = 300
"""Applications of a township that may wait at one time."""
LONGEST_WAIT = 366
"""Days ahead that somebody may begin."""
REASON_LENGTH = (3, 300)
NOT_YET = "报名时填写的开始日期之前"
"""The note of the days before somebody begins."""
DECIDED = "This application is decided already."


@dataclass(frozen=True, kw_only=True, repr=False)
class ApplicationFacts:
    """What somebody wrote; ``guardian_agrees`` counts for those under 18 alone."""

    name: str
    phone: str
    birth_date: date
    from_day: date
    base_village_id: str | None = None
    page_village_id: str | None = None
    wishes: str = ""
    skills: frozenset[str] = frozenset()
    guardian_name: str = ""
    guardian_phone: str = ""
    guardian_agrees: bool = False


def send(session: Session, actor: Actor, facts: ApplicationFacts) -> VolunteerApplication:
    """Keep an application; whether the station knows the telephone makes no difference.

    Raises:
        InvalidError: a fact breaks a rule.
        ConflictError: too many wait already.

    """
    township_id = actor.township_id or ""
    today = county_today(session, actor.county_id)
    _check(session, township_id, facts, today)
    waiting = select(func.count(VolunteerApplication.id)).where(_waiting())
    if (session.scalar(waiting) or 0) >= MOST_WAITING:
        raise ConflictError("The station has many applications to look at: please call it, or try again next week.")
    minor = is_minor(facts.birth_date, today)
    row = VolunteerApplication(
        township_id=township_id,
        name=facts.name.strip(),
        phone=facts.phone.strip(),
        birth_date=facts.birth_date,
        base_village_id=facts.base_village_id,
        page_village_id=facts.page_village_id,
        wishes=facts.wishes.strip(),
        skills=sorted(facts.skills),
        from_day=facts.from_day,
        guardian_name=facts.guardian_name.strip() if minor else "",
        guardian_phone=facts.guardian_phone.strip() if minor else "",
    )
    session.add(row)
    session.flush()
    audit_log.record(session, actor, "application.send", "volunteer_application", row.id)
    station = notices.station_accounts(session, township_id)
    notices.tell(session, station, MessageKind.APPLICATION_SENT, {}, subject_id=row.id)
    return row


def _check(session: Session, township_id: str, facts: ApplicationFacts, today: date) -> None:
    if not facts.name.strip():
        raise InvalidError("Enter your name.", field="name")
    if facts.birth_date > today or age_on(facts.birth_date, today) > OLDEST:
        raise InvalidError("Enter the day on which you were born.", field="birth_date")
    if age_on(facts.birth_date, today) < youngest(session, township_id):
        raise InvalidError("The station takes volunteers from a higher age on; see above.", field="birth_date")
    if not today <= facts.from_day <= today + timedelta(days=LONGEST_WAIT):
        raise InvalidError("Choose a day from today on, within a year.", field="from_day")
    for field in ("base_village_id", "page_village_id"):
        village = getattr(facts, field)
        if village is not None and session.get(Village, (township_id, village)) is None:
            raise InvalidError("Choose a village of the township.", field="base_village_id")
    if is_minor(facts.birth_date, today):
        _check_guardian(facts)


def _check_guardian(facts: ApplicationFacts) -> None:
    if not facts.guardian_name.strip():
        raise InvalidError("Under 18, a guardian's name is needed.", field="guardian_name")
    if not facts.guardian_phone.strip():
        raise InvalidError("Under 18, a guardian's phone is needed.", field="guardian_phone")
    if not facts.guardian_agrees:
        raise InvalidError("Under 18, you can apply only if a guardian agrees.", field="guardian_agrees")


def approve(session: Session, actor: Actor, row: VolunteerApplication) -> Person:
    """Enter the applicant as a volunteer, and note that the criminal-record check is asked for.

    Until the reply is in, they are given no duty.

    Raises:
        ConflictError: it is decided already.

    """
    _need(row, ApplicationState.WAITING)
    today = county_today(session, actor.county_id)
    agreed_on = row.created_at.astimezone(county_zone(session, actor.county_id)).date()
    facts = people.PersonFacts(
        name=row.name,
        kind=PersonKind.VOLUNTEER,
        phone=row.phone,
        base_village_id=row.base_village_id,
        birth_date=row.birth_date,
        guardian_name=row.guardian_name,
        guardian_phone=row.guardian_phone,
        guardian_agreed_on=agreed_on,
    )
    person = people.create(session, actor, facts)
    _carry_over(session, actor, row, person, today)
    if not bars.is_barred(person):  # whom the county's register knows is asked about no more
        vetting.ask(session, actor, [person.id], today)
    row.person_id = person.id
    _decide(row, actor, ApplicationState.APPROVED)
    session.flush()
    details = {"agreed_on": str(agreed_on)}
    audit_log.record(session, actor, "application.approve", "volunteer_application", row.id, details=details)
    return person


def _carry_over(session: Session, actor: Actor, row: VolunteerApplication, person: Person, today: date) -> None:
    """What the applicant wrote for the rota: not free before the day; words and skills as their own word."""
    person.own_words = row.wishes
    if row.skills:
        wishes.state_skills(session, actor, person, row.skills)
    if row.from_day > today:
        last = row.from_day - timedelta(days=1)
        availability.add_exception(
            session, actor, person, kind=ExceptionKind.AWAY, from_day=today, to_day=last, note=NOT_YET
        )


def decline(session: Session, actor: Actor, row: VolunteerApplication, reason: str) -> None:
    """Do not take somebody; the reason stays with the station.

    Raises:
        InvalidError: the reason has fewer than 3 or more than 300 characters.
        ConflictError: it is decided already.

    """
    _need(row, ApplicationState.WAITING)
    if not REASON_LENGTH[0] <= len(reason.strip()) <= REASON_LENGTH[1]:
        raise InvalidError("The reason has 3 to 300 characters.", field="reason")
    row.reason = reason.strip()
    _decide(row, actor, ApplicationState.DECLINED)
    session.flush()
    audit_log.record(session, actor, "application.decline", "volunteer_application", row.id)


def reopen(session: Session, actor: Actor, row: VolunteerApplication) -> None:
    """Take a decision back; the person whom an approval made goes, as long as nothing hangs on them.

    Raises:
        ConflictError: it waits, or the person has a check, an account, a duty or anything else by now.

    """
    if row.state is ApplicationState.WAITING:
        raise ConflictError("This application waits for a decision.")
    if row.state is ApplicationState.APPROVED:
        _take_out(session, actor, row)
    row.state, row.decided_at, row.decided_by, row.reason, row.person_id = (
        ApplicationState.WAITING,
        None,
        None,
        "",
        None,
    )
    session.flush()
    audit_log.record(session, actor, "application.reopen", "volunteer_application", row.id)


def _take_out(session: Session, actor: Actor, row: VolunteerApplication) -> None:
    person = session.get(Person, (row.township_id, row.person_id or ""))
    if person is None:
        return
    held = (Vetting, Account)
    if any(session.scalar(select(kind.id).where(kind.person_id == person.id).limit(1)) for kind in held):
        raise ConflictError("This person is at work by now: make them inactive on their own page instead.")
    for request in session.scalars(select(VettingRequest).where(VettingRequest.person_id == person.id)):
        session.delete(request)
    try:
        with session.begin_nested():
            session.flush()
            session.delete(person)
            session.flush()
    except IntegrityError:
        raise ConflictError("This person is at work by now: make them inactive on their own page instead.") from None
    audit_log.record(session, actor, "person.remove", "person", row.person_id or "")


def erase_old(session: Session, actor: Actor) -> int:
    """Erase the township's applications whose time is over, and count them."""
    now = utc_now()
    old = or_(
        and_(_waiting(), VolunteerApplication.created_at < now - KEPT_WAITING),
        VolunteerApplication.decided_at < now - KEPT_DECIDED,
    )
    rows = session.scalars(select(VolunteerApplication).where(old)).all()
    for row in rows:
        session.delete(row)
    if rows:
        session.flush()
        facts = {"number": len(rows)}
        audit_log.record(
            session, actor, "application.erase", "volunteer_application", actor.township_id or "", details=facts
        )
    return len(rows)


def settle_page(session: Session, actor: Actor, *, is_open: bool, words: str, age: int) -> None:
    """Open or close the township's public page, and say what stands on it.

    Raises:
        InvalidError: the age lies outside 14 to 18: under 14 a person's data are sensitive as such (Personal
            Information Protection Law, art. 28).
        ForbiddenError: the actor belongs to no station.

    """
    if actor.township_id is None:
        raise ForbiddenError("A township's station settles this.")
    if not 14 <= age <= 18:
        raise InvalidError("Must be 14 to 18 years.", field="join_age")
    setting = need_setting(session, actor.township_id)
    setting.join_open, setting.join_words, setting.join_age = is_open, words.strip(), age
    session.flush()
    facts = {"open": is_open, "age": age}
    audit_log.record(session, actor, "station.join_page", "station_setting", setting.id, details=facts)


def _waiting() -> ColumnElement[bool]:
    return VolunteerApplication.state == ApplicationState.WAITING


def _need(row: VolunteerApplication, state: ApplicationState) -> None:
    if row.state is not state:
        raise ConflictError(DECIDED)


def _decide(row: VolunteerApplication, actor: Actor, state: ApplicationState) -> None:
    row.state, row.decided_at, row.decided_by = state, utc_now(), actor.account_id
