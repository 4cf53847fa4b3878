"""A broken rule in one sentence, and the article behind those that nobody may set aside."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from scheduling.audit import Violation
from scheduling.problem import Problem
from scheduling.rules import RuleId
from tenants.enums import PersonKind
from weibao.explaining.names import Names, sentence
from weibao.planning.adults import lacks_age
from weibao.planning.changes import against_law
from weibao.say import _, listed, ngettext
from weibao.words import label, role_label, skill_label


@dataclass(frozen=True, kw_only=True)
class Warning:
    """One broken rule in words; ``law`` is the article where no planner may set it aside, else empty."""

    text: str
    law: str
    task: str | None
    person: str | None


def warnings_of(violations: Iterable[Violation], problem: Problem, names: Names) -> list[Warning]:
    """Each violation in words, those against the law first."""
    ordered = sorted(violations, key=lambda v: (not against_law(v, problem), v.task or "", v.person or "", v.rule))
    return [_warning(violation, problem, names) for violation in ordered]


def _warning(violation: Violation, problem: Problem, names: Names) -> Warning:
    say = _SENTENCES.get(violation.rule, _other)
    return Warning(
        text=sentence(say(violation, problem, names)),
        law=_under_age() if lacks_age(violation, problem) else law_of(violation.rule),
        task=violation.task,
        person=violation.person,
    )


def law_of(rule: RuleId) -> str:
    """The article that forbids to set a rule aside; empty where a planner may."""
    if rule in {RuleId.VETTING, RuleId.BARRED}:
        return _("Law on the Protection of Minors, art. 62: checked every year, nobody with such a record")
    if rule is RuleId.DEDICATED:
        return _("County notice, section 3.2: purchased-service staff may not be diverted to other work")
    return ""


def _under_age() -> str:
    return _("Somebody under 18 is never the adult of a team (Civil Code, art. 17)")


def hours(minutes: int) -> str:
    """Minutes as hours and minutes."""
    return (
        _("%(hours)d h %(minutes)02d min", hours=minutes // 60, minutes=minutes % 60)
        if minutes >= 60
        else _("%(minutes)d min", minutes=minutes)
    )


def _window(v: Violation, problem: Problem, names: Names) -> str:
    return _(
        "%(task)s does not fit at %(when)s: it must lie wholly within the hours in which it can take place.",
        task=names.task(v.task),
        when=names.when(v.minute or 0),
    )


def _role_count(v: Violation, problem: Problem, names: Names) -> str:
    limit, actual = v.limit or 0, v.actual or 0
    facts = {"task": names.task(v.task), "role": role_label(v.role or ""), "limit": limit, "actual": actual}
    if actual < limit:
        return _("%(task)s: %(role)s has %(actual)d, and needs at least %(limit)d.", **facts)
    return _("%(task)s: %(role)s has %(actual)d, and has room for %(limit)d.", **facts)


def _twice(v: Violation, problem: Problem, names: Names) -> str:
    return _("%(person)s stands twice on %(task)s.", **_who(v, names))


def _kind(v: Violation, problem: Problem, names: Names) -> str:
    kinds = problem.task_of[v.task or ""].role_of[v.role or ""].kinds
    wanted = listed(sorted(str(label(PersonKind(kind.value))) for kind in kinds))
    return _("%(person)s cannot be %(role)s: that is for %(kinds)s.", kinds=wanted, **_who(v, names))


def _skill(v: Violation, problem: Problem, names: Names) -> str:
    role = problem.task_of[v.task or ""].role_of[v.role or ""]
    lacking = role.skills - problem.person_of[v.person or ""].skills
    words = listed(sorted(str(skill_label(word)) for word in lacking))
    return _("%(person)s cannot be %(role)s: %(skills)s is asked for.", skills=words, **_who(v, names))


def _vetting(v: Violation, problem: Problem, names: Names) -> str:
    facts = {"day": names.day(v.actual or 0), **_who(v, names)}
    if v.limit is None:
        return _("%(person)s has no valid criminal-record check and may not meet children.", **facts)
    return _(
        "The criminal-record check of %(person)s ends on %(end)s, before %(day)s.", end=names.day(v.limit), **facts
    )


def _availability(v: Violation, problem: Problem, names: Names) -> str:
    return _("%(person)s is not free at %(when)s (%(task)s).", when=names.when(v.minute or 0), **_who(v, names))


def _travel(v: Violation, problem: Problem, names: Names) -> str:
    facts = {"due": names.when(v.limit or 0), "arrival": names.time(v.actual or 0), **_who(v, names)}
    if v.other is None:
        return _("%(person)s cannot reach %(task)s by %(due)s: the way from home takes until %(arrival)s.", **facts)
    other = names.task(v.other)
    if _overlap(v, problem):
        return _("%(person)s is on %(other)s and cannot be on %(task)s at %(due)s.", other=other, **facts)
    return _("%(person)s cannot reach %(task)s by %(due)s after %(other)s: there at %(arrival)s.", other=other, **facts)


def _overlap(v: Violation, problem: Problem) -> bool:
    """Whether the duty before would have to be broken off, the way from it aside."""
    before, task = problem.task_of[v.other or ""], problem.task_of[v.task or ""]
    return (v.actual or 0) - problem.travel(before.place, task.place) > (v.limit or 0)


def _return(v: Violation, problem: Problem, names: Names) -> str:
    facts = {"end": names.when(v.limit or 0), "arrival": names.time(v.actual or 0), **_who(v, names)}
    return _("After %(task)s %(person)s is home at %(arrival)s, and is free only until %(end)s.", **facts)


def _day_minutes(v: Violation, problem: Problem, names: Names) -> str:
    return _("%(person)s has %(actual)s of duties on %(day)s, and the limit is %(limit)s.", **_limit(v, names))


def _week_minutes(v: Violation, problem: Problem, names: Names) -> str:
    return _(
        "%(person)s has %(actual)s of duties in the week from %(day)s, and the limit is %(limit)s.", **_limit(v, names)
    )


def _day_tasks(v: Violation, problem: Problem, names: Names) -> str:
    return ngettext(
        "%(person)s has %(actual)d duties on %(day)s, and the limit is %(num)d.",
        "%(person)s has %(actual)d duties on %(day)s, and the limit is %(num)d.",
        v.limit or 0,
        person=names.person(v.person),
        actual=v.actual or 0,
        day=names.day(v.day or 0),
    )


def _barred(v: Violation, problem: Problem, names: Names) -> str:
    return _("%(person)s is barred from %(task)s.", **_who(v, names))


def _dedicated(v: Violation, problem: Problem, names: Names) -> str:
    return _(
        "%(person)s is purchased-service staff, and %(task)s is neither child protection nor social work.",
        **_who(v, names),
    )


def _gender(v: Violation, problem: Problem, names: Names) -> str:
    wanted = problem.task_of[v.task or ""].needs_gender
    if wanted == "female":
        return _("%(task)s needs a woman on the team.", task=names.task(v.task))
    return _("%(task)s needs a man on the team.", task=names.task(v.task))


def _unknown(v: Violation, problem: Problem, names: Names) -> str:
    if v.person is not None and v.person not in problem.person_of:
        return _("%(person)s no longer takes part, but stands on %(task)s.", **_who(v, names))
    return _("%(task)s no longer has the role %(role)s.", **_who(v, names))


def _other(v: Violation, problem: Problem, names: Names) -> str:
    return _("%(task)s goes against the plan's own rules (%(rule)s).", rule=v.rule.value, **_who(v, names))


def _who(v: Violation, names: Names) -> dict[str, str]:
    return {
        "person": names.person(v.person),
        "task": names.task(v.task),
        "role": str(role_label(v.role or "")),
    }


def _limit(v: Violation, names: Names) -> dict[str, str]:
    return {
        "person": names.person(v.person),
        "day": names.day(v.day or 0),
        "limit": hours(v.limit or 0),
        "actual": hours(v.actual or 0),
    }


_SENTENCES: dict[RuleId, Callable[[Violation, Problem, Names], str]] = {
    RuleId.WINDOW: _window,
    RuleId.ROLE_COUNT: _role_count,
    RuleId.TWICE: _twice,
    RuleId.KIND: _kind,
    RuleId.SKILL: _skill,
    RuleId.VETTING: _vetting,
    RuleId.AVAILABILITY: _availability,
    RuleId.TRAVEL: _travel,
    RuleId.RETURN: _return,
    RuleId.DAY_MINUTES: _day_minutes,
    RuleId.WEEK_MINUTES: _week_minutes,
    RuleId.DAY_TASKS: _day_tasks,
    RuleId.BARRED: _barred,
    RuleId.DEDICATED: _dedicated,
    RuleId.GENDER: _gender,
    RuleId.UNKNOWN: _unknown,
}
