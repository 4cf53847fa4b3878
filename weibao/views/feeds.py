"""Calendar feeds: open to whoever holds the secret address, and to nobody else."""

from datetime import UTC, datetime, timedelta
from functools import partial

from flask import Blueprint, Flask, Response, request
from flask.blueprints import BlueprintSetupState
from flask_babel import force_locale
from werkzeug.http import is_resource_modified

from tenants.enums import FeedKind
from tenants.errors import NotFoundError
from tenants.queries import duties
from tenants.queries import feeds as queries
from tenants.queries.feed_tokens import FeedOwner, owner_of
from tenants.scope import Scope, enter
from tenants.services import feed_tokens
from weibao import abroad, feeds
from weibao.addresses import address_of
from weibao.db import after_commit, db, session_for
from weibao.feed_gate import FeedGate
from weibao.feeds import Entry, Feed, build
from weibao.logs import HideTokens
from weibao.say import _

blueprint = Blueprint("feeds", __name__)
_LOCALES = {"en": "en"}
_SECOND = timedelta(seconds=1)


@blueprint.record_once
def _hide_tokens(state: BlueprintSetupState) -> None:
    state.app.logger.addFilter(HideTokens())


@blueprint.get("/feeds/<token>.ics")
def show(token: str) -> Response:
    """The feed that the token opens; 304 without building it when the calendar has it already."""
    now = datetime.now(UTC)
    with session_for(Scope.of_system(reason="feed token"), reading=True) as work:
        owner = owner_of(work, token, now)
    if owner is None:
        raise NotFoundError("no such feed")
    enter(db.session(), Scope.of_township(owner.county_id, owner.township_id, reason="feed"))
    after_commit(partial(_note_fetch, owner, now))
    with force_locale(_LOCALES.get(owner.language, "zh_Hans_CN")):
        return _answer(owner, now)


def _answer(owner: FeedOwner, now: datetime) -> Response:
    feed = _feed_of(owner)
    etag, changed_at = feed.etag(owner.state), _dated(owner.state.changed_at, now)
    response = Response(mimetype="text/calendar")
    if _is_new(etag, changed_at):
        response.data = build(feed, _entries(feed, owner, now))
        response.headers["Content-Disposition"] = 'inline; filename="weibao.ics"'
    else:
        response.status_code = 304
    response.set_etag(etag)
    if changed_at:
        response.last_modified = changed_at
    response.headers["Cache-Control"] = "private, no-cache"  # it may be kept, but is asked for anew each time
    return response


def _dated(changed_at: datetime | None, now: datetime) -> datetime | None:
    """When the feed last changed, once that second is over: another change in it would bear the same date."""
    second = changed_at and changed_at.replace(microsecond=0)
    return second if second and now - second >= _SECOND else None


def _is_new(etag: str, changed_at: datetime | None) -> bool:
    """Whether the calendar has another text; a date is good for the very text that bore it, for dates may go back."""
    if "If-None-Match" not in request.headers and request.if_modified_since != changed_at:
        return True
    return is_resource_modified(request.environ, f'"{etag}"', last_modified=changed_at)


def _entries(feed: Feed, owner: FeedOwner, now: datetime) -> list[Entry]:
    session = db.session()
    if owner.home_id:
        return [feeds.of_activity(feed, task) for task in queries.of_home(session, owner.home_id, now)]
    if owner.kind is FeedKind.TOWNSHIP or owner.person_id is None:
        return [feeds.of_task(feed, task) for task in queries.of_township(session, now)]
    read = partial(duties.in_feed, person_id=owner.person_id, now=now)
    held = abroad.gathered(session, owner.township_id, owner.person_id, read)
    return [feeds.of_duty(feed, duty) for duty in held]


def _name(owner: FeedOwner) -> str:
    is_english = owner.language == "en"
    name = owner.name_en if is_english and owner.name_en else owner.name
    township = owner.township_en if is_english and owner.township_en else owner.township
    if owner.kind is FeedKind.TOWNSHIP:
        return _("Visits and activities · %(township)s", township=township)
    if owner.kind is FeedKind.HOME:
        home = _("%(village)s Children's Home", village=name) if is_english and owner.name_en else name
        return _("Activities · %(home)s", home=home)
    return _("Duties of %(name)s · %(township)s", name=name, township=township)


def _feed_of(owner: FeedOwner) -> Feed:
    return Feed(
        name=_name(owner),
        language=owner.language,
        timezone=owner.timezone,
        alarm_minutes=owner.alarm_minutes,
        pages=address_of("mine.duties"),
    )


def _note_fetch(owner: FeedOwner, now: datetime) -> None:
    if feed_tokens.is_fetch_noted(owner.last_fetched_at, now):
        return
    scope = Scope.of_township(owner.county_id, owner.township_id, reason="feed fetch")
    with session_for(scope) as work:
        feed_tokens.note_fetch(work, owner.token_id, now)


def init_app(app: Flask) -> None:
    """Let a calendar that knows its feed be answered before the program."""

    def note(token: str, now: datetime) -> None:
        with app.app_context():
            with session_for(Scope.of_system(reason="feed token"), reading=True) as work:
                owner = owner_of(work, token, now)
            if owner:
                _note_fetch(owner, now)

    with app.app_context():
        app.wsgi_app = FeedGate(app.wsgi_app, db.engine, note)  # type: ignore[method-assign]
