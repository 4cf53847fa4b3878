"""The page of the audit log: who sees which lines, and searching them."""

import re

from flask import Flask
from sqlalchemy import select

from tenants.actor import Actor
from tenants.enums import AccountRole
from tenants.models import AuditHead
from tenants.scope import Scope
from tenants.services import audit_log
from tests.conftest import LogIn
from tests.world import World
from weibao.db import session_for


def write(app: Flask, world: World) -> str:
    """One line of each township; returns the head's digest."""
    with app.app_context(), session_for(Scope.of_system(reason="test")) as session:
        for place, county in ((world.second, world.county), (world.foreign, world.other_county)):
            actor = Actor(county_id=county, township_id=place.township)
            audit_log.record(session, actor, "child.read", "child", place.children[0])
        audit_log.record(session, world.head, "child.read", "child", world.first.children[0])
        return session.scalars(select(AuditHead.digest).where(AuditHead.county_id == world.county)).one()


def test_head_sees_the_own_townships_lines_alone(app: Flask, world: World, log_in: LogIn) -> None:
    digest = write(app, world)
    page = log_in(AccountRole.STATION_HEAD).get("/audit/").text
    assert world.first.children[0][:8] in page
    assert world.second.children[0][:8] not in page
    assert digest not in page


def test_county_sees_its_lines_and_the_head_of_the_chain(app: Flask, world: World, log_in: LogIn) -> None:
    digest = write(app, world)
    page = log_in("county").get("/audit/").text
    assert digest in page
    assert world.second.children[0][:8] in page
    assert world.foreign.children[0][:8] not in page


def test_log_is_searched_by_kind_row_and_day(app: Flask, world: World, log_in: LogIn) -> None:
    write(app, world)
    head = log_in(AccountRole.STATION_HEAD)
    child = world.first.children[0]
    page = head.get(f"/audit/?subject={child}").text
    assert len(re.findall(r"Child&#39;s file: opened <code[^>]*>child\.read</code>", page)) == 1
    assert "Nothing fits the search" in head.get("/audit/?kind=roster.").text
    assert "Nothing fits the search" in head.get("/audit/?until=2020-01-01").text


def test_unreadable_search_says_so_and_keeps_what_was_typed(log_in: LogIn) -> None:
    response = log_in(AccountRole.STATION_HEAD).get("/audit/?since=yesterday")
    assert response.status_code == 422
    assert "yesterday" in response.text


def test_volunteer_does_not_see_the_log(log_in: LogIn) -> None:
    assert log_in(AccountRole.VOLUNTEER).get("/audit/").status_code == 403
