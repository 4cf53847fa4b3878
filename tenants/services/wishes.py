"""What people say of themselves: what they would gladly do or rather not, their own words, skills they say they have.

A wish costs or gains a plan a little (the weights ``want`` and ``avoid``) and forbids nothing. A skill in somebody's
own word qualifies them for nothing: the scheduler, sign-ups and substitutions look at the station's entry alone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import ActivityKind, ActivityState
from tenants.errors import ConflictError, InvalidError, NotFoundError
from tenants.models import Activity, LastingWish, Person, PersonSkill, StatedSkill, Village, Wish, utc_now
from tenants.services import audit_log
from tenants.services.people import SKILL_LENGTH

WORDS_LENGTH = 500
MOST_SKILLS = 20
"""Skills that a person may name."""


@dataclass(frozen=True, kw_only=True)
class LastingFacts:
    """Kinds and villages (ids) with True for gladly and False for rather not; ``own_words`` as they were written."""

    kinds: Mapping[ActivityKind, bool]
    villages: Mapping[str, bool]
    own_words: str = ""


def say(session: Session, actor: Actor, person: Person, activity: Activity, wants: bool | None) -> None:
    """Keep a person's word on one activity: gladly, rather not, or None to take it back.

    Raises:
        ConflictError: the activity was called off, or has begun.

    """
    if activity.state is not ActivityState.PLANNED or activity.starts_at <= utc_now():
        raise ConflictError("This activity was called off or has begun.")
    query = select(Wish).where(Wish.person_id == person.id, Wish.activity_id == activity.id)
    row = session.scalar(query)
    if wants is None and row is not None:
        session.delete(row)
    elif wants is not None and row is not None:
        row.wants = wants
    elif wants is not None:
        session.add(Wish(township_id=person.township_id, person_id=person.id, activity_id=activity.id, wants=wants))
    session.flush()
    facts = {"activity": activity.id, "wants": wants}
    audit_log.record(session, actor, "availability.wish", "person", person.id, details=facts)


def set_lasting(session: Session, actor: Actor, person: Person, facts: LastingFacts) -> None:
    """Replace a person's lasting wishes and own words.

    Raises:
        InvalidError: the words are too long.
        NotFoundError: a village is not the township's.

    """
    if len(facts.own_words.strip()) > WORDS_LENGTH:
        raise InvalidError("Write 500 characters at most.", field="own_words")
    known = set(session.scalars(select(Village.id).where(Village.township_id == person.township_id)))
    if not facts.villages.keys() <= known:
        raise NotFoundError("no such village")
    wanted: dict[tuple[ActivityKind | None, str | None], bool] = {
        **{(kind, None): wants for kind, wants in facts.kinds.items()},
        **{(None, village): wants for village, wants in facts.villages.items()},
    }
    kept = [row for row in person.lasting_wishes if (row.kind, row.village_id) in wanted]
    for row in kept:
        row.wants = wanted.pop((row.kind, row.village_id))
    person.lasting_wishes = kept + [
        LastingWish(township_id=person.township_id, kind=kind, village_id=village, wants=wants)
        for (kind, village), wants in wanted.items()
    ]
    person.own_words = facts.own_words.strip()
    session.flush()
    details = {"wishes": len(person.lasting_wishes)}
    audit_log.record(session, actor, "availability.lasting", "person", person.id, details=details)


def state_skills(session: Session, actor: Actor, person: Person, skills: Collection[str]) -> None:
    """Replace the skills that a person says they have; what the station has entered stays as it is.

    Raises:
        InvalidError: a skill is too long, or there are too many.

    """
    if any(len(skill) > SKILL_LENGTH for skill in skills):
        raise InvalidError("A skill may have 40 characters at most.", field="own_skills")
    if len(skills) > MOST_SKILLS:
        raise InvalidError("Name 20 skills at most.", field="own_skills")
    kept = [row for row in person.stated_skills if row.skill in skills]
    new = set(skills) - {row.skill for row in kept}
    person.stated_skills = kept + [StatedSkill(township_id=person.township_id, skill=skill) for skill in sorted(new)]
    session.flush()
    details = {"skills": len(person.stated_skills)}
    audit_log.record(session, actor, "availability.skills", "person", person.id, details=details)


def take_skill(session: Session, actor: Actor, person: Person, skill: str) -> None:
    """Let a skill in the person's own word count: the station has made sure of it. Taken twice it is taken once.

    Raises:
        NotFoundError: the person does not say so.

    """
    stated = _need_stated(person, skill)
    if skill not in {row.skill for row in person.skills}:
        person.skills.append(PersonSkill(township_id=person.township_id, skill=skill))
        session.flush()
        audit_log.record(session, actor, "person.take_skill", "person", person.id, details={"skill": stated.id})


def return_skill(session: Session, actor: Actor, person: Person, skill: str) -> None:
    """Take the taking over back: the skill is the person's own word again.

    Raises:
        NotFoundError: the person does not say so.

    """
    stated = _need_stated(person, skill)
    row = next((row for row in person.skills if row.skill == skill), None)
    if row is not None:
        person.skills.remove(row)
        session.flush()
        audit_log.record(session, actor, "person.return_skill", "person", person.id, details={"skill": stated.id})


def _need_stated(person: Person, skill: str) -> StatedSkill:
    stated = next((row for row in person.stated_skills if row.skill == skill), None)
    if stated is None:
        raise NotFoundError("no such skill")
    return stated
