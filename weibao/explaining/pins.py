"""Pins that cannot hold, in words: they are named before a plan is asked for."""

import re
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from scheduling.errors import Fault
from scheduling.pins import pin_faults
from scheduling.problem import Pin, Problem
from scheduling.rules import RuleId
from weibao.explaining.names import Names, sentence
from weibao.say import _

SHORT: dict[RuleId, LazyString] = {
    RuleId.WINDOW: _l("not possible at that time"),
    RuleId.ROLE_COUNT: _l("the team would not have the right number of people"),
    RuleId.TWICE: _l("on the team already"),
    RuleId.KIND: _l("does not hold the post that is asked for"),
    RuleId.SKILL: _l("lacks a skill that is asked for"),
    RuleId.VETTING: _l("no valid criminal-record check then"),
    RuleId.AVAILABILITY: _l("not free then"),
    RuleId.TRAVEL: _l("cannot be there in time"),
    RuleId.RETURN: _l("would not be home in time"),
    RuleId.DAY_MINUTES: _l("over the limit of hours for a day"),
    RuleId.WEEK_MINUTES: _l("over the limit of hours for a week"),
    RuleId.DAY_TASKS: _l("over the limit of duties for a day"),
    RuleId.BARRED: _l("barred"),
    RuleId.DEDICATED: _l("purchased-service staff, kept for child protection and social work"),
    RuleId.GENDER: _l("nobody of the gender asked for on the team"),
    RuleId.AFTER: _l("too close to what comes before it"),
    RuleId.PIN: _l("pinned otherwise"),
}
_PLACE = re.compile(r"pins\[(\d+)\](?:\.people\[(\d+)\])?")


@dataclass(frozen=True, kw_only=True)
class LoosePin:
    """A pin that cannot hold, and why."""

    task: str
    text: str


def loose_pins(problem: Problem, names: Names) -> list[LoosePin]:
    """Pins that break a hard rule, which no plan could keep."""
    faults = pin_faults(problem, list(enumerate(problem.pins)), whole=True)
    return [_told(fault, problem, names) for fault in faults]


def _told(fault: Fault, problem: Problem, names: Names) -> LoosePin:
    place = _PLACE.match(fault.path)
    pin = problem.pins[int(place[1])] if place else Pin(task="")
    why = SHORT[fault.rule] if fault.rule else fault.message
    if place and place[2]:
        person = names.person(pin.people[int(place[2])].person)
        text = _("%(task)s: %(person)s – %(why)s", task=names.task(pin.task), person=person, why=why)
    else:
        text = _("%(task)s: %(why)s", task=names.task(pin.task), why=why)
    return LoosePin(task=pin.task, text=sentence(text))
