"""Why a task is left open, in plain words."""

from collections.abc import Sequence

from scheduling.problem import Task, TaskKind
from scheduling.roster import Reason, ReasonCode
from tenants.enums import PersonKind
from weibao.explaining.names import Names
from weibao.say import _, listed
from weibao.words import label, role_label, skill_label


def reasons_in_words(task: Task, reasons: Sequence[Reason], names: Names) -> list[str]:
    """Each reason in a sentence; without a reason the task could be served as things are."""
    if not reasons:
        return [_("Nothing stands in its way: plan again, or put it in by hand.")]
    return [_sentence(task, reason, names) for reason in reasons]


def _sentence(task: Task, reason: Reason, names: Names) -> str:
    match reason.code:
        case ReasonCode.NO_ELIGIBLE_PERSON:
            return _too_few(task, reason.role or "")
        case ReasonCode.NO_POSSIBLE_TEAM:
            return _no_team(task)
        case ReasonCode.PREDECESSOR_UNSERVED:
            return _("What has to come before it is not served either.")
        case ReasonCode.COMPETING:
            others = listed([names.task(other) for other in reason.instead])
            return _("It could be done, but only in place of what comes first: %(tasks)s.", tasks=others)


def _too_few(task: Task, role_id: str) -> str:
    role = task.role_of[role_id]
    who = post_in_words(role.kinds, role.skills)
    facts = {"who": who, "role": role_label(role_id), "number": role.min}
    if role.min > 1 and task.kind is TaskKind.VISIT:
        return _("%(role)s: fewer than %(number)d of %(who)s are free on any day on which it is possible.", **facts)
    if role.min > 1:
        return _("%(role)s: fewer than %(number)d of %(who)s are free at its time.", **facts)
    if not task.with_children:
        return _("%(role)s: no %(who)s is free at any time at which it is possible.", **facts)
    if task.kind is TaskKind.VISIT:
        return _(
            "%(role)s: no %(who)s is free and has a valid check on any day on which the family can be visited.", **facts
        )
    return _("%(role)s: no %(who)s is free and has a valid check at its time.", **facts)


def _no_team(task: Task) -> str:
    if task.needs_gender == "female":
        return _("Each role has people, but at no time can a whole team with a woman on it come together.")
    if task.needs_gender == "male":
        return _("Each role has people, but at no time can a whole team with a man on it come together.")
    return _("Each role has people, but at no time can a whole team come together.")


def post_in_words(kinds: frozenset[str], skills: frozenset[str]) -> str:
    """Who can fill a role: "social worker or child director with case work"."""
    wanted = {str(kind) for kind in kinds}
    posts = [str(label(kind)).lower() for kind in PersonKind if kind.value in wanted]
    who = _(" or ").join(posts)
    if not skills:
        return who
    return _("%(who)s with %(skills)s", who=who, skills=listed(sorted(str(skill_label(s)).lower() for s in skills)))
