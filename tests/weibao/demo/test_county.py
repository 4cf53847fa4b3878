"""The demonstration county: the same from the same seed, within its stated sizes, and plainly invented."""

import hashlib
import re
from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.check import check_problem
from scheduling.problem import Problem
from scheduling.reasons import serve_free, unserved_reasons
from scheduling.solve import solve
from tenants.actor import Actor
from tenants.enums import AccountRole, ChildCategory, PersonKind, RiskLevel, VettingResult, VisitState
from tenants.models import (
    Account,
    Activity,
    Base,
    Child,
    County,
    CountyOwned,
    Home,
    Person,
    Roster,
    Township,
    TownshipOwned,
    Vetting,
    Village,
    Visit,
    VisitRule,
    WeeklyAvailability,
)
from tenants.scope import Scope
from tenants.services import passwords, visits
from tests.weibao.demo.conftest import SEED, TODAY
from weibao import demo_accounts
from weibao.db import session_for
from weibao.demo import load
from weibao.demo.names import data
from weibao.planning import build_problem

OF_THE_MOMENT = {"audit_entry", "audit_head"}  # the log bears the clock's time
SALTED = {"account.password_hash", "activity.created_at", "activity.changed_at"}
COMMON_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾"
    "丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤"
    "尹黎易常武乔贺赖龚文"
)


def digest(session: Session) -> str:
    """Over every row of every table, but for what bears the clock's time or a random salt."""
    found = hashlib.sha256()
    for mapper in sorted(Base.registry.mappers, key=lambda m: m.local_table.name):
        if mapper.local_table.name in OF_THE_MOMENT:
            continue
        table = mapper.local_table.name
        names = [a.key for a in mapper.column_attrs if f"{table}.{a.key}" not in SALTED]
        rows = sorted(repr([getattr(row, name) for name in names]) for row in session.scalars(select(mapper.class_)))
        found.update("\n".join([mapper.local_table.name, *rows]).encode())
    return found.hexdigest()


@pytest.fixture(scope="module")
def known_digest(demo_app: Flask) -> str:
    """Of the county that the other tests read."""
    with demo_app.app_context(), session_for(Scope.of_system(reason="test"), reading=True) as session:
        return digest(session)


def test_load_gives_equal_rows_for_the_same_seed_and_day_on_every_database(known_digest: str, session: Session) -> None:
    load(session, today=TODAY, seed=SEED)
    assert digest(session) == known_digest


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_load_gives_other_rows_for_another_seed(known_digest: str, session: Session) -> None:
    load(session, today=TODAY, seed=SEED + 1)
    assert digest(session) != known_digest


def test_county_has_18_townships_of_8_to_30_villages_each_with_its_home(county: Session) -> None:
    villages = Counter(county.scalars(select(Village.township_id)))
    homes = {(home.township_id, home.village_id) for home in county.scalars(select(Home))}
    assert len(villages) == 18
    assert (min(villages.values()), max(villages.values())) == (8, 30)
    assert homes == {(village.township_id, village.id) for village in county.scalars(select(Village))}


def test_every_township_is_staffed_within_the_stated_sizes(county: Session) -> None:
    staffed: dict[str, Counter[PersonKind]] = defaultdict(Counter)
    for person in county.scalars(select(Person)):
        staffed[person.township_id][person.kind] += 1
    villages = Counter(county.scalars(select(Village.township_id)))
    children = Counter(county.scalars(select(Child.township_id).where(Child.closed_on.is_(None))))
    assert staffed.keys() == villages.keys() == children.keys()
    for township, kinds in staffed.items():
        assert kinds[PersonKind.CHILD_DIRECTOR] == villages[township]
        assert 1 <= kinds[PersonKind.SOCIAL_WORKER] <= 4
        assert 3 <= kinds[PersonKind.STATION_STAFF] <= 6
        assert 20 <= kinds[PersonKind.VOLUNTEER] <= 45
        assert 15 <= children[township] <= 70


def test_purchased_service_staff_are_the_social_workers_and_nobody_else(county: Session) -> None:
    people = county.scalars(select(Person)).all()
    assert {p.kind for p in people if p.dedicated} == {PersonKind.SOCIAL_WORKER}
    assert all(p.dedicated for p in people if p.kind is PersonKind.SOCIAL_WORKER)


def test_every_row_of_a_township_belongs_to_one_of_the_county(county: Session) -> None:
    townships = set(county.scalars(select(Township.id)))
    (only,) = county.scalars(select(County))
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, TownshipOwned):
            assert set(county.scalars(select(mapper.class_.township_id))) <= townships, mapper
        elif issubclass(mapper.class_, CountyOwned):
            assert set(county.scalars(select(mapper.class_.county_id))) <= {only.id}, mapper


def test_county_and_people_are_plainly_invented(county: Session) -> None:
    (only,) = county.scalars(select(County))
    common = set(COMMON_SURNAMES)
    people = county.scalars(select(Person)).all()
    assert only.invented
    assert "演示" in only.name
    assert not {person.name[0] for person in people} & common
    assert len({person.name for person in people}) == len(people)
    assert all(re.fullmatch(r"000-0000-\d{4}", person.phone or "") for person in people)
    assert len({person.phone for person in people}) == len(people)
    assert all(re.fullmatch(r"000-0000-\d{4}", t.safety_phone or "") for t in county.scalars(select(Township)))


