"""Who comes nearest to an open place and what stops them, and the smallest things that would fill it."""

from collections.abc import Callable
from dataclasses import dataclass

from scheduling.explain.fixes import Fix, FixKind, Idea
from scheduling.explain.obstacles import Obstacle
from scheduling.explain.unserved import WhyUnserved, why_unserved
from scheduling.problem import Task
from scheduling.rules import RuleId
from weibao.explaining.names import Names, sentence
from weibao.explaining.rules import hours
from weibao.planning import Draft
from weibao.planning.fixes import name_of
from weibao.say import _, listed, ngettext
from weibao.words import role_label, skill_label


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody near to a place, and what stops them."""

    person_id: str
    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """A role that needs people, and who comes nearest."""

    role: str
    needed: int
    candidates: list[Candidate]


@dataclass(frozen=True, kw_only=True)
class Way:
    """One thing that would let the task be served; ``other`` is the task, ``person`` whom it is about.

    ``name`` is what a form calls it where the planner can do it at once, else empty.
    """

    kind: FixKind
    name: str
    text: str
    then: str
    other: str | None
    person: str | None


@dataclass(frozen=True, kw_only=True)
class WhyOpen:
    """The places of an open task and the ways to serve it."""

    places: list[Place]
    ways: list[Way]


def why_open(draft: Draft, task_id: str, names: Names) -> WhyOpen:
    """Who comes nearest to a task that is open, and what would help; nothing of both where it is free to be served."""
    if task_id in draft.free_rows:
        return WhyOpen(places=[], ways=[])
    found = why_unserved(draft.problem, draft.rows, task_id)
    return WhyOpen(
        places=_places(found, names), ways=[_way(fix, draft.problem.task_of[task_id], names) for fix in found.fixes]
    )


def _places(found: WhyUnserved, names: Names) -> list[Place]:
    return [
        Place(
            role=place.role,
            needed=place.needed,
            candidates=[
                Candidate(person_id=o.person, name=names.person(o.person), text=stopped_by(o, names))
                for o in place.nearest
                if o.rule is not RuleId.KIND
            ],
        )
        for place in found.places
    ]


def stopped_by(obstacle: Obstacle, names: Names) -> str:
    """What stops somebody, without their name."""
    if obstacle.rule is None:
        return _("could come at %(when)s, but the rest of the team cannot", when=names.when(obstacle.minute or 0))
    return _OBSTACLES[obstacle.rule](obstacle, names)


def _after(o: Obstacle, names: Names) -> str:
    return _("could come only too close to %(other)s", other=names.task(o.other))


def _busy(o: Obstacle, names: Names) -> str:
    return _(
        "is on %(other)s from %(since)s until %(until)s",
        other=names.task(o.other),
        since=names.when(o.since or 0),
        until=names.time(o.until or 0),
    )


def _day_tasks(o: Obstacle, names: Names) -> str:
    return ngettext(
        "has %(num)d duty a day as the limit", "has %(num)d duties a day as the limit", o.limit or 0
    )  # fmt: skip


def _day_minutes(o: Obstacle, names: Names) -> str:
    return _("would have %(actual)s in a day; the limit is %(limit)s", **_limit(o))


def _week_minutes(o: Obstacle, names: Names) -> str:
    return _("would have %(actual)s in the week; the limit is %(limit)s", **_limit(o))


def _limit(o: Obstacle) -> dict[str, str]:
    return {"actual": hours(o.actual or 0), "limit": hours(o.limit or 0)}


def _availability(o: Obstacle, names: Names) -> str:
    if o.missing is not None:
        return _(
            "is free on %(day)s, but for %(missing)s too short", day=names.day(o.day or 0), missing=hours(o.missing)
        )
    if o.day is not None:
        return _("is away on %(day)s", day=names.day(o.day))
    return _("is away on every day on which it is possible")


def _vetting(o: Obstacle, names: Names) -> str:
    if o.limit is None:
        return _("has no valid criminal-record check")
    return _(
        "has a check until %(end)s; it would be needed on %(day)s", end=names.day(o.limit), day=names.day(o.day or 0)
    )


def _skill(o: Obstacle, names: Names) -> str:
    return _("lacks %(skills)s", skills=listed([str(skill_label(skill)).lower() for skill in o.skills]))


def _barred(o: Obstacle, names: Names) -> str:
    return _("is barred from it")


def _dedicated(o: Obstacle, names: Names) -> str:
    return _("is purchased-service staff, kept for child protection and social work")


_OBSTACLES: dict[RuleId, Callable[[Obstacle, Names], str]] = {
    RuleId.AFTER: _after,
    RuleId.TRAVEL: _busy,
    RuleId.DAY_TASKS: _day_tasks,
    RuleId.DAY_MINUTES: _day_minutes,
    RuleId.WEEK_MINUTES: _week_minutes,
    RuleId.AVAILABILITY: _availability,
    RuleId.VETTING: _vetting,
    RuleId.SKILL: _skill,
    RuleId.BARRED: _barred,
    RuleId.DEDICATED: _dedicated,
}


def _way(fix: Fix, task: Task, names: Names) -> Way:
    return Way(
        kind=fix.idea.kind,
        name=name_of(fix),
        text=sentence(idea_in_words(fix.idea, names)),
        then=_then(fix, task, names),
        other=fix.idea.other,
        person=fix.idea.person,
    )


def _then(fix: Fix, task: Task, names: Names) -> str:
    if fix.idea.kind is FixKind.MORE_PEOPLE:
        wanted = {"female": _("The team needs a woman."), "male": _("The team needs a man.")}
        return wanted.get(task.needs_gender or "", "")
    team = listed([names.person(seat.person) for seat in fix.row.people])
    return _("Then: %(when)s, %(team)s.", when=names.when(fix.row.start), team=team)


def idea_in_words(idea: Idea, names: Names) -> str:
    """One thing to do."""
    return _IDEAS[idea.kind](idea, names)


def _renew(idea: Idea, names: Names) -> str:
    person, day = names.person(idea.person), names.day(idea.day or 0)
    return _("renew the criminal-record check of %(person)s by %(day)s.", person=person, day=day)


def _move(idea: Idea, names: Names) -> str:
    return _("move %(other)s to %(when)s.", other=names.task(idea.other), when=names.when(idea.start or 0))


def _replace(idea: Idea, names: Names) -> str:
    facts = {"person": names.person(idea.person), "other": names.task(idea.other)}
    if idea.by is None:
        return _("take %(person)s off %(other)s, which has enough people without.", **facts)
    return _("let %(by)s take the place of %(person)s on %(other)s.", by=names.person(idea.by), **facts)


def _drop(idea: Idea, names: Names) -> str:
    return _("leave out %(other)s.", other=names.task(idea.other))


def _more(idea: Idea, names: Names) -> str:
    people = [
        _("%(number)d × %(role)s", number=count, role=str(role_label(role)).lower()) for role, count in idea.needed
    ]
    return _("find more people: %(people)s.", people=listed(people))


def _longer(idea: Idea, names: Names) -> str:
    begin, end = idea.span or (0, 0)
    return _(
        "ask %(person)s for %(minutes)s more on %(day)s: free from %(begin)s to %(end)s.",
        person=names.person(idea.person),
        minutes=hours(idea.minutes or 0),
        day=names.day(begin // 1440),
        begin=names.time(begin),
        end=names.time(end),
    )


def _higher(idea: Idea, names: Names) -> str:
    person, amount = names.person(idea.person), idea.amount or 0
    if idea.limit == "max_tasks_per_day":
        return ngettext(
            "ask %(person)s to take %(num)d duty a day.",
            "ask %(person)s to take %(num)d duties a day.",
            amount,
            person=person,
        )
    if idea.limit == "max_minutes_per_day":
        return _("ask %(person)s to take %(amount)s a day.", person=person, amount=hours(amount))
    return _("ask %(person)s to take %(amount)s a week.", person=person, amount=hours(amount))


_IDEAS: dict[FixKind, Callable[[Idea, Names], str]] = {
    FixKind.EXTEND_AVAILABILITY: _longer,
    FixKind.RENEW_VETTING: _renew,
    FixKind.RAISE_LIMIT: _higher,
    FixKind.MOVE_TASK: _move,
    FixKind.REPLACE_PERSON: _replace,
    FixKind.DROP_TASK: _drop,
    FixKind.MORE_PEOPLE: _more,
}
