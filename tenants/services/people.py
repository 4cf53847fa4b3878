"""Writes about people: facts, skills, criminal-record checks, leaving and coming back."""

from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.ages import OLDEST, age_on, is_minor
from tenants.enums import DiversionWay, Gender, PersonKind, VettingResult
from tenants.errors import DiversionError, ForbiddenError, InvalidError, NotFoundError
from tenants.models import Person, PersonSkill, Vetting, Village
from tenants.queries.arrangements import youngest
from tenants.queries.due import county_today
from tenants.services import audit_log, barring, diversions, duties

SKILL_LENGTH = 40


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """What is known of a person. Limits are service minutes and tasks, travel not counted; None: no limit."""

    name: str
    kind: PersonKind
    name_en: str = ""
    gender: Gender | None = None
    phone: str | None = None
    base_village_id: str | None = None
    dedicated: bool = False
    max_minutes_per_day: int | None = None
    max_minutes_per_week: int | None = None
    max_tasks_per_day: int | None = None
    birth_date: date | None = None
    guardian_name: str = ""
    guardian_phone: str = ""
    guardian_agreed_on: date | None = None
    skills: frozenset[str] = frozenset()


def facts_of(person: Person) -> PersonFacts:
    """A person's facts, to change some of them."""
    held = {field.name: getattr(person, field.name) for field in fields(PersonFacts) if field.name != "skills"}
    return PersonFacts(**held, skills=frozenset(row.skill for row in person.skills))


def create(session: Session, actor: Actor, facts: PersonFacts, *, way: DiversionWay = DiversionWay.REENTRY) -> Person:
    """Add a person to the actor's township.

    Raises:
        InvalidError: a fact breaks a rule.
        DiversionError: they are purchased-service staff of the township, and are entered as somebody else.

    """
    if actor.township_id is None:
        raise ForbiddenError("People are kept by a township's station.")
    _check(session, actor.township_id, facts)
    today = county_today(session, actor.county_id)
    _check_age(session, actor.township_id, facts, today, known=None)
    if not facts.dedicated:
        diversions.refuse_reentry(session, facts.name, facts.phone, way)
    person = Person(township_id=actor.township_id)
    _fill(person, facts, today)
    session.add(person)
    session.flush()
    audit_log.record(session, actor, "person.create", "person", person.id, details={"kind": facts.kind.value})
    barring.follow_register(session, actor, person)
    return person


def edit(
    session: Session,
    actor: Actor,
    person: Person,
    facts: PersonFacts,
    *,
    way: DiversionWay = DiversionWay.REGISTER,
) -> None:
    """Replace a person's facts and skills.

    Raises:
        InvalidError: a fact breaks a rule.
        DiversionError: it would take somebody out of the purchased-service staff.

    """
    if person.dedicated and not facts.dedicated:
        raise DiversionError(diversions.ENTRY, person_id=person.id, way=way)
    _check(session, person.township_id, facts)
    today = county_today(session, actor.county_id)
    _check_age(session, person.township_id, facts, today, known=person.birth_date)
    before = (person.name, person.name_en)
    _fill(person, facts, today)
    session.flush()
    if before != (person.name, person.name_en):
        duties.person_renamed(session, person.id)
    audit_log.record(session, actor, "person.edit", "person", person.id)
    barring.follow_register(session, actor, person)


def set_active(session: Session, actor: Actor, person: Person, active: bool) -> None:
    """Take a person off every future plan, or put them back; their record stays.

    Raises:
        DiversionError: the county has posted them to another township, or they are purchased-service staff.

    """
    if person.active == active:
        return
    if active:
        diversions.refuse_return(session, actor, person)
    else:
        diversions.refuse_leaving(person)
    person.active = active
    session.flush()
    audit_log.record(session, actor, "person.reactivate" if active else "person.deactivate", "person", person.id)


def add_check(
    session: Session,
    actor: Actor,
    person: Person,
    *,
    checked_on: date,
    valid_through: date,
    result: VettingResult,
    reference: str = "",
) -> Vetting:
    """Enter a criminal-record check; a bad one bars the person in the whole county (see ``barring.bar``).

    Raises:
        InvalidError: it lies in the future, or holds for more than the year that the law gives (art. 62).
        ForbiddenError: it is bad, and the actor is no station head.
        ConflictError: the person is barred: only the county lifts that.

    """
    if checked_on > county_today(session, actor.county_id):
        raise InvalidError("A check cannot be made on a day that has not come yet.", field="checked_on")
    if result is VettingResult.BARRED:
        held = barring.bar(session, actor, person, checked_on, reference)
        return next(check for check in person.vettings if check.bar_id == held.id)
    if valid_through < checked_on:
        raise InvalidError("A check cannot end before it is made.", field="valid_through")
    if (valid_through - checked_on).days > 366:
        raise InvalidError("A check holds for one year at most: it is repeated every year.", field="valid_through")
    check = Vetting(
        township_id=person.township_id,
        person_id=person.id,
        checked_on=checked_on,
        valid_through=valid_through,
        result=result,
        reference=reference.strip(),
    )
    person.vettings.append(check)
    session.flush()
    audit_log.record(session, actor, "vetting.add", "person", person.id, details={"vetting": check.id})
    return check


