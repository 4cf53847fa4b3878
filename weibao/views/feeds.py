"""Calendar feeds: open to whoever holds the secret address, and to nobody else."""

from datetime import UTC, datetime
from functools import partial

from flask import Blueprint, Response, g, request
from flask.blueprints import BlueprintSetupState
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.http import is_resource_modified

from tenants.errors import NotFoundError
from tenants.queries import duties
from tenants.queries.duties import FeedState, HeldDuty
from tenants.queries.feed_tokens import FeedOwner, owner_of
from tenants.scope import Scope, enter
from tenants.services import feed_tokens
from weibao import abroad
from weibao.addresses import address_of
from weibao.db import db, session_for
from weibao.feeds import Feed, build
from weibao.logs import HideTokens

blueprint = Blueprint("feeds", __name__)
_LOCALES = {"en": "en"}


@blueprint.record_once
def _hide_tokens(state: BlueprintSetupState) -> None:
    state.app.logger.addFilter(HideTokens())


@blueprint.get("/feeds/<token>.ics")
def person(token: str) -> Response:
    """The feed of the token's person; 304 without building it when the calendar has it already."""
    now = datetime.now(UTC)
    with session_for(Scope.of_system(reason="feed token"), reading=True) as work:
        owner = owner_of(work, token)
    if owner is None:
        raise NotFoundError("no such feed")
    enter(db.session(), Scope.of_township(owner.county_id, owner.township_id, reason="feed"))
    if not feed_tokens.is_fetch_noted(owner.last_fetched_at, now):
        g.after_commit.append(partial(_note_fetch, owner, now))
    with force_locale(_LOCALES.get(owner.language, "zh_Hans_CN")):
        return _answer(owner, now)


def _answer(owner: FeedOwner, now: datetime) -> Response:
    feed = _feed_of(owner)
    state = _state(owner, now)
    etag = feed.etag(state)
    response = Response(mimetype="text/calendar")
    if is_resource_modified(request.environ, f'"{etag}"', last_modified=state.changed_at):
        response.data = build(feed, _duties(owner, now))
        response.headers["Content-Disposition"] = 'inline; filename="weibao.ics"'
    else:
        response.status_code = 304
    response.set_etag(etag)
    response.last_modified = state.changed_at
    response.headers["Cache-Control"] = "private, no-cache"  # it may be kept, but is asked for anew each time
    return response


def _duties(owner: FeedOwner, now: datetime) -> list[HeldDuty]:
    """What the person holds at home and where they are lent."""
    read = partial(duties.in_feed, person_id=owner.person_id, now=now)
    return abroad.gathered(db.session(), owner.township_id, owner.person_id, read)


def _state(owner: FeedOwner, now: datetime) -> FeedState:
    """Count and newest change of the same duties."""
    states = abroad.asked(
        db.session(),
        owner.township_id,
        owner.person_id,
        partial(duties.feed_state, person_id=owner.person_id, now=now),
    )
    changed = [state.changed_at for state in states if state.changed_at is not None]
    return FeedState(count=sum(state.count for state in states), changed_at=max(changed, default=None))


def _feed_of(owner: FeedOwner) -> Feed:
    is_english = owner.language == "en"
    name = owner.name_en if is_english and owner.name_en else owner.name
    township = owner.township_en if is_english and owner.township_en else owner.township
    return Feed(
        name=_("Duties of %(name)s · %(township)s", name=name, township=township),
        language=owner.language,
        timezone=owner.timezone,
        alarm_minutes=owner.alarm_minutes,
        pages=address_of("mine.duties"),
    )


def _note_fetch(owner: FeedOwner, now: datetime) -> None:
    scope = Scope.of_township(owner.county_id, owner.township_id, reason="feed fetch")
    with session_for(scope) as work:
        feed_tokens.note_fetch(work, owner.token_id, now)
