"""What a line of the audit log holds beside the deed, in words: what each fact is, and what its value means.

The log keeps keys and codes, which never change; the words may.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_pgettext as _lp

from scheduling.explain.fixes import FixKind
from tenants import calendar as c
from tenants import enums as e
from tenants.crypto import Shown
from tenants.fields import Fact
from tenants.services.county_files import OPENING
from weibao.audit_words import is_known, said
from weibao.explaining.pins import SHORT
from weibao.i18n import stamp
from weibao.say import listed
from weibao.words import LABELS, ROLES, unsealed

_ID = re.compile(r"[a-z2-7]{26}")
_BARE = re.compile(r"[0-9]+|[0-9a-f]{16}|\d{4}-\d\d-\d\d|")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.+]+")
_STEPS = frozenset({"undone", "redone"})
"""Their values are actions themselves."""
Words = Mapping[str, LazyString]

_FACTS: Words = {
    Fact.ADDRESS: _lp("audit detail", "address"),
    Fact.GUARDIAN_PHONE: _lp("audit detail", "guardian's phone"),
    Fact.DAY_NOTE: _lp("audit detail", "note from the station"),
}
_FIXES: Words = {
    FixKind.EXTEND_AVAILABILITY: _lp("audit detail", "more free time"),
    FixKind.RENEW_VETTING: _lp("audit detail", "a new check"),
    FixKind.RAISE_LIMIT: _lp("audit detail", "a higher limit"),
    FixKind.MOVE_TASK: _lp("audit detail", "another time"),
    FixKind.REPLACE_PERSON: _lp("audit detail", "somebody else"),
    FixKind.DROP_TASK: _lp("audit detail", "another task given up"),
    FixKind.MORE_PEOPLE: _lp("audit detail", "more people"),
}
_SPANS: Words = {
    c.SpanKind.HOLIDAY: _lp("audit detail", "statutory holiday from"),
    c.SpanKind.WINTER: _lp("audit detail", "winter holiday from"),
    c.SpanKind.SUMMER: _lp("audit detail", "summer holiday from"),
}
_YES, _NO, _NONE = _lp("audit detail", "yes"), _lp("audit detail", "no"), "–"


def _of(*lists: type[StrEnum]) -> Words:
    """The words of some closed lists by their values; the first list that has a value gives its word."""
    return {m.value: LABELS[one.__name__, m.value] for one in reversed(lists) for m in one}


@dataclass(frozen=True)
class _Key:
    """What a fact is, what its codes mean, and whether any other code stands for itself."""

    word: LazyString
    values: Words
    open: bool = False


def _key(word: LazyString, values: Words | None = None, *, others: bool = False) -> _Key:
    return _Key(word, values or {}, others)


KEYS: dict[str, _Key] = {
    "activities": _key(_lp("audit detail", "activities")),
    "activity": _key(_lp("audit detail", "activity")),
    "added": _key(_lp("audit detail", "rows added")),
    "age": _key(_lp("audit detail", "smallest age")),
    "agreed_on": _key(_lp("audit detail", "agreed on")),
    "anonymise": _key(_lp("audit detail", "anonymised after months")),
    "asked": _key(_lp("audit detail", "people asked")),
    "attempt": _key(_lp("audit detail", "attempt")),
    "bar": _key(_lp("audit detail", "bar")),
    "before": _key(_lp("audit detail", "minutes before")),
    "broken": _key(_lp("audit detail", "rules set aside"), {rule.value: word for rule, word in SHORT.items()}),
    "by": _key(_lp("audit detail", "who joins")),
    "came": _key(_lp("audit detail", "children who came")),
    "category": _key(_lp("audit detail", "category"), _of(e.ChildCategory)),
    "certificate": _key(_lp("audit detail", "certificate number")),
    "changed": _key(_lp("audit detail", "changed")),
    "child": _key(_lp("audit detail", "child's file")),
    "children": _key(_lp("audit detail", "children")),
    "close": _key(_lp("audit detail", "closed after months")),
    "closed": _key(_lp("audit detail", "closed files")),
    "days": _key(_lp("audit detail", "days")),
    "decline_hours": _key(_lp("audit detail", "may be declined until hours before")),
    "digest": _key(_lp("audit detail", "messages gathered")),
    "done": _key(_lp("audit detail", "files dealt with")),
    "door": _key(_lp("audit detail", "by the code at the door")),
    "draft": _key(_lp("audit detail", "draft")),
    "draft_tasks": _key(_lp("audit detail", "tasks of drafts set free")),
    "dropped": _key(_lp("audit detail", "duties dropped")),
    "duties": _key(_lp("audit detail", "duties cancelled")),
    "duty": _key(_lp("audit detail", "duty")),
    "edit": _key(_lp("audit detail", "step of the draft")),
    "email": _key(_lp("audit detail", "e-mail address entered")),
    "erase": _key(_lp("audit detail", "erased after months")),
    "every": _key(_lp("audit detail", "every so many weeks")),
    "exception": _key(_lp("audit detail", "exception")),
    "facts": _key(_lp("audit detail", "facts"), _FACTS),
    "files": _key(_lp("audit detail", "files")),
    "first": _key(_lp("audit detail", "first day")),
    "free": _key(_lp("audit detail", "free"), _of(e.DayPart)),
    "freed": _key(_lp("audit detail", "duties set free")),
    "from": _key(_lp("audit detail", "from")),
    "from_day": _key(_lp("audit detail", "in force from")),
    "given": _key(_lp("audit detail", "duties given")),
    "ground": _key(_lp("audit detail", "word on consent"), _of(e.PhotoGround)),
    "guardians": _key(_lp("audit detail", "guardians")),
    "halves": _key(_lp("audit detail", "half-days free")),
    "holiday": _key(_lp("audit detail", "holiday")),
    "home": _key(_lp("audit detail", "Children's Home")),
    "idea": _key(_lp("audit detail", "fix"), _FIXES),
    "interval_days": _key(_lp("audit detail", "every so many days")),
    "invitation": _key(_lp("audit detail", "question to a person")),
    "kept": _key(_lp("audit detail", "duties kept")),
    "kind": _key(_lp("audit detail", "kind"), _of(e.PersonKind, e.SheetKind, e.HoldKind)),
    "last": _key(_lp("audit detail", "last day")),
    "left_out": _key(_lp("audit detail", "days left out")),
    "lost": _key(_lp("audit detail", "duties not given back")),
    "made": _key(_lp("audit detail", "made")),
    "most": _key(_lp("audit detail", "duties a month at most")),
    "medium": _key(_lp("audit detail", "points lost by open tasks")),
    "minutes": _key(_lp("audit detail", "minutes")),
    "moves": _key(_lp("audit detail", "people who move")),
    "note": _key(_lp("audit detail", "with a note")),
    "notice": _key(_lp("audit detail", "days' notice")),
    "number": _key(_lp("audit detail", "number")),
    "off": _key(_lp("audit detail", "called off")),
    "on": _key(_lp("audit detail", "decided on")),
    "open": _key(_lp("audit detail", "page open")),
    "other": _key(_lp("audit detail", "other task")),
    "others": _key(_lp("audit detail", "others")),
    "outcome": _key(_lp("audit detail", "outcome"), _of(e.ConcernOutcome)),
    "overdue": _key(_lp("audit detail", "overdue alone")),
    "page": _key(_lp("audit detail", "page")),
    "party": _key(_lp("audit detail", "whose word"), _of(e.LendingParty)),
    "people": _key(_lp("audit detail", "people")),
    "person": _key(_lp("audit detail", "person")),
    "phones": _key(_lp("audit detail", "telephone numbers")),
    "photo": _key(_lp("audit detail", "photo")),
    "photos": _key(_lp("audit detail", "photos destroyed")),
    "pinned": _key(_lp("audit detail", "pinned")),
    "plan": _key(_lp("audit detail", "holiday plan")),
    "point": _key(_lp("audit detail", "point of the proposal")),
    "posting": _key(_lp("audit detail", "posting")),
    "problems": _key(_lp("audit detail", "faults found")),
    "proposed_by": _key(_lp("audit detail", "account that proposed")),
    "purpose": _key(_lp("audit detail", "purpose"), _of(e.Purpose)),
    "purposes": _key(_lp("audit detail", "purposes"), _of(e.ConsentPurpose)),
    "reason": _key(_lp("audit detail", "reason"), _of(e.DeclineReason)),
    "records": _key(_lp("audit detail", "records")),
    "redone": _key(_lp("audit detail", "done again")),
    "removed": _key(_lp("audit detail", "activities removed")),
    "returned": _key(_lp("audit detail", "duties given back")),
    "risk": _key(_lp("audit detail", "risk"), _of(e.RiskLevel)),
    "role": _key(_lp("audit detail", "role"), {**_of(e.AccountRole), **ROLES}, others=True),
    "roster": _key(_lp("audit detail", "roster")),
    "rows": _key(_lp("audit detail", "rows")),
    "searched": _key(_lp("audit detail", "searched for a text")),
    "seconds": _key(_lp("audit detail", "seconds allowed")),
    "seed": _key(_lp("audit detail", "seed")),
    "sign_up": _key(_lp("audit detail", "signing up"), _of(e.SignUpMode)),
    "since": _key(_lp("audit detail", "since")),
    "skill": _key(_lp("audit detail", "skill")),
    "skills": _key(_lp("audit detail", "skills")),
    "soft": _key(_lp("audit detail", "points lost by the rest")),
    "staff": _key(_lp("audit detail", "purchased-service staff")),
    "start": _key(_lp("audit detail", "begin, in minutes of the plan")),
    "starts_on": _key(_lp("audit detail", "begins on")),
    "step": _key(_lp("audit detail", "step"), _of(e.DisposalStep)),
    "subject": _key(_lp("audit detail", "subject"), _of(c.Subject)),
    "table": _key(_lp("audit detail", "mark of the table")),
    "task": _key(_lp("audit detail", "task")),
    "tasks": _key(_lp("audit detail", "tasks")),
    "terms": _key(_lp("audit detail", "mark of the terms")),
    "to": _key(_lp("audit detail", "to")),
    "township": _key(_lp("audit detail", "whole township")),
    "townships": _key(_lp("audit detail", "townships")),
    "training": _key(_lp("audit detail", "course")),
    "undone": _key(_lp("audit detail", "taken back")),
    "unserved": _key(_lp("audit detail", "tasks left open")),
    "version": _key(_lp("audit detail", "version")),
    "vetting": _key(_lp("audit detail", "check")),
    "village": _key(_lp("audit detail", "village"), {"unknown": _lp("audit detail", "none of the list")}),
    "visit": _key(_lp("audit detail", "visit")),
    "waiting": _key(_lp("audit detail", "on the waiting list")),
    "wants": _key(_lp("audit detail", "would like to")),
    "way": _key(_lp("audit detail", "way"), _of(e.DiversionWay)),
    "weeks": _key(_lp("audit detail", "times")),
    "wish": _key(_lp("audit detail", "duties a month wished for")),
    "wishes": _key(_lp("audit detail", "wishes")),
    "workers": _key(_lp("audit detail", "people taken in")),
    "year": _key(_lp("audit detail", "year")),
}


@dataclass(frozen=True, kw_only=True)
class Detail:
    """One fact of a line: what it is, its value in words, and the ids in it, each to be searched for."""

    word: str
    text: str = ""
    ids: tuple[str, ...] = ()


def told(facts: Mapping[str, Any], reasons: Mapping[str, Shown], erased: str) -> Iterator[Detail]:
    """The facts of a line in their order; ``reasons`` are those that lines point to, ``erased`` what else is said."""
    for key, value in facts.items():
        if key == OPENING:
            text = unsealed(reasons[value]) if value in reasons else erased
            yield Detail(word=str(KEYS["reason"].word), text=text)
            continue
        values = value if isinstance(value, list) else [value]
        ids = tuple(one for one in values if _is_id(one))
        rest = [_text(key, one) for one in values if not _is_id(one)]
        yield Detail(word=str(KEYS[key].word) if key in KEYS else key, text=listed(rest), ids=ids)


def without_words(facts: Mapping[str, Any]) -> list[str]:
    """Keys, and values of keys, that would be shown as they are kept."""
    lacking = sorted(facts.keys() - KEYS.keys() - {OPENING})
    for key in facts.keys() & KEYS.keys():
        values = facts[key] if isinstance(facts[key], list) else [facts[key]]
        lacking += [f"{key}: {value}" for value in values if not _has_words(key, value)]
    return lacking


def _is_id(value: object) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _has_words(key: str, value: object) -> bool:
    if not isinstance(value, str) or _is_id(value) or _BARE.fullmatch(value) or _MOMENT.fullmatch(value):
        return True
    if key == "holiday":
        return value.partition("/")[0] in _SPANS
    if key in _STEPS:
        return is_known(value)
    return KEYS[key].open or value in KEYS[key].values


def _text(key: str, value: object) -> str:
    if value is None:
        return _NONE
    if isinstance(value, bool):
        return str(_YES if value else _NO)
    return _in_words(key, value) if isinstance(value, str) else str(value)


def _in_words(key: str, value: str) -> str:
    """A code in words; what has none stands for itself."""
    held = KEYS.get(key)
    if held is None:
        return value
    if value in held.values:
        return str(held.values[value])
    if _MOMENT.fullmatch(value):
        return stamp(datetime.fromisoformat(value))
    if key in _STEPS:
        return said(value)
    kind, _slash, day = value.partition("/")
    return f"{_SPANS[kind]} {day}" if key == "holiday" and kind in _SPANS else value
