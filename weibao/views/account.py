"""Log in, log out, choose a language, set a password by a one-time link."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from tenants.errors import InvalidError
from tenants.models import Account
from tenants.scope import Scope
from tenants.services import passwords
from weibao import demo_accounts, login
from weibao.db import session_for
from weibao.forms.account import CodeForm, LoginForm, NewPasswordForm
from weibao.i18n import LANGUAGES

blueprint = Blueprint("account", __name__)
Answer = str | BaseResponse | tuple[str, int]


def own_path(target: str | None) -> str:
    """The target if it is a path of this program, else the start page."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or urlsplit(target).netloc:
        return url_for("desk.start")
    return target


@blueprint.route("/login", methods=["GET", "POST"], endpoint="login")
def log_in() -> Answer:
    """The log-in page."""
    if current_user.is_authenticated and request.method == "GET":
        return redirect(url_for("desk.start"))
    form = LoginForm(next=request.args.get("next", ""))
    if request.method == "GET":
        return _login_page(form, 200)
    if not form.validate():
        return _login_page(form, 422)
    username = form.username.data or ""
    wait = login.wait_seconds(username)
    if wait:
        flash(_("Too many tries. Please wait %(seconds)s seconds.", seconds=wait), "danger")
        return _login_page(form, 429)
    account = login.check_password(username, form.password.data or "")
    if account is None:
        flash(_("User name or password is wrong."), "danger")
        return _login_page(form, 422)
    return _after_password(account, form.next.data)


def _login_page(form: LoginForm, status: int) -> tuple[str, int]:
    listed = demo_accounts.LISTED if current_app.config["WEIBAO"].demo else ()
    return render_template("account/login.html", form=form, listed=listed), status


def _after_password(account: Account, target: str | None) -> BaseResponse:
    if account.totp_since is not None:
        login.wait_for_code(account)
        return redirect(url_for("account.code", next=target or None), 303)
    login.let_in(account.id, account.username)
    return redirect(own_path(target), 303)


@blueprint.route("/login/code", methods=["GET", "POST"])
def code() -> Answer:
    """The second factor."""
    account_id = login.waiting_account()
    if account_id is None:
        if not current_user.is_authenticated:  # who goes back to this page after the log-in is told nothing
            flash(_("Please log in first."), "info")
        return redirect(url_for("account.login"), 303)
    form = CodeForm(next=request.args.get("next", ""))
    if request.method == "GET":
        return render_template("account/code.html", form=form)
    wait = login.wait_seconds(account_id)
    if wait:
        flash(_("Too many tries. Please wait %(seconds)s seconds.", seconds=wait), "danger")
        return render_template("account/code.html", form=form), 429
    if form.validate() and login.check_code(account_id, account_id, form.digits):
        login.let_in(account_id, account_id)
        return redirect(own_path(form.next.data), 303)
    if not form.errors:
        form.code.errors = [_("The code is wrong or too old.")]
    return render_template("account/code.html", form=form), 422


@blueprint.post("/logout", endpoint="logout")
def log_out() -> BaseResponse:
    """End this device's log-in."""
    login.let_out()
    return redirect(url_for("account.login"), 303)


@blueprint.post("/language")
def language() -> BaseResponse:
    """Keep the chosen language in the session, and go back."""
    chosen = request.form.get("lang", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
    return redirect(own_path(request.form.get("next")), 303)


@blueprint.route("/link/<token>", methods=["GET", "POST"])
def link(token: str) -> Answer:
    """Set a password by a one-time link: an invitation or a recovery."""
    form = NewPasswordForm()
    with session_for(Scope.of_system(reason="one-time link")) as work:
        username = passwords.username_of_link(work, token)
        if request.method == "POST" and form.validate():
            try:
                passwords.use_link(work, token, form.password.data or "")
            except InvalidError as error:
                form.password.errors = [_(error.message)]
            else:
                flash(_("The password is set. Please log in."), "success")
                return redirect(url_for("account.login"), 303)
    return render_template("account/link.html", form=form, username=username), 422 if form.errors else 200
