"""Visit rules: examples are marked until the county decides."""

import re
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tenants.enums import AccountRole, ChildCategory, RiskLevel
from tenants.models import AuditEntry, VisitRule
from tests import drafts
from tests.conftest import LogIn, post
from tests.world import World

PATH = "/rules/disabled/high"
TERMS = {
    "interval_days": "10",
    "minutes": "45",
    "priority": "high",
    "service": "child_protection",
    "known_by": "named",
    "source": "县民政局 2026 年 1 号",
    "from_day": str(drafts.today()),
    "roles-0-role": "lead",
    "roles-0-minimum": "1",
    "roles-0-maximum": "1",
    "roles-0-kinds": ["social_worker"],
}


def decide(client: FlaskClient) -> TestResponse:
    """Look at what it would do, then keep it."""
    looked = post(client, PATH, TERMS)
    assert looked.status_code == 200
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', looked.text)
    assert seen is not None
    return post(client, PATH, {**TERMS, "seen": seen[1]})


def rule(session: Session, world: World) -> VisitRule:
    query = select(VisitRule).where(VisitRule.county_id == world.county, VisitRule.category == ChildCategory.DISABLED)
    newest = query.where(VisitRule.risk == RiskLevel.HIGH).order_by(VisitRule.from_day.desc()).limit(1)
    return session.scalars(newest).one()


def test_the_county_decides_a_rule(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.COUNTY_OFFICER)
    assert 'id="source" maxlength="200" name="source" required type="text" value=""' in client.get(PATH).text
    answer = decide(client)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/rules")
    kept = rule(session, world)
    assert (kept.interval_days, kept.is_example, kept.source) == (10, False, TERMS["source"])
    assert kept.roles == [{"id": "lead", "min": 1, "max": 1, "kinds": ["social_worker"], "skills": []}]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "rule.save")).one()
    assert (entry.subject_id, entry.township_id) == (kept.id, None)
    assert TERMS["source"] in client.get(PATH).text


def test_a_refused_rule_keeps_what_was_typed_and_stays_an_example(
    log_in: LogIn, world: World, session: Session
) -> None:
    client = log_in(AccountRole.COUNTY_OFFICER)
    for changes, field in (
        ({"interval_days": "0"}, "interval_days"),
        ({"minutes": "much"}, "minutes"),
        ({"source": " "}, "source"),
        ({"roles-0-minimum": "2"}, "roles-0-maximum"),
        ({"priority": "nonsense"}, "priority"),
    ):
        answer = post(client, PATH, {**TERMS, **changes})
        assert answer.status_code == 422, field
        assert f'href="#{field}"' in answer.text, field
        assert f'value="{changes.get("minutes", "45")}"' in answer.text
    assert rule(session, world).is_example is True


def test_roles_come_and_go_without_saving(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.COUNTY_OFFICER)
    part = post(client, PATH, {**TERMS, "step": "add"}, headers={"HX-Request": "true"})
    assert "roles-1-role" in part.text
    assert rule(session, world).is_example is True


def test_examples_are_marked_until_decided(log_in: LogIn, world: World, session: Session) -> None:
    officer = log_in(AccountRole.COUNTY_OFFICER)
    post(officer, "/language", {"lang": "en"})
    assert "15 rules are examples." in officer.get("/rules").text
    decide(officer)
    head = log_in(AccountRole.STATION_HEAD)
    post(head, "/language", {"lang": "en"})
    page = head.get("/rules").text
    assert "14 rules are examples." in page
    assert TERMS["source"] in page
    assert PATH not in page  # the station reads


def test_a_pair_that_does_not_exist_is_not_found(log_in: LogIn, world: World) -> None:
    client = log_in(AccountRole.COUNTY_OFFICER)
    assert client.get("/rules/disabled/extreme").status_code == 404
    assert client.get("/rules/rich/high").status_code == 404


def test_a_missing_rule_is_offered_and_made(log_in: LogIn, world: World, session: Session) -> None:
    session.delete(rule(session, world))
    client = log_in(AccountRole.COUNTY_OFFICER)
    assert client.get("/rules").status_code == 200
    assert "roles-0-role" in client.get(PATH).text
    assert decide(client).status_code == 303
    assert rule(session, world).minutes == 45


def test_nothing_is_kept_before_its_effect_was_looked_at(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.COUNTY_OFFICER)
    looked = post(client, PATH, TERMS)
    assert "Nothing is kept yet." in looked.text
    assert rule(session, world).is_example is True
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', looked.text)
    assert seen is not None
    again = post(client, PATH, {**TERMS, "minutes": "90", "seen": seen[1]})  # changed since: looked at anew
    assert again.status_code == 200
    assert rule(session, world).is_example is True


def test_a_coming_version_is_marked_and_can_be_taken_back(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.COUNTY_OFFICER)
    post(client, "/language", {"lang": "en"})
    day = drafts.today() + timedelta(days=20)
    looked = post(client, PATH, {**TERMS, "from_day": str(day)})
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', looked.text)
    assert seen is not None
    assert post(client, PATH, {**TERMS, "from_day": str(day), "seen": seen[1]}).status_code == 303
    assert f"changes on {day}" in client.get("/rules").text
    assert "from the beginning" in client.get(PATH).text
    assert post(client, f"/rules/versions/{rule(session, world).id}/take-back").status_code == 303
    assert "changes on" not in client.get("/rules").text
