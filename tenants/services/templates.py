"""Writes about activity templates, and activities made from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import ActivityKind, Priority, Service
from tenants.errors import ForbiddenError, InvalidError
from tenants.example_templates import example_templates
from tenants.models import ActivityTemplate
from tenants.queries.templates import templates
from tenants.roles import RoleWanted, check_roles
from tenants.services import audit_log
from tenants.services.activities import ActivityFacts


@dataclass(frozen=True, kw_only=True)
class TemplateFacts:
    """What a template says; ``start`` is on the county's clock, ``minutes`` the length."""

    title: str
    kind: ActivityKind
    service: Service
    priority: Priority
    start: time
    minutes: int
    roles: Sequence[RoleWanted]
    title_en: str = ""
    with_children: bool = True
    children_expected: int = 0


def create(session: Session, actor: Actor, facts: TemplateFacts) -> ActivityTemplate:
    """Add a template to the actor's township.

    Raises:
        InvalidError: a fact breaks a rule.

    """
    template = ActivityTemplate(township_id=_township_of(actor))
    _fill(template, facts)
    session.add(template)
    session.flush()
    audit_log.record(session, actor, "template.create", "activity_template", template.id)
    return template


def edit(session: Session, actor: Actor, template: ActivityTemplate, facts: TemplateFacts) -> None:
    """Change a template; activities made from it stay as they are.

    Raises:
        InvalidError: a fact breaks a rule.

    """
    _fill(template, facts)
    session.flush()
    audit_log.record(session, actor, "template.edit", "activity_template", template.id)


def set_offered(session: Session, actor: Actor, template: ActivityTemplate, *, offered: bool) -> None:
    """Put a template aside, or offer it again."""
    template.offered = offered
    session.flush()
    action = "template.offer" if offered else "template.put_aside"
    audit_log.record(session, actor, action, "activity_template", template.id)


def begin_with_examples(session: Session, actor: Actor) -> int:
    """Add the seven templates of the notice's kinds to a township that has none, and count them."""
    if templates(session):
        return 0
    rows = example_templates(_township_of(actor))
    session.add_all(rows)
    session.flush()
    audit_log.record(session, actor, "template.examples", "activity_template", details={"made": len(rows)})
    return len(rows)


def facts_of(template: ActivityTemplate) -> TemplateFacts:
    """A template's facts, for a form."""
    return TemplateFacts(
        title=template.title,
        title_en=template.title_en,
        kind=template.kind,
        service=template.service,
        priority=template.priority,
        start=template.start,
        minutes=template.minutes,
        with_children=template.with_children,
        children_expected=template.children_expected,
        roles=roles_of(template),
    )


def roles_of(template: ActivityTemplate) -> list[RoleWanted]:
    """The team that a template asks for."""
    return [RoleWanted.of_rule(entry) for entry in template.roles]


def activity_of(template: ActivityTemplate, *, home_id: str, day: date, start: time | None = None) -> ActivityFacts:
    """The activity that a template gives at a home on a day, at its own time unless another is given."""
    begins = start or template.start
    ends = datetime.combine(day, begins) + timedelta(minutes=template.minutes)
    return ActivityFacts(
        home_id=home_id,
        title=template.title,
        title_en=template.title_en,
        kind=template.kind,
        service=template.service,
        priority=template.priority,
        day=day,
        start=begins,
        end=ends.time() if ends.date() == day else time(0),  # past midnight is refused like an end before the beginning
        with_children=template.with_children,
        children_expected=template.children_expected,
        roles=roles_of(template),
    )


def _township_of(actor: Actor) -> str:
    if actor.township_id is None:
        raise ForbiddenError("Templates are kept by a township's station.")
    return actor.township_id


def _fill(template: ActivityTemplate, facts: TemplateFacts) -> None:
    if not facts.title.strip():
        raise InvalidError("An activity needs a title.", field="title")
    if not 15 <= facts.minutes <= 480:
        raise InvalidError("An activity takes 15 to 480 minutes.", field="minutes")
    if facts.start.hour * 60 + facts.start.minute + facts.minutes > 23 * 60 + 59:
        raise InvalidError("The activity would last into the next day.", field="minutes")
    if facts.children_expected < 0:
        raise InvalidError("A number of children cannot be negative.", field="children_expected")
    check_roles(facts.roles)
    template.title, template.title_en = facts.title.strip(), facts.title_en.strip()
    template.kind, template.service, template.priority = facts.kind, facts.service, facts.priority
    template.start, template.minutes = facts.start, facts.minutes
    template.with_children, template.children_expected = facts.with_children, facts.children_expected
    template.roles = [wanted.as_entry() for wanted in facts.roles]
