"""Calendar addresses: my own duties, the whole township's, and the activities of a Children's Home."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import FeedKind
from tenants.models import FeedToken
from tenants.queries import homes
from tenants.queries.feed_tokens import HOME_LANGUAGE, live_token, live_token_of_home
from tenants.services import feed_tokens
from tenants.services.feed_tokens import OWN, WHOLE_TOWNSHIP, Shown
from weibao.access import me
from weibao.addresses import address_of, is_only_here
from weibao.db import db
from weibao.forms.feed import FeedForm
from weibao.qr import picture
from weibao.words import named

blueprint = Blueprint("subscriptions", __name__)


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """What an address shows, its live token, and the endpoints of its page."""

    shown: Shown
    token: FeedToken | None
    endpoints: str
    village_id: str | None = None
    home: str | None = None

    @property
    def kind(self) -> FeedKind:
        """For the page's words."""
        return self.shown.kind

    def form(self, **kwargs: Any) -> FeedForm:
        """What can be chosen for it."""
        return FeedForm.of_home(**kwargs) if self.kind is FeedKind.HOME else FeedForm(**kwargs)

    def url(self, deed: str = "") -> str:
        """The address of the page, or of one of its deeds: make, choose, revoke."""
        endpoint = self.endpoints.format(f"{deed}_" if deed else "")
        return url_for(endpoint, village_id=self.village_id) if self.village_id else url_for(endpoint)


def _own() -> Subscription:
    """Of my own duties."""
    return Subscription(shown=OWN, token=live_token(db.session(), me().own_person), endpoints="subscriptions.{}own")


def _township() -> Subscription:
    token = live_token(db.session(), me().own_person, whole_township=True)
    return Subscription(shown=WHOLE_TOWNSHIP, token=token, endpoints="subscriptions.{}township")


def _home(village_id: str) -> Subscription:
    village, home = homes.village_with_home(db.session(), village_id)
    return Subscription(
        shown=Shown(kind=FeedKind.HOME, home_id=home.id),
        token=live_token_of_home(db.session(), home.id),
        endpoints="subscriptions.{}home",
        village_id=village.id,
        home=named(home),
    )


def _page(subscription: Subscription, address: str | None = None, form: FeedForm | None = None) -> str:
    token = subscription.token
    if token is not None and form is None:
        chosen = "" if token.alarm_minutes is None else str(token.alarm_minutes)
        language = token.language or (HOME_LANGUAGE if subscription.kind is FeedKind.HOME else "")
        form = subscription.form(formdata=None, alarm=chosen, language=language)
    webcal = "webcal://" + address.partition("://")[2] if address else None
    return render_template(
        "subscriptions/page.html",
        subscription=subscription,
        form=form,
        address=address,
        webcal=webcal,
        code=picture(webcal) if webcal else None,
        only_here=is_only_here(),
    )


def _make(subscription: Subscription) -> str:
    """The page shows the new address this once, so it is not left for a redirect."""
    token = feed_tokens.issue(db.session(), me().actor, subscription.shown)
    return address_of("feeds.show", token=token)


def _choose(subscription: Subscription) -> BaseResponse | tuple[str, int]:
    form = subscription.form()
    if not form.validate():
        return _page(subscription, form=form), 422
    minutes, language = form.alarm.data, form.language.data
    feed_tokens.choose(
        db.session(),
        me().actor,
        subscription.shown,
        alarm_minutes=int(minutes) if minutes else None,
        language=language or None,
    )
    flash(_("Saved. Your calendar follows when it next asks for changes."), "success")
    return redirect(subscription.url(), 303)


def _revoke(subscription: Subscription) -> BaseResponse:
    if feed_tokens.revoke(db.session(), me().actor, subscription.shown):
        flash(_("The calendar address no longer works."), "success")
    return redirect(subscription.url(), 303)


@blueprint.get("/mine/calendar")
def own() -> str:
    """Whether my calendar is subscribed, and how to do it."""
    return _page(_own())


@blueprint.post("/mine/calendar")
def make_own() -> str:
    """A new secret address of my duties."""
    address = _make(_own())
    return _page(_own(), address)


@blueprint.post("/mine/calendar/choices")
def choose_own() -> BaseResponse | tuple[str, int]:
    """How my calendar reminds me, and in which language it speaks."""
    return _choose(_own())


@blueprint.post("/mine/calendar/revoke")
def revoke_own() -> BaseResponse:
    """Stop my feed."""
    return _revoke(_own())


@blueprint.get("/calendar/subscription")
def township() -> str:
    """The township's visits and activities in my calendar."""
    return _page(_township())


@blueprint.post("/calendar/subscription")
def make_township() -> str:
    """A new secret address of the township's duties, for me alone."""
    address = _make(_township())
    return _page(_township(), address)


@blueprint.post("/calendar/subscription/choices")
def choose_township() -> BaseResponse | tuple[str, int]:
    """How that calendar reminds me, and in which language it speaks."""
    return _choose(_township())


@blueprint.post("/calendar/subscription/revoke")
def revoke_township() -> BaseResponse:
    """Stop my feed of the township."""
    return _revoke(_township())


@blueprint.get("/homes/<village_id>/subscription")
def home(village_id: str) -> str:
    """The activities of a Children's Home in the calendars of those who come."""
    return _page(_home(village_id))


@blueprint.post("/homes/<village_id>/subscription")
def make_home(village_id: str) -> str:
    """A new address of a home's activities."""
    address = _make(_home(village_id))
    return _page(_home(village_id), address)


@blueprint.post("/homes/<village_id>/subscription/choices")
def choose_home(village_id: str) -> BaseResponse | tuple[str, int]:
    """How a home's calendar reminds, and in which language it speaks."""
    return _choose(_home(village_id))


@blueprint.post("/homes/<village_id>/subscription/revoke")
def revoke_home(village_id: str) -> BaseResponse:
    """Stop a home's address."""
    return _revoke(_home(village_id))
