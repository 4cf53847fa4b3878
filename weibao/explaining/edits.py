"""The edits of a draft, told to somebody who comes late."""

from collections.abc import Callable, Mapping
from typing import Any

from scheduling.explain.fixes import FixKind, Idea
from tenants.models import RosterEdit
from weibao.explaining.candidates import idea_in_words
from weibao.explaining.names import Names, sentence
from weibao.say import _, listed, ngettext

Details = Mapping[str, Any]


def edit_in_words(edit: RosterEdit, names: Names) -> str:
    """What an edit did."""
    return change_in_words(edit.action, edit.details, names)


def change_in_words(action: str, details: Details, names: Names) -> str:
    """What an action does, or would do."""
    say = _SENTENCES.get(action)
    return sentence(say(details, names)) if say else action


def _plan(details: Details, names: Names) -> str:
    return ngettext(
        "Planned anew: %(num)d task is served.", "Planned anew: %(num)d tasks are served.", details["tasks"]
    )


def _assign(details: Details, names: Names) -> str:
    return _("%(person)s joins %(task)s.", **_who(details, names))


def _remove(details: Details, names: Names) -> str:
    return _("%(person)s is taken off %(task)s.", **_who(details, names))


def _replace(details: Details, names: Names) -> str:
    by = names.person(details["by"])
    return _("%(by)s takes the place of %(person)s on %(task)s.", by=by, **_who(details, names))


def _move(details: Details, names: Names) -> str:
    return _("%(task)s is moved to %(when)s.", when=names.when(details["start"]), **_who(details, names))


def _unassign(details: Details, names: Names) -> str:
    return _("%(task)s is taken out of the roster.", **_who(details, names))


def _put_in(details: Details, names: Names) -> str:
    people = listed([names.person(person) for person in details["people"]])
    return _("%(task)s is put in by hand with %(people)s.", people=people, task=names.task(details["task"]))


def _swap(details: Details, names: Names) -> str:
    other = names.task(details["other"])
    facts = {"by": names.person(details["by"]), **_who(details, names)}
    if details["other"] == details["task"]:
        return _("%(person)s and %(by)s change roles on %(task)s.", **facts)
    return _("%(person)s and %(by)s change places: %(task)s and %(other)s.", other=other, **facts)


def _fix(details: Details, names: Names) -> str:
    other, start, person, by = (details.get(key) for key in ("other", "start", "person", "by"))
    idea = Idea(kind=FixKind(details["idea"]), effort=0, other=other, start=start, person=person, by=by)
    facts = {"people": listed([names.person(person) for person in details["people"]])}
    put_in = _("%(task)s is put in with %(people)s.", task=names.task(details["task"]), **facts)
    return f"{sentence(idea_in_words(idea, names))} {sentence(put_in)}"


def _pin_time(details: Details, names: Names) -> str:
    task = names.task(details["task"])
    if details["pinned"]:
        return _("The time of %(task)s is pinned.", task=task)
    return _("The time of %(task)s is unpinned.", task=task)


def _pin_seat(details: Details, names: Names) -> str:
    if details["pinned"]:
        return _("%(person)s is pinned on %(task)s.", **_who(details, names))
    return _("%(person)s is unpinned on %(task)s.", **_who(details, names))


def _pin_all(details: Details, names: Names) -> str:
    if details["pinned"]:
        return ngettext("%(num)d task is pinned.", "%(num)d tasks are pinned.", details["tasks"])
    return ngettext("%(num)d task is unpinned.", "%(num)d tasks are unpinned.", details["tasks"])


def _holiday_taken_back(details: Details, names: Names) -> str:
    return _("The activities of a planned holiday are taken back.")


def _undo(details: Details, names: Names) -> str:
    return _("Taken back: %(what)s", what=change_in_words(details["undone"], details, names))


def _redo(details: Details, names: Names) -> str:
    return _("Made again: %(what)s", what=change_in_words(details["redone"], details, names))


def _left(details: Details, names: Names) -> str:
    return ngettext(
        "%(person)s is not available any more: %(num)d task is open or has a smaller team.",
        "%(person)s is not available any more: %(num)d tasks are open or have a smaller team.",
        details["tasks"],
        person=names.person(details["person"]),
    )


def _follow(details: Details, names: Names) -> str:
    task = names.task(details["task"])
    leaves, joins = (names.person(details[key]) if details[key] else None for key in ("person", "by"))
    if leaves and joins:
        return _("%(by)s has stepped in for %(person)s on %(task)s.", by=joins, person=leaves, task=task)
    if leaves:
        return _("%(person)s has declined %(task)s.", person=leaves, task=task)
    return _("%(person)s has signed up for %(task)s.", person=joins or "", task=task)


def _who(details: Details, names: Names) -> dict[str, str]:
    return {"person": names.person(details.get("person")), "task": names.task(details["task"])}


_SENTENCES: dict[str, Callable[[Details, Names], str]] = {
    "roster.plan": _plan,
    "roster.assign": _assign,
    "roster.remove": _remove,
    "roster.replace": _replace,
    "roster.move": _move,
    "roster.unassign": _unassign,
    "roster.put_in": _put_in,
    "roster.pin_time": _pin_time,
    "roster.pin_seat": _pin_seat,
    "roster.pin_all": _pin_all,
    "roster.holiday_taken_back": _holiday_taken_back,
    "roster.swap": _swap,
    "roster.fix": _fix,
    "roster.undo": _undo,
    "roster.redo": _redo,
    "roster.left": _left,
    "roster.follow": _follow,
}
