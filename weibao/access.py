"""Who is asking, and whether they may: Flask-Login's adapter, and deny by default by the permission table."""

from dataclasses import dataclass, field
from typing import Any

from flask import Flask, abort, current_app, flash, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager, current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from tenants.actor import Actor
from tenants.enums import AccountRole
from tenants.errors import NotFoundError
from tenants.models import Account, County, Township
from tenants.queries import accounts
from tenants.scope import Scope, enter
from tenants.services import log_ins, second_factor
from weibao import hx, i18n
from weibao.db import db, session_for
from weibao.permissions import OPEN, PERMISSIONS, WITHOUT_SECOND_FACTOR


@dataclass(frozen=True, kw_only=True)
class LoginUser:
    """What Flask-Login holds of an account: a snapshot, so that no model needs Flask-Login's mixin."""

    id: str
    token: str = field(repr=False)
    log_in_id: str
    username: str
    county_id: str
    township_id: str | None
    person_id: str | None
    role: AccountRole
    display_name: str
    language: str
    place_names: tuple[str, str]
    timezone: str
    townships: frozenset[str]
    second_factor: bool
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Flask-Login's key: the secret of this device's log-in, not the account's id."""
        return self.token

    @property
    def place(self) -> str:
        """Where the account is at work, in the page's language."""
        return i18n.of_both(*self.place_names)

    @property
    def actor(self) -> Actor:
        """Who the services see."""
        return Actor(
            county_id=self.county_id,
            account_id=self.id,
            township_id=self.township_id,
            person_id=self.person_id,
            role=self.role,
        )

    @property
    def own_person(self) -> str:
        """The account's person.

        Raises:
            NotFoundError: it belongs to none, so it holds and takes nothing.

        """
        if self.person_id is None:
            raise NotFoundError("no person")
        return self.person_id

    @property
    def scope(self) -> Scope:
        """What the account's requests may read and write."""
        if self.township_id is None:
            return Scope.of_county(self.county_id, self.townships, reason="request")
        return Scope.of_township(self.county_id, self.township_id, reason="request")


login_manager = LoginManager()


@login_manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
def load_user(token: str) -> LoginUser | None:
    """The account behind a cookie's secret; None when the log-in has ended or the account is disabled."""
    with session_for(Scope.of_system(reason="log in"), reading=True) as session:
        held = log_ins.find(session, token)
        account = accounts.active(session, held.account_id) if held else None
        if held is None or account is None:
            return None
        user = _snapshot(session, token, held.id, account)
        stale = log_ins.is_stale(held)
    if stale:
        with session_for(Scope.of_system(reason="log in")) as session:
            log_ins.see(session, user.log_in_id)
    return user


def _snapshot(session: Session, token: str, log_in_id: str, account: Account) -> LoginUser:
    county = session.get_one(County, account.county_id)
    township = session.get(Township, account.township_id) if account.township_id else None
    place = township or county
    of_county = select(Township.id).where(Township.county_id == account.county_id)
    return LoginUser(
        id=account.id,
        token=token,
        log_in_id=log_in_id,
        username=account.username,
        county_id=account.county_id,
        township_id=account.township_id,
        person_id=account.person_id,
        role=account.role,
        display_name=account.display_name,
        language=account.language,
        place_names=(place.name, place.name_en),
        timezone=county.timezone,
        townships=frozenset({township.id} if township else session.scalars(of_county)),
        second_factor=account.totp_since is not None,
    )


def me() -> LoginUser:
    """The account of this request.

    Raises:
        LookupError: nobody is logged in.

    """
    if not current_user.is_authenticated:
        raise LookupError("nobody is logged in")
    user: Any = current_user
    return user._get_current_object()  # type: ignore[no-any-return]  # the proxy hides the type


def undeclared(app: Flask) -> list[str]:
    """Endpoints that stand in no line of the table, and lines that name no endpoint."""
    return sorted({rule.endpoint for rule in app.url_map.iter_rules()} ^ set(PERMISSIONS))


def may(endpoint: str) -> bool:
    """Whether the present account may reach an endpoint."""
    allowed = PERMISSIONS[endpoint]
    return allowed == OPEN or (current_user.is_authenticated and current_user.role in allowed)


def _let_in() -> BaseResponse | None:
    endpoint = request.endpoint
    if endpoint is None:
        return None
    if PERMISSIONS[endpoint] == OPEN:
        return None
    if not current_user.is_authenticated:
        flash(_l("Please log in first."), "info")
        target = request.full_path.rstrip("?") if request.method == "GET" and not hx.wants_fragment() else ""
        return hx.redirect(url_for("account.login", next=target or None))
    if not may(endpoint):
        abort(403)
    user = me()
    if _lacks_second_factor(user) and endpoint not in WITHOUT_SECOND_FACTOR:
        return hx.redirect(url_for("my_account.page"))
    enter(db.session(), user.scope)
    return None


def _lacks_second_factor(user: LoginUser) -> bool:
    required = current_app.config["WEIBAO"].require_second_factor and user.role in second_factor.REQUIRED
    return required and not user.second_factor


def init_app(app: Flask) -> None:
    """Put the guard before every request; ``undeclared`` tells, at the end of assembly, what has no line."""
    login_manager.init_app(app)
    app.before_request(_let_in)