def test_children_bear_a_plant_or_a_star_and_a_number(county: Session) -> None:
    words = "|".join(data("names")["pseudonyms"])
    children = county.scalars(select(Child)).all()
    assert all(re.fullmatch(rf"({words})\d{{2,3}}", child.pseudonym) for child in children)
    assert len({(c.township_id, c.case_code) for c in children}) == len(children)


def test_rules_cover_every_category_and_risk_and_are_marked_as_examples(county: Session) -> None:
    rules = county.scalars(select(VisitRule)).all()
    assert {(r.category, r.risk) for r in rules} == {(c, r) for c in ChildCategory for r in RiskLevel}
    assert all(rule.is_example and rule.source == "example" for rule in rules)


def test_due_visits_follow_the_rules_so_that_a_refresh_changes_nothing(county: Session) -> None:
    (only,) = county.scalars(select(County.id))
    for township in county.scalars(select(Township.id)):
        with session_for(Scope.of_township(only, township, reason="test")) as session:
            actor = Actor(county_id=only, township_id=township)
            assert visits.refresh_due(session, actor, TODAY + timedelta(days=28), today=TODAY) == 0


def test_some_visits_are_overdue_and_none_was_done_after_today(county: Session) -> None:
    rows = county.scalars(select(Visit)).all()
    due = [visit for visit in rows if visit.state is VisitState.DUE]
    overdue = [visit for visit in due if visit.due_on < TODAY]
    assert 0.05 < len(overdue) / len(due) < 0.3
    assert all(visit.done_on and visit.done_on < TODAY for visit in rows if visit.state is VisitState.DONE)


def test_checks_of_volunteers_show_every_state(county: Session) -> None:
    checks = {row.person_id: row for row in county.scalars(select(Vetting))}
    volunteers = county.scalars(select(Person.id).where(Person.kind == PersonKind.VOLUNTEER)).all()
    states = Counter(_state(checks.get(person)) for person in volunteers)
    assert states["valid"] > 0.65 * len(volunteers)
    assert all(states[kind] > 0 for kind in ("none", "ended", "ending", "barred"))


def _state(check: Vetting | None) -> str:
    if check is None:
        return "none"
    if check.result is VettingResult.BARRED:
        return "barred"
    left = (check.valid_through - TODAY).days
    return "ended" if left < 0 else "ending" if left < 14 else "valid"


def test_everybody_is_free_at_some_time_of_the_week(county: Session) -> None:
    assert set(county.scalars(select(WeeklyAvailability.person_id))) == set(county.scalars(select(Person.id)))


def test_log_ins_belong_to_one_township_and_to_people_of_their_role(county: Session) -> None:
    accounts = {account.username: account for account in county.scalars(select(Account))}
    assert accounts.keys() == {login.username for login in demo_accounts.LISTED}
    for login in demo_accounts.LISTED:
        account = accounts[login.username]
        assert account.role is login.role
        assert passwords.matches(account, login.password)
    townships = {account.township_id for account in accounts.values() if account.role is not AccountRole.COUNTY_OFFICER}
    assert len(townships) == 1
    for name in ("worker", "director", "volunteer"):
        person = county.scalars(select(Person).where(Person.id == accounts[name].person_id)).one()
        assert person.kind.value == accounts[name].role.value


def _main(county: Session) -> tuple[str, str]:
    account = county.scalars(select(Account).where(Account.username == "head")).one()
    assert account.township_id
    return account.county_id, account.township_id


@pytest.fixture
def problem(county: Session) -> Problem:
    """What the station head plans from today on."""
    of_county, township = _main(county)
    draft = Roster(township_id=township, id="draft", starts_on=TODAY, days=14, revision=1)
    with session_for(Scope.of_township(of_county, township, reason="test"), reading=True) as session:
        return build_problem(session, draft)


def test_fortnight_of_the_main_township_is_of_medium_size(problem: Problem) -> None:
    kinds = Counter(task.kind.value for task in problem.tasks)
    check_problem(problem)
    assert 40 <= kinds["visit"] <= 70
    assert 8 <= kinds["activity"] <= 14


def test_a_handful_of_tasks_cannot_be_served_for_three_different_reasons(problem: Problem) -> None:
    # Nothing is proven here: a first roster, task by task, leaves this little undone, so a planned one leaves less.
    rows = serve_free(problem, ())
    unserved = unserved_reasons(problem, rows)
    assert 4 <= len(unserved) <= 8
    codes = {reason.code.value for row in unserved for reason in row.reasons}
    assert {"no_eligible_person", "no_possible_team", "competing"} <= codes


def test_people_behind_log_ins_get_duties_in_a_planned_roster(problem: Problem, county: Session) -> None:
    roster = solve(problem, seconds=3, workers=1, deterministic=True)
    people = {seat.person for row in roster.assignments for seat in row.people}
    wanted = county.scalars(select(Account.person_id).where(Account.username.in_(["worker", "director", "volunteer"])))
    assert set(wanted) <= people


def test_activities_of_every_township_are_still_to_come_and_over(county: Session) -> None:
    midnight = {a.township_id: set() for a in county.scalars(select(Activity))}
    for activity in county.scalars(select(Activity)):
        midnight[activity.township_id].add(activity.starts_at.date() > TODAY)
    assert all(found == {True, False} for found in midnight.values())
    assert len(midnight) == 18


def test_main_township_is_of_middle_size(county: Session) -> None:
    _, township = _main(county)
    assert len(county.scalars(select(Village).where(Village.township_id == township)).all()) == 20
