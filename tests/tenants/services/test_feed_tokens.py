from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole, DutyState, PersonKind
from tenants.errors import ForbiddenError
from tenants.models import Account, AuditEntry, FeedToken, Person
from tenants.queries.duties import FeedState
from tenants.queries.feed_tokens import live_token, owner_of
from tenants.services import feed_tokens
from tests.duties import add_visit, give
from tests.world import World

NOW = datetime.now(UTC)


def volunteer(world: World) -> Actor:
    return Actor(
        county_id=world.county,
        township_id=world.first.township,
        person_id=world.first.people[PersonKind.VOLUNTEER],
        role=AccountRole.VOLUNTEER,
    )


def test_issue_keeps_only_a_hash_of_a_256_bit_token(session: Session, world: World) -> None:
    token = feed_tokens.issue(session, volunteer(world))

    row = session.scalars(select(FeedToken)).one()
    assert len(token) == 43
    assert row.token_hash != token
    assert len(row.token_hash) == 64
    assert token not in str([entry.details for entry in session.scalars(select(AuditEntry))])


def test_owner_of_a_token_is_its_person(session: Session, world: World) -> None:
    owner = owner_of(session, feed_tokens.issue(session, volunteer(world)), NOW)

    assert owner is not None
    assert (owner.county_id, owner.township_id) == (world.county, world.first.township)
    assert owner.person_id == world.first.people[PersonKind.VOLUNTEER]
    assert (owner.language, owner.timezone) == ("en", "Asia/Shanghai")


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "é" * 43, "a" * 5000])
def test_owner_of_an_unknown_token_is_nobody(session: Session, world: World, token: str) -> None:
    feed_tokens.issue(session, volunteer(world))

    assert owner_of(session, token, NOW) is None


def test_rotating_stops_the_earlier_token(session: Session, world: World) -> None:
    earlier = feed_tokens.issue(session, volunteer(world))
    later = feed_tokens.issue(session, volunteer(world))

    assert owner_of(session, earlier, NOW) is None
    assert owner_of(session, later, NOW) is not None
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()
    assert actions == ["feed_token.issue", "feed_token.rotate"]


def test_revoking_stops_the_own_token_alone(session: Session, world: World) -> None:
    mine = feed_tokens.issue(session, volunteer(world))
    worker = Actor(
        county_id=world.county,
        township_id=world.first.township,
        person_id=world.first.people[PersonKind.SOCIAL_WORKER],
    )
    theirs = feed_tokens.issue(session, worker)

    assert feed_tokens.revoke(session, volunteer(world))
    assert not feed_tokens.revoke(session, volunteer(world))

    assert owner_of(session, mine, NOW) is None
    assert owner_of(session, theirs, NOW) is not None
    assert live_token(session, world.first.people[PersonKind.VOLUNTEER]) is None


def test_token_of_a_disabled_account_or_a_person_who_left_has_no_owner(session: Session, world: World) -> None:
    actor = volunteer(world)
    token = feed_tokens.issue(session, actor)
    person = session.scalars(select(Person).where(Person.id == actor.person_id)).one()
    person.active = False
    session.flush()
    assert owner_of(session, token, NOW) is None
    person.active = True
    session.flush()
    assert owner_of(session, token, NOW) is not None
    session.execute(update(Account).where(Account.person_id == actor.person_id).values(disabled=True))
    assert owner_of(session, token, NOW) is None


def test_an_account_without_a_person_has_no_feed(session: Session, world: World) -> None:
    with pytest.raises(ForbiddenError):
        feed_tokens.issue(session, Actor(county_id=world.county, township_id=world.first.township))


def test_a_fetch_is_noted_once_in_five_minutes(session: Session, world: World) -> None:
    now = datetime.now(UTC)
    assert not feed_tokens.is_fetch_noted(None, now)
    assert feed_tokens.is_fetch_noted(now - timedelta(minutes=4), now)
    assert not feed_tokens.is_fetch_noted(now - timedelta(minutes=5), now)
    feed_tokens.issue(session, volunteer(world))
    row = session.scalars(select(FeedToken)).one()

    feed_tokens.note_fetch(session, row.id, now)

    assert row.last_fetched_at == now


def test_the_owner_is_told_how_many_duties_there_are_and_of_the_newest_change(session: Session, world: World) -> None:
    place, token = world.first, feed_tokens.issue(session, volunteer(world))
    empty = owner_of(session, token, NOW)
    assert empty is not None
    assert empty.state == FeedState(count=0, changed_at=None)
    newest = NOW.replace(microsecond=5) - timedelta(hours=1)
    give(session, place, PersonKind.VOLUNTEER, activity=place.activity, changed_at=newest)
    give(session, place, PersonKind.VOLUNTEER, visit=add_visit(session, place), changed_at=NOW - timedelta(days=2))
    give(session, place, PersonKind.SOCIAL_WORKER, visit=add_visit(session, place, 1), changed_at=NOW)
    full = owner_of(session, token, NOW)
    assert full is not None
    assert full.state == FeedState(count=2, changed_at=newest)


def test_what_a_feed_no_longer_shows_is_not_counted(session: Session, world: World) -> None:
    place, token = world.first, feed_tokens.issue(session, volunteer(world))
    for child, days in ((0, 29), (1, 31)):
        visit, changed = add_visit(session, place, child), NOW - timedelta(days=days)
        give(session, place, PersonKind.VOLUNTEER, visit=visit, state=DutyState.CANCELLED, changed_at=changed)
    for child, days in ((2, 179), (3, 182)):
        visit = add_visit(session, place, child)
        give(session, place, PersonKind.VOLUNTEER, visit=visit, starts_at=NOW - timedelta(days=days))
    owner = owner_of(session, token, NOW)
    assert owner is not None
    assert owner.state.count == 2
