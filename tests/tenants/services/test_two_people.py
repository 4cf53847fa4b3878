"""Of two people who decide, neither has just made a link into the other's account."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole
from tenants.errors import ConflictError
from tenants.models import new_id, utc_now
from tenants.services import audit_log, two_people
from tests.world import World

ONE, OTHER, THIRD = new_id(), new_id(), new_id()


@pytest.fixture
def one(session: Session, world: World) -> Actor:
    """An officer who has made a link for another officer's account."""
    actor = Actor(county_id=world.county, township_id=None, role=AccountRole.COUNTY_OFFICER, account_id=ONE)
    audit_log.record(session, actor, two_people.RECOVERED, "account", OTHER)
    return actor


def test_neither_of_them_is_the_others_second(session: Session, one: Actor) -> None:
    for actor, first in ((one, OTHER), (replace(one, account_id=OTHER), ONE)):
        with pytest.raises(ConflictError, match="one-time link"):
            two_people.need_apart(session, actor, first)


def test_a_third_is_the_second_of_either(session: Session, one: Actor) -> None:
    third = replace(one, account_id=THIRD)
    for actor, first in ((third, ONE), (third, OTHER), (one, THIRD), (replace(one, account_id=OTHER), THIRD)):
        two_people.need_apart(session, actor, first)


def test_other_lines_about_the_account_say_nothing(session: Session, one: Actor) -> None:
    audit_log.record(session, one, "account.reopen", "account", THIRD)
    two_people.need_apart(session, one, THIRD)


def test_after_seven_days_they_are_two_again(session: Session, one: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    for days, refused in ((6, True), (8, False)):
        monkeypatch.setattr("tenants.services.two_people.utc_now", lambda d=days: utc_now() + timedelta(days=d))
        if refused:
            with pytest.raises(ConflictError):
                two_people.need_apart(session, one, OTHER)
        else:
            two_people.need_apart(session, one, OTHER)
