"""Who comes nearest to an open place and what would help, in sentences."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask_babel import force_locale

from scheduling.explain.fixes import FixKind, Idea
from scheduling.explain.obstacles import ORDER, Obstacle
from scheduling.problem import DAY, Priority, Problem
from scheduling.rules import RuleId
from tenants.models import Roster
from tests.scheduling.build import person, problem, role, served, task
from tests.weibao.explaining.test_rules import named
from weibao.explaining.candidates import WhyOpen, idea_in_words, stopped_by, why_open
from weibao.planning import Clock, Draft
from weibao.planning.months import Months

CLOCK = Clock(start=date(2026, 12, 5), days=7, zone=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context(), force_locale("en"):
        yield


def draft(whole: Problem, *rows: object) -> Draft:
    return Draft(roster=Roster(), clock=CLOCK, problem=whole, rows=rows, months=Months(clock=CLOCK))  # type: ignore[arg-type]


@pytest.mark.usefixtures("english")
def test_the_nearest_are_named_with_the_one_thing_that_stops_them() -> None:
    """One is busy with a weightier visit, one is away, one lacks the skill, one holds another post."""
    lawyer = role(skills=frozenset({"law"}))
    law = frozenset({"law"})
    people = [
        person("busy", skills=law),
        person("away", skills=law, availability=()),
        person("layman"),
        person("staff", skills=law, kind="station_staff"),
    ]
    visits = [
        task("t", windows=((540, 600),), roles=(lawyer,)),
        task("u", windows=((540, 600),), priority=Priority.HIGH),
    ]
    found = why_open(draft(problem(people, visits), served("u", 540, "busy")), "t", named(*(p.id for p in people)))
    (place,) = found.places
    assert (place.role, place.needed) == ("lead", 1)
    assert [(candidate.name, candidate.text) for candidate in place.candidates] == [
        ("Person busy", "is on visit U from Sat 5 Dec 09:00 until 10:00"),
        ("Person away", "is away on Sat 5 Dec"),
        ("Person layman", "lacks law"),
    ]


@pytest.mark.usefixtures("english")
def test_the_smallest_fix_is_told_with_what_would_follow() -> None:
    """The only lead is free until 9:50: ten minutes are missing."""
    whole = problem([person("a", availability=((480, 590),))], [task("t", windows=((540, 600),))])
    found = why_open(draft(whole), "t", named("a"))
    assert found.ways[0].text == "Ask Person a for 10 min more on Sat 5 Dec: free from 08:00 to 10:00."
    assert found.ways[0].then == "Then: Sat 5 Dec 09:00, Person a."
    assert found.ways[-1].text == "Find more people: 1 × lead."


@pytest.mark.usefixtures("english")
def test_a_task_that_is_free_to_be_served_has_neither_obstacles_nor_fixes() -> None:
    """One is free, the other is away."""
    whole = problem([person("a"), person("b", availability=())], [task("t", windows=((540, 600),))])
    found = draft(whole)
    assert list(found.free_rows) == ["t"]
    assert why_open(found, "t", named("a", "b")) == WhyOpen(places=[], ways=[])


@pytest.mark.usefixtures("english")
def test_a_team_that_lacks_a_gender_is_told_so() -> None:
    whole = problem([person("a", gender="male")], [task("t", needs_gender="female")])
    found = why_open(draft(whole), "t", named("a"))
    assert (found.ways[-1].text, found.ways[-1].then) == ("Find more people: 1 × lead.", "The team needs a woman.")


@pytest.mark.parametrize("locale", ["en", "zh_Hans_CN"])
def test_every_obstacle_and_every_idea_has_words(app: Flask, locale: str) -> None:
    names = named("a", "b")
    facts = {
        "person": "a",
        "minute": 540,
        "day": 1,
        "other": "u",
        "since": 540,
        "until": 600,
        "limit": 60,
        "actual": 90,
    }
    ideas = [
        Idea(kind=kind, effort=1, person="a", minutes=30, span=(DAY, DAY + 60), day=2, amount=3, other="u", start=540,
             limit=limit, by=by, needed=(("lead", 2),))
        for kind in FixKind
        for limit in ("max_tasks_per_day", "max_minutes_per_day", "max_minutes_per_week")
        for by in ("b", None)
    ]  # fmt: skip
    with app.test_request_context(), force_locale(locale):
        said = [idea_in_words(idea, names) for idea in ideas]
        for rule in set(ORDER) - {RuleId.KIND}:
            said += [stopped_by(Obstacle(rule=rule, skills=("law",), missing=m, **facts), names) for m in (None, 20)]
    assert len(said) == len(ideas) + 2 * (len(ORDER) - 1)
    assert all(len(text) > 5 and "%(" not in text for text in said)
