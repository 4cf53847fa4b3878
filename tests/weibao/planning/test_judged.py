"""What the pages plan and show is what the outside judge passes."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduling.io import read_problem, roster_to_json
from scheduling.roster import Reason, ReasonCode, Score, Status, Unserved
from scheduling.roster import Roster as Solution
from tenants.enums import RosterState, RunState
from tenants.models import Account, Roster, SolveRun
from tenants.scope import Scope
from tests.conftest import post
from tests.scheduling.judging import judge, shared
from weibao import demo, demo_accounts, jobs
from weibao.db import session_for
from weibao.planning import assignments_of, clock_of

pytestmark = pytest.mark.judge
CHINA = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def head(app: Flask) -> FlaskClient:
    """The station head of the demonstration's main township."""
    shared()
    today = datetime.now(UTC).astimezone(CHINA).date()
    with app.app_context(), session_for(Scope.of_system(reason="test")) as session:
        demo.load(session, today=today, seed=1)
    client = app.test_client()
    login = {"username": "head", "password": demo_accounts.PASSWORD}
    assert post(client, "/login", login).status_code == 303
    return client


def plan(app: Flask, client: FlaskClient) -> str:
    """Plan two weeks of the demonstration's township through the pages; returns the draft's address."""
    page = client.get("/planner/").text
    first = re.search(r'name="starts_on"[^>]*value="([\d-]+)"', page)
    assert first is not None
    draft = post(client, "/planner/", {"starts_on": first[1], "days": 14}).headers["Location"]
    form = client.get(draft).text
    fields = dict(re.findall(r'name="(weight_\w+|revision)"[^>]*value="(\d+)"', form))
    assert post(client, f"{draft}/plan", {**fields, "seconds": 10}).status_code == 303
    with app.app_context(), session_for(Scope.of_system(reason="test")) as session:
        session.scalars(select(SolveRun)).one().seconds = 3
    assert jobs.work_once(app) is True
    return draft


def shown(app: Flask, text: str) -> Solution:
    """The roster that the draft's rows hold, in the scheduler's form."""
    with app.app_context():
        with session_for(Scope.of_system(reason="test"), reading=True) as session:
            account = session.scalars(select(Account).where(Account.username == "head")).one()
        scope = Scope.of_township(account.county_id, account.township_id or "", reason="test")
        with session_for(scope, reading=True) as session:
            roster = session.scalars(select(Roster).where(Roster.state == RosterState.DRAFT)).one()
            assert roster.runs[-1].state is RunState.DONE, roster.runs[-1].error
            problem = read_problem(text)
            bound = None
            if roster.bound_medium is not None and roster.bound_soft is not None:
                bound = Score(medium=roster.bound_medium, soft=roster.bound_soft)
            return Solution(
                problem=problem.id,
                assignments=assignments_of(roster, problem, clock_of(session, roster)),
                unserved=tuple(Unserved(task=row.task_id, reasons=_reasons(row.reasons)) for row in roster.unserved),
                score=Score(medium=roster.score_medium or 0, soft=roster.score_soft or 0),
                bound=bound,
                status=Status.OPTIMAL if roster.optimal else Status.FEASIBLE,
                seconds=3,
            )


def _reasons(rows: list[dict[str, object]]) -> tuple[Reason, ...]:
    return tuple(
        Reason(code=ReasonCode(row["code"]), role=row["role"], instead=tuple(row["instead"]))  # type: ignore[arg-type]
        for row in rows
    )


def test_the_roster_on_the_page_passes_the_judge(app: Flask, head: FlaskClient, tmp_path: Path) -> None:
    """The demonstration's township, planned by the pages: no rule broken, score and reasons true, each task shown."""
    draft = plan(app, head)
    problem = head.get(f"{draft}/problem.json")
    roster = shown(app, problem.text)
    verdict = judge(tmp_path, problem.json, roster_to_json(roster))
    assert verdict["violations"] == []
    assert len(roster.assignments) > 30
    page = head.get(f"{draft}?tab=day").text
    assert all(f"{draft}/task/{row.task}" in page for row in roster.assignments)
    left = head.get(f"{draft}?tab=open").text
    assert all(f"{draft}/task/{row.task}" in left for row in roster.unserved)