def remove_check(session: Session, actor: Actor, person: Person, check_id: str) -> None:
    """Take out a check that was entered by mistake.

    Raises:
        NotFoundError: the person has no such check.
        ForbiddenError: it is a bad one: only the county lifts a bar.

    """
    check = next((check for check in person.vettings if check.id == check_id), None)
    if check is None:
        raise NotFoundError("no such check")
    if check.result is not VettingResult.CLEAR:
        raise ForbiddenError("Only the county lifts a bar, with a reason.")
    person.vettings.remove(check)
    session.flush()
    audit_log.record(session, actor, "vetting.remove", "person", person.id, details={"vetting": check_id})


def _check(session: Session, township_id: str, facts: PersonFacts) -> None:
    if not facts.name.strip():
        raise InvalidError("A person needs a name.", field="name")
    if facts.dedicated and facts.kind is not PersonKind.SOCIAL_WORKER:
        raise InvalidError("Only social workers can be purchased-service staff (notice 3.2).", field="dedicated")
    if any(len(skill) > SKILL_LENGTH for skill in facts.skills):
        raise InvalidError("A skill may have 40 characters at most.", field="own_skills")
    for field in ("max_minutes_per_day", "max_minutes_per_week", "max_tasks_per_day"):
        limit = getattr(facts, field)
        if limit is not None and limit < 1:
            raise InvalidError("A limit is at least 1; leave it empty for no limit.", field=field)
    if facts.base_village_id and session.get(Village, (township_id, facts.base_village_id)) is None:
        raise InvalidError("Choose a village of the township.", field="base_village_id")


def _check_age(session: Session, township_id: str, facts: PersonFacts, today: date, *, known: date | None) -> None:
    """Refuse whoever is too young, and a minor without a guardian who agreed (Civil Code, art. 17 to 19).

    A day of birth that is ``known`` already stays good when the station's age rises later.
    """
    born = facts.birth_date
    if born is None:
        return
    if born > today or age_on(born, today) > OLDEST:
        raise InvalidError("Enter the day on which the person was born.", field="birth_date")
    if not is_minor(born, today):
        return
    if facts.kind is not PersonKind.VOLUNTEER:
        raise InvalidError("Only a volunteer may be under 18.", field="birth_date")
    if born != known and age_on(born, today) < youngest(session, township_id):
        raise InvalidError("The station takes volunteers from a higher age on.", field="birth_date")
    if not facts.guardian_name.strip():
        raise InvalidError("Under 18, a guardian's name is needed.", field="guardian_name")
    if not facts.guardian_phone.strip():
        raise InvalidError("Under 18, a guardian's phone is needed.", field="guardian_phone")
    if facts.guardian_agreed_on is None or facts.guardian_agreed_on > today:
        raise InvalidError("Enter the day on which the guardian agreed.", field="guardian_agreed_on")


def _fill(person: Person, facts: PersonFacts, today: date) -> None:
    person.name, person.name_en = facts.name.strip(), facts.name_en.strip()
    person.kind, person.gender, person.dedicated = facts.kind, facts.gender, facts.dedicated
    person.phone, person.base_village_id = facts.phone or None, facts.base_village_id or None
    person.max_minutes_per_day = facts.max_minutes_per_day
    person.max_minutes_per_week = facts.max_minutes_per_week
    person.max_tasks_per_day = facts.max_tasks_per_day
    person.birth_date, minor = facts.birth_date, is_minor(facts.birth_date, today)  # an adult's guardian is not kept
    person.guardian_agreed_on = facts.guardian_agreed_on if minor else None
    person.guardian_name = facts.guardian_name.strip() if minor else ""
    person.guardian_phone = facts.guardian_phone.strip() if minor else ""
    kept = [row for row in person.skills if row.skill in facts.skills]
    new = facts.skills - {row.skill for row in kept}
    person.skills = kept + [PersonSkill(township_id=person.township_id, skill=skill) for skill in sorted(new)]
