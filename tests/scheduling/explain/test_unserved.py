"""Why a task is unserved: who comes nearest with what stops them, and fixes that truly serve it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.audit import hard_violations
from scheduling.duties import Duties
from scheduling.errors import ProblemError
from scheduling.explain import Fix, FixKind, Obstacle, smallest_fixes, why_unserved
from scheduling.explain.fixes import BY_ROWS_ALONE, with_fix
from scheduling.explain.obstacles import obstacle
from scheduling.problem import DAY, After, Assignment, Pin, Problem, Seat, Service, Task
from scheduling.reasons import serve_free
from scheduling.rules import RuleId
from tests.scheduling.build import WORKER, person, problem, role, served, task
from tests.scheduling.strategies import problems


def stops(wanted: Task, *rows: Assignment, others: tuple[Task, ...] = (), **facts: Any) -> Obstacle:
    """What stops ann, who is as the facts say, from leading a task."""
    about = problem([person("ann", **facts), person("bob")], [wanted, *others])
    return obstacle(about, Duties(about, rows), wanted, wanted.roles[0], about.people[0])


def test_free_person_is_stopped_by_nothing() -> None:
    assert stops(task("a")) == Obstacle(rule=None, person="ann", minute=540)


def test_r2_kind_and_skill_stop_first() -> None:
    assert stops(task("a", roles=(role(kinds=frozenset({WORKER})),))) == Obstacle(rule=RuleId.KIND, person="ann")
    wanted = task("a", roles=(role(skills=frozenset({"law", "arts", "case_work"})),))
    assert stops(wanted, skills=frozenset({"law"})) == Obstacle(
        rule=RuleId.SKILL, person="ann", skills=("arts", "case_work")
    )


def test_r3_vetting_tells_when_it_ended_and_when_it_is_needed() -> None:
    wanted = task("a", windows=((3 * DAY + 540, 3 * DAY + 700), (5 * DAY + 540, 5 * DAY + 700)))
    assert stops(wanted, vetted_through=1) == Obstacle(rule=RuleId.VETTING, person="ann", day=3, limit=1)
    assert stops(wanted, vetted_through=None) == Obstacle(rule=RuleId.VETTING, person="ann", day=3)


def test_r4_availability_tells_the_minutes_that_are_missing() -> None:
    assert stops(task("a"), availability=((480, 590),)) == Obstacle(
        rule=RuleId.AVAILABILITY, person="ann", day=0, minute=540, missing=10
    )
    assert stops(task("a", place="far"), availability=((660, 800),)) == Obstacle(
        rule=RuleId.AVAILABILITY, person="ann", day=0, minute=660, missing=30
    )


def test_r4_availability_tells_that_somebody_is_away() -> None:
    assert stops(task("a"), availability=()) == Obstacle(rule=RuleId.AVAILABILITY, person="ann", day=0)
    two_days = task("a", windows=((540, 720), (DAY + 540, DAY + 720)))
    assert stops(two_days, availability=((3 * DAY, 4 * DAY),)) == Obstacle(rule=RuleId.AVAILABILITY, person="ann")


def test_r4_availability_is_asked_before_children_where_there_are_none() -> None:
    found = stops(task("a", with_children=False), availability=(), vetted_through=None)
    assert found.rule is RuleId.AVAILABILITY


def test_r4_travel_tells_the_task_and_until_when() -> None:
    found = stops(task("a", windows=((540, 600),)), served("b", 570, "ann"), others=(task("b"),))
    assert found == Obstacle(rule=RuleId.TRAVEL, person="ann", minute=540, other="b", since=570, until=630)


@pytest.mark.parametrize(
    ("limits", "rule", "limit", "actual"),
    [
        ({"max_tasks_per_day": 1}, RuleId.DAY_TASKS, 1, 2),
        ({"max_minutes_per_day": 100}, RuleId.DAY_MINUTES, 100, 120),
        ({"max_minutes_per_week": 100}, RuleId.WEEK_MINUTES, 100, 120),
    ],
)
def test_r5_limits_tell_what_it_would_come_to(limits: dict[str, int], rule: RuleId, limit: int, actual: int) -> None:
    found = stops(task("a"), served("b", 900, "ann"), others=(task("b", windows=((900, 960),)),), **limits)
    assert found == Obstacle(rule=rule, person="ann", minute=540, day=0, other="b", limit=limit, actual=actual)
    alone = stops(task("a"), **dict.fromkeys(limits, 0))
    assert (alone.rule, alone.limit, alone.other) == (rule, 0, None)


def test_r6_barred_and_r7_dedicated_stop() -> None:
    assert stops(task("a"), barred_tasks=frozenset({"a"})).rule is RuleId.BARRED
    assert stops(task("a", service=Service.OTHER), dedicated=True).rule is RuleId.DEDICATED


def test_r9_after_tells_the_predecessor() -> None:
    wanted = task("a", windows=((540, 600),), after=After(task="b", min_gap=60))
    found = stops(wanted, served("b", 540, "bob"), others=(task("b"),))
    assert found == Obstacle(rule=RuleId.AFTER, person="ann", minute=540, other="b")
    later = task("a", windows=((540, 720),), after=After(task="b", min_gap=60))
    assert stops(later, served("b", 540, "bob"), others=(task("b"),)).minute == 600


def test_obstacle_tells_in_json_only_what_it_knows() -> None:
    assert stops(task("a")).to_json() == {"rule": None, "person": "ann", "minute": 540}
    wanted = task("a", roles=(role(skills=frozenset({"law"})),))
    assert stops(wanted).to_json() == {"rule": "R2_skill", "person": "ann", "skills": ["law"]}


def test_nearest_candidates_come_first() -> None:
    people = [
        person("kind", kind=WORKER),
        person("skill"),
        person("away", skills=frozenset({"law"}), availability=()),
        person("late", skills=frozenset({"law"}), availability=((480, 590),)),
        person("later", skills=frozenset({"law"}), availability=((480, 560),)),
        person("checked", skills=frozenset({"law"}), vetted_through=-1),
        person("unchecked", skills=frozenset({"law"}), vetted_through=None),
    ]
    volunteer = role(kinds=frozenset({people[1].kind}), skills=frozenset({"law"}))
    why = why_unserved(problem(people, [task("a", roles=(volunteer, role("spare", 0, 1)))]), (), "a", nearest=7)
    assert [place.role for place in why.places] == ["lead"]
    nearest = [found.person for found in why.places[0].nearest]
    assert nearest == ["late", "later", "away", "checked", "unchecked", "skill", "kind"]


def test_unknown_and_served_tasks_are_refused() -> None:
    wanted = problem([person("ann")], [task("a")])
    with pytest.raises(ProblemError, match="task: names no known task: z"):
        why_unserved(wanted, (), "z")
    with pytest.raises(ProblemError, match="task: is served: a"):
        why_unserved(wanted, (served("a", 540, "ann"),), "a")


def fixes(wanted: Problem, *rows: Assignment, task: str = "a") -> dict[FixKind, Fix]:
    """The smallest fix of each kind."""
    found: dict[FixKind, Fix] = {}
    for fix in smallest_fixes(wanted, rows, task, most=20):
        found.setdefault(fix.idea.kind, fix)
    return found


def test_more_time_is_a_fix() -> None:
    wanted = problem([person("ann", availability=((480, 590), (700, 720)))], [task("a")])
    fix = fixes(wanted)[FixKind.EXTEND_AVAILABILITY]
    assert (fix.idea.person, fix.idea.minutes, fix.idea.span) == ("ann", 10, (480, 600))
    assert (fix.row, fix.medium, fix.soft) == (served("a", 540, "ann"), -10, 2)
    assert fix.to_json() == {
        "kind": "extend_availability",
        "effort": 10,
        "person": "ann",
        "minutes": 10,
        "span": [480, 600],
        "row": {"task": "a", "start": 540, "people": [{"person": "ann", "role": "lead"}]},
        "also_served": [],
        "medium": -10,
        "soft": 2,
    }


def test_more_time_may_be_a_new_window_between_others() -> None:
    wanted = problem([person("ann", availability=((0, 540), (600, 700)))], [task("a", windows=((540, 600),))])
    fix = fixes(wanted)[FixKind.EXTEND_AVAILABILITY]
    assert (fix.idea.minutes, fix.idea.span) == (60, (0, 600))
    away = problem([person("ann", availability=())], [task("a", windows=((540, 600),))])
    assert fixes(away)[FixKind.EXTEND_AVAILABILITY].idea.span == (540, 600)


def test_more_time_never_leaves_the_horizon() -> None:
    wanted = problem([person("ann", base="far", availability=())], [task("a", windows=((20, 80),))])
    assert FixKind.EXTEND_AVAILABILITY not in fixes(wanted)


def test_renewed_check_is_a_fix() -> None:
    for vetted in (None, -1):
        fix = fixes(problem([person("ann", vetted_through=vetted)], [task("a")]))[FixKind.RENEW_VETTING]
        assert (fix.idea.person, fix.idea.day) == ("ann", 0)


@pytest.mark.parametrize(
    ("limit", "now", "needed"),
    [("max_tasks_per_day", 1, 2), ("max_minutes_per_day", 100, 120), ("max_minutes_per_week", 100, 120)],
)
def test_higher_limit_is_a_fix(limit: str, now: int, needed: int) -> None:
    tasks = [task("a"), task("b", windows=((900, 960),))]
    fix = fixes(problem([person("ann", **{limit: now})], tasks), served("b", 900, "ann"))[FixKind.RAISE_LIMIT]
    assert (fix.idea.person, fix.idea.limit, fix.idea.amount) == ("ann", limit, needed)


def test_moved_replaced_and_dropped_tasks_are_fixes() -> None:
    tasks = [task("a", windows=((540, 600),), roles=(role(skills=frozenset({"law"})),)), task("b")]
    wanted = problem([person("ann", skills=frozenset({"law"})), person("bob")], tasks)
    found = fixes(wanted, served("b", 540, "ann"))
    moved, replaced, dropped = (found[kind] for kind in (FixKind.MOVE_TASK, FixKind.REPLACE_PERSON, FixKind.DROP_TASK))
    assert (moved.idea.other, moved.idea.start, moved.medium) == ("b", 600, -10)
    assert (replaced.idea.other, replaced.idea.person, replaced.idea.by) == ("b", "ann", "bob")
    assert (dropped.idea.other, dropped.medium) == ("b", 0)
    assert {fix.row for fix in (moved, replaced, dropped)} == {served("a", 540, "ann")}


def test_fixes_by_rows_alone_give_rows_that_serve_the_task_and_break_nothing() -> None:
    tasks = [task("a", windows=((540, 600),), roles=(role(skills=frozenset({"law"})),)), task("b")]
    wanted = problem([person("ann", skills=frozenset({"law"})), person("bob")], tasks)
    rows = (served("b", 540, "ann"),)
    found = fixes(wanted, *rows)
    assert set(with_fix(rows, found[FixKind.MOVE_TASK])) == {served("a", 540, "ann"), served("b", 600, "ann")}
    assert set(with_fix(rows, found[FixKind.REPLACE_PERSON])) == {served("a", 540, "ann"), served("b", 540, "bob")}
    assert set(with_fix(rows, found[FixKind.DROP_TASK])) == {served("a", 540, "ann")}
    assert all(hard_violations(wanted, with_fix(rows, found[kind])) == () for kind in BY_ROWS_ALONE)


def test_moved_task_passes_over_starts_at_which_its_people_are_busy() -> None:
    """``b`` could start at 10:00, but there ann has ``c``."""
    tasks = [task("a", windows=((540, 600),)), task("b"), task("c", windows=((600, 660),))]
    found = fixes(problem([person("ann")], tasks), served("b", 540, "ann"), served("c", 600, "ann"))
    assert found[FixKind.MOVE_TASK].idea.start == 660


def test_task_that_needs_no_fix_has_none() -> None:
    assert fixes(problem([person("ann")], [task("a", windows=((540, 600),))])) == {}


def test_person_may_leave_a_team_that_is_large_enough() -> None:
    tasks = [task("a", windows=((540, 600),)), task("b", windows=((540, 600),), roles=(role(max=2),))]
    rows = (served("b", 540, "ann", "bob"),)
    fix = fixes(problem([person("ann"), person("bob")], tasks), *rows)[FixKind.REPLACE_PERSON]
    assert (fix.idea.person, fix.idea.by) == ("ann", None)


def test_one_moved_task_may_free_two_people() -> None:
    tasks = [task("a", windows=((540, 600),), roles=(role(min=2, max=2),)), task("b", roles=(role(min=2, max=2),))]
    rows = (served("b", 540, "ann", "bob"),)
    found = fixes(problem([person("ann"), person("bob")], tasks), *rows)
    assert (found[FixKind.MOVE_TASK].idea.other, found[FixKind.MOVE_TASK].idea.start) == ("b", 600)
    assert FixKind.REPLACE_PERSON not in found


def test_pinned_task_is_not_moved() -> None:
    tasks = [task("a", windows=((540, 600),)), task("b")]
    pin = Pin(task="b", start=540, people=(Seat(person="ann", role="lead"),))
    found = fixes(problem([person("ann")], tasks, pins=(pin,)), served("b", 540, "ann"))
    assert set(found) == {FixKind.MORE_PEOPLE}


def test_predecessor_of_a_served_task_is_not_dropped() -> None:
    tasks = [
        task("a", windows=((540, 600),)),
        task("b", windows=((540, 600),)),
        task("c", windows=((900, 960),), after=After(task="b", min_gap=0)),
    ]
    found = fixes(problem([person("ann")], tasks), served("b", 540, "ann"), served("c", 900, "ann"))
    assert set(found) == {FixKind.MORE_PEOPLE}


def test_new_people_are_counted_by_role() -> None:
    roles = (role(min=2, max=2, kinds=frozenset({WORKER})), role("helper", skills=frozenset({"law"})))
    fix = fixes(problem([person("wu", kind=WORKER)], [task("a", roles=roles)]))[FixKind.MORE_PEOPLE]
    assert dict(fix.idea.needed) == {"lead": 1, "helper": 1}
    assert fix.to_json()["needed"] == [{"role": "lead", "people": 1}, {"role": "helper", "people": 1}]


def test_new_person_brings_the_gender() -> None:
    wanted = problem([person("ann", gender="female")], [task("a", needs_gender="male", roles=(role(max=2),))])
    assert fixes(wanted)[FixKind.MORE_PEOPLE].idea.needed == (("lead", 1),)


def test_barred_and_dedicated_people_are_no_fix() -> None:
    people = [person("ann", barred_tasks=frozenset({"a"})), person("bob", dedicated=True)]
    assert set(fixes(problem(people, [task("a", service=Service.OTHER)]))) == {FixKind.MORE_PEOPLE}


def test_fix_serves_unserved_predecessors_too() -> None:
    tasks = [task("b", after=After(task="a", min_gap=60)), task("a", windows=((540, 600),))]
    wanted = problem([person("ann", availability=((550, 900),))], tasks)
    fix = fixes(wanted, task="b")[FixKind.EXTEND_AVAILABILITY]
    assert fix.also_served == (served("a", 540, "ann"),)
    assert fix.row == served("b", 600, "ann")


def test_no_fix_where_the_successor_can_never_follow() -> None:
    tasks = [task("b", after=After(task="a", min_gap=DAY)), task("a", windows=((540, 600),))]
    assert fixes(problem([person("ann", availability=())], tasks), task="b") == {}


def test_answer_is_told_in_json() -> None:
    tasks = [task("a", windows=((540, 600),)), task("b", windows=((540, 600),))]
    told: Any = why_unserved(problem([person("ann")], tasks), (served("b", 540, "ann"),), "a").to_json()
    assert told["reasons"] == [{"code": "competing", "instead": ["b"]}]
    busy = {"rule": "R4_travel", "person": "ann", "minute": 540, "other": "b", "since": 540, "until": 600}
    assert told["places"] == [{"role": "lead", "needed": 1, "nearest": [busy]}]
    assert [fix["kind"] for fix in told["fixes"]] == ["drop_task", "more_people"]


SEAT_RULES = {rule for rule in RuleId if rule.value[:2] in {"R1", "R3", "R4", "R5", "R6", "R7"}}
SEAT_RULES |= {RuleId.KIND, RuleId.SKILL}


@given(problem=problems())
@settings(max_examples=80, deadline=None)
def test_person_who_is_stopped_by_nothing_breaks_nothing(problem: Problem) -> None:
    """Seated at the minute that is named, alone; and whoever is stopped breaks a rule at every first start."""
    rows = serve_free(problem, ())
    duties = Duties(problem, rows)
    for each in problem.tasks:
        for someone in problem.people if each.id not in duties.starts else ():
            for part in each.roles:
                found = obstacle(problem, duties, each, part, someone)
                at = found.minute if found.minute is not None else next((o for o, _ in each.windows), 0)
                row = Assignment(task=each.id, start=at, people=(Seat(person=someone.id, role=part.id),))
                broken = {violation.rule for violation in hard_violations(problem, (*rows, row))} & SEAT_RULES
                assert bool(broken) == (found.rule not in {None, RuleId.AFTER})


@given(problem=problems(pins=True), data=st.data())
@settings(max_examples=60, deadline=None)
def test_every_unserved_task_is_explained(problem: Problem, data: st.DataObject) -> None:
    rows = serve_free(problem, ())
    done = {row.task for row in rows}
    for each in problem.tasks:
        if each.id not in done:
            why = why_unserved(problem, rows, each.id)
            assert why.reasons
            assert all(fix.medium <= 0 or fix.idea.kind is FixKind.DROP_TASK for fix in why.fixes)
            efforts = [fix.idea.effort for fix in why.fixes]
            assert efforts == sorted(efforts)


def test_fix_of_a_task_between_two_windows_keeps_others_apart() -> None:
    """Either of ann's windows could be 50 minutes longer; an hour between them would be more."""
    wanted = problem([person("ann", availability=((480, 540), (600, 660)))], [task("a", windows=((530, 610),))])
    fix = fixes(wanted)[FixKind.EXTEND_AVAILABILITY]
    assert fix.idea.minutes == 50
    assert (fix.idea.span, fix.row.start) in [((480, 590), 530), ((550, 660), 550)]
