"""How far a new station is on the way to its first published roster, told from what is there."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tenants.enums import ActivityState, PersonKind, RosterState
from tenants.models import Activity, Assignment, Child, Home, Person, Roster, VisitRule, WeeklyAvailability
from tenants.queries import people
from tenants.queries.people import PeopleFilter, VettingState

_FIELD = (PersonKind.VOLUNTEER, PersonKind.SOCIAL_WORKER, PersonKind.CHILD_DIRECTOR)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: ``count`` is how much of it is there, ``wanted`` how much lets one go on."""

    name: str
    count: int
    wanted: int = 1

    @property
    def done(self) -> bool:
        """Whether there is enough of it to go on."""
        return self.count >= self.wanted


@dataclass(frozen=True, kw_only=True)
class FirstSteps:
    """The way in its order."""

    steps: tuple[Step, ...]
    draft_id: str | None = None
    """The newest draft in which somebody does something: what is to be published."""

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.done for step in self.steps)

    @property
    def next(self) -> Step | None:
        """What to do now."""
        return next((step for step in self.steps if not step.done), None)


def first_steps(session: Session, today: date, now: datetime) -> FirstSteps:
    """Homes, people, checks, free times, rules, something to plan, a draft, a published version."""
    checked = [VettingState.VALID, VettingState.ENDING]
    counts: dict[str, Select[int]] = {
        "homes": select(func.count(Home.id)).where(Home.opened, Home.opening_hours != ""),
        "people": select(func.count(Person.id)).where(Person.active, Person.guest.is_(False), Person.kind.in_(_FIELD)),
        "availability": select(func.count(WeeklyAvailability.person_id.distinct())),
        "rules": select(func.count(VisitRule.id)),
        "draft": select(func.count(Assignment.roster_id.distinct())),
        "publish": select(func.count(Roster.id)).where(Roster.state == RosterState.PUBLISHED),
    }
    found = {name: session.scalar(query) or 0 for name, query in counts.items()}
    found["checks"] = sum(_people(session, state, today) for state in checked)
    found["tasks"] = _tasks(session, now)
    order = ("homes", "people", "checks", "availability", "rules", "tasks", "draft", "publish")
    return FirstSteps(steps=tuple(Step(name=name, count=found[name]) for name in order), draft_id=_draft(session))


def has_published(session: Session) -> bool:
    """Whether any roster has been published: asked before the longer list."""
    return session.scalar(select(Roster.id).where(Roster.version.is_not(None)).limit(1)) is not None


def _draft(session: Session) -> str | None:
    filled = select(Assignment.roster_id)
    drafts = select(Roster.id).where(Roster.state == RosterState.DRAFT, Roster.id.in_(filled))
    return session.scalar(drafts.order_by(Roster.created_at.desc()).limit(1))


def _people(session: Session, state: VettingState, today: date) -> int:
    listed = people.listed(PeopleFilter(active=True, vetting=state), today).order_by(None)
    return session.scalar(select(func.count()).select_from(listed.subquery())) or 0


def _tasks(session: Session, now: datetime) -> int:
    files = session.scalar(select(func.count(Child.id)).where(Child.closed_on.is_(None))) or 0
    planned = select(func.count(Activity.id)).where(Activity.starts_at >= now, Activity.state == ActivityState.PLANNED)
    return files + (session.scalar(planned) or 0)
