"""Each hard rule has a sentence, in both languages, that names what it is about."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask_babel import force_locale

from scheduling.audit import Violation, hard_violations
from scheduling.problem import DAY, PersonKind, Problem, Service
from scheduling.rules import RuleId
from tenants.enums import PersonKind as Post
from tenants.enums import Priority
from tenants.queries.rosters import PersonFacts, RoleFacts, TaskFacts, VillageFacts
from tests.scheduling.build import person, problem, role, served, task
from weibao.explaining.names import Names
from weibao.explaining.rules import warnings_of
from weibao.planning import Clock

CLOCK = Clock(start=date(2026, 12, 5), days=7, zone=ZoneInfo("Asia/Shanghai"))


def named(*people: str, tasks: tuple[str, ...] = ("t", "u")) -> Names:
    village = VillageFacts(id="home", name="村", name_en="Village")
    return Names(
        people={
            who: PersonFacts(
                id=who, name=f"人{who}", name_en=f"Person {who}", kind=Post.VOLUNTEER, checked_through=None
            )
            for who in people
        },
        tasks={
            name: TaskFacts(
                id=name,
                is_visit=True,
                minutes=60,
                priority=Priority.NORMAL,
                village=village,
                case_code=name.upper(),
                roles=(RoleFacts(id="lead", minimum=1, maximum=1),),
            )
            for name in tasks
        },
        clock=CLOCK,
    )


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context(), force_locale("en"):
        yield


def said(whole: Problem, *rows: object) -> list[str]:
    names = named(*(p.id for p in whole.people))
    return [warning.text for warning in warnings_of(hard_violations(whole, rows), whole, names)]  # type: ignore[arg-type]


WORKERS = frozenset({PersonKind.SOCIAL_WORKER})
CASES = [
    (
        problem([person("a")], [task("t")]),
        [served("t", 700, "a")],
        "Visit T does not fit at Sat 5 Dec 11:40: it must lie wholly within the hours in which it can take place.",
    ),
    (
        problem([person("a")], [task("t", roles=(role(min=2, max=2),))]),
        [served("t", 540, "a")],
        "Visit T: Lead has 1, and needs at least 2.",
    ),
    (
        problem([person("a"), person("b")], [task("t")]),
        [served("t", 540, "a", "b")],
        "Visit T: Lead has 2, and has room for 1.",
    ),
    (
        problem([person("a")], [task("t", roles=(role(kinds=WORKERS),))]),
        [served("t", 540, "a")],
        "Person a cannot be Lead: that is for Social worker.",
    ),
    (
        problem([person("a")], [task("t", roles=(role(skills=frozenset({"law"})),))]),
        [served("t", 540, "a")],
        "Person a cannot be Lead: Law is asked for.",
    ),
    (
        problem([person("a", vetted_through=None)], [task("t")]),
        [served("t", 540, "a")],
        "Person a has no valid criminal-record check and may not meet children.",
    ),
    (
        problem([person("a", vetted_through=0)], [task("t", windows=((DAY + 540, DAY + 720),))]),
        [served("t", DAY + 540, "a")],
        "The criminal-record check of Person a ends on Sat 5 Dec, before Sun 6 Dec.",
    ),
    (
        problem([person("a", availability=())], [task("t")]),
        [served("t", 540, "a")],
        "Person a is not free at Sat 5 Dec 09:00 (visit T).",
    ),
    (
        problem([person("a", base="far", availability=((530, 900),))], [task("t")]),
        [served("t", 540, "a")],
        "Person a cannot reach visit T by Sat 5 Dec 09:00: the way from home takes until 09:20.",
    ),
    (
        problem([person("a")], [task("t"), task("u", place="far")]),
        [served("t", 540, "a"), served("u", 610, "a")],
        "Person a cannot reach visit U by Sat 5 Dec 10:10 after visit T: there at 10:30.",
    ),
    (
        problem([person("a")], [task("t"), task("u", place="far")]),
        [served("t", 540, "a"), served("u", 570, "a")],
        "Person a is on visit T and cannot be on visit U at Sat 5 Dec 09:30.",
    ),
    (
        problem([person("a", base="far", availability=((480, 620),))], [task("t")]),
        [served("t", 540, "a")],
        "After visit T Person a is home at 10:30, and is free only until Sat 5 Dec 10:20.",
    ),
    (
        problem([person("a", max_minutes_per_day=90)], [task("t"), task("u")]),
        [served("t", 540, "a"), served("u", 600, "a")],
        "Person a has 2 h 00 min of duties on Sat 5 Dec, and the limit is 1 h 30 min.",
    ),
    (
        problem([person("a", max_minutes_per_week=45)], [task("t")]),
        [served("t", 540, "a")],
        "Person a has 1 h 00 min of duties in the week from Sat 5 Dec, and the limit is 45 min.",
    ),
    (
        problem([person("a", max_tasks_per_day=1)], [task("t"), task("u")]),
        [served("t", 540, "a"), served("u", 600, "a")],
        "Person a has 2 duties on Sat 5 Dec, and the limit is 1.",
    ),
    (
        problem([person("a", barred_tasks=frozenset({"t"}))], [task("t")]),
        [served("t", 540, "a")],
        "Person a is barred from visit T.",
    ),
    (
        problem([person("a", dedicated=True)], [task("t", service=Service.OTHER)]),
        [served("t", 540, "a")],
        "Person a is purchased-service staff, and visit T is neither child protection nor social work.",
    ),
    (
        problem([person("a", gender="male")], [task("t", needs_gender="female")]),
        [served("t", 540, "a")],
        "Visit T needs a woman on the team.",
    ),
    (
        problem([person("a")], [task("t", roles=(role(min=0), role("helper", 1, 1)))]),
        [served("t", 540, ("a", "helper"), ("gone", "lead"))],
        "Somebody who is gone no longer takes part, but stands on visit T.",
    ),
]


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("whole", "rows", "sentence"), CASES)
def test_a_broken_rule_is_told_in_a_sentence(whole: Problem, rows: list[object], sentence: str) -> None:
    assert said(whole, *rows) == [sentence]


@pytest.mark.usefixtures("english")
def test_what_the_law_forbids_comes_first_with_its_article() -> None:
    whole = problem([person("a", vetted_through=None)], [task("t")])
    found = warnings_of(hard_violations(whole, (served("t", 700, "a"),)), whole, named("a"))
    assert [bool(warning.law) for warning in found] == [True, False]
    assert "art. 62" in found[0].law


def test_every_rule_has_a_sentence_in_every_language(app: Flask) -> None:
    whole = problem([person("a")], [task("t"), task("u")])
    with app.test_request_context():
        for locale in ("en", "zh_Hans_CN"):
            with force_locale(locale):
                for rule in RuleId:
                    violation = Violation(rule=rule, task="t", person="a", role="lead", other="u", minute=540, day=0)
                    (warning,) = warnings_of([violation], whole, named("a"))
                    assert "%(" not in warning.text
                    assert len(warning.text) > 5, rule
