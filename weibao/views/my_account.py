"""One's own account: password, second factor, devices, language."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from tenants.errors import InvalidError
from tenants.models import Account
from tenants.scope import Scope
from tenants.services import log_ins, passwords, second_factor
from tenants.services import messages as services
from weibao import login
from weibao.access import me
from weibao.db import after_commit, db, session_for
from weibao.devices import described
from weibao.forms.account import ChangePasswordForm, CodeForm
from weibao.forms.exchange import MessagesForm
from weibao.qr import picture

blueprint = Blueprint("my_account", __name__, url_prefix="/account")
Answer = str | BaseResponse | tuple[str, int]


def _mine() -> Account:
    return db.session.scalars(select(Account).where(Account.id == me().id)).one()


def _page(form: ChangePasswordForm, status: int = 200, ways: MessagesForm | None = None) -> tuple[str, int]:
    ways = ways or MessagesForm(formdata=None, obj=_mine())
    with session_for(Scope.of_system(reason="devices"), reading=True) as work:
        devices = log_ins.devices(work, me().id)
    context = {
        "form": form,
        "devices": devices,
        "user": me(),
        "required": _is_required(),
        "ways": ways,
        "described": described,
    }
    return render_template("my_account/page.html", **context), status


def _is_required() -> bool:
    """Whether the account's role may do nothing else before its second factor is on."""
    return me().role in second_factor.REQUIRED and login.settings().require_second_factor


@blueprint.get("/")
def page() -> Answer:
    """Password, second factor and devices."""
    return _page(ChangePasswordForm())


@blueprint.post("/password")
def password() -> Answer:
    """Change the password; every other device is logged out."""
    form = ChangePasswordForm()
    if not form.validate():
        return _page(form, 422)
    user = me()
    if wait := login.wait_seconds(user.username):  # who has found an open page has no more tries than at the door
        form.present.errors = [_("Too many tries. Please wait %(seconds)s seconds.", seconds=wait)]
        return _page(form, 429)
    if login.check_password(user.username, form.present.data or "") is None:  # before this request begins to write
        form.present.errors = [_("This is not the present password.")]
        return _page(form, 422)
    try:
        passwords.change(db.session(), user.actor, _mine(), form.password.data or "")
    except InvalidError as error:
        form.password.errors = [_(error.message)]
        return _page(form, 422)
    after_commit(lambda: login.end_others(user.id, but=user.log_in_id))
    flash(_("The password is changed; other devices are logged out."), "success")
    return redirect(url_for("my_account.page"), 303)


@blueprint.post("/messages")
def messages() -> Answer:
    """Where my messages go besides the inbox."""
    ways = MessagesForm()
    if not ways.validate():
        return _page(ChangePasswordForm(formdata=None), 422, ways)
    services.send_to(db.session(), me().actor, _mine(), email=ways.email.data, digest=ways.digest.data)
    flash(_("Saved."), "success")
    return redirect(url_for("my_account.page"), 303)


@blueprint.post("/devices/<log_in_id>/end")
def end_device(log_in_id: str) -> BaseResponse:
    """Log one device out."""
    with session_for(Scope.of_system(reason="devices")) as work:
        log_ins.end(work, me().id, log_in_id)
    flash(_("The device is logged out."), "success")
    return redirect(url_for("my_account.page"), 303)


@blueprint.post("/devices/end")
def end_others() -> BaseResponse:
    """Log every other device out."""
    login.end_others(me().id, but=me().log_in_id)
    flash(_("Every other device is logged out."), "success")
    return redirect(url_for("my_account.page"), 303)


@blueprint.post("/second-factor/begin")
def begin_factor() -> BaseResponse:
    """A fresh secret for an authenticator app."""
    if me().second_factor:
        flash(_("The second factor is on already."), "info")
        return redirect(url_for("my_account.page"), 303)
    second_factor.begin(_mine(), login.keyring())
    return redirect(url_for("my_account.factor"), 303)


@blueprint.route("/second-factor", methods=["GET", "POST"])
def factor() -> Answer:
    """Show the secret as a QR code, and confirm it by a code."""
    form, account = CodeForm(), _mine()
    secret = None if me().second_factor else second_factor.secret_of(account, login.keyring())
    if request.method == "POST" and form.validate():
        try:
            second_factor.confirm(db.session(), me().actor, account, login.keyring(), form.digits)
        except InvalidError as error:
            form.code.errors = [_(error.message)]
        else:
            flash(_("The second factor is on."), "success")
            return redirect(url_for("desk.start" if _is_required() else "my_account.page"), 303)
    code = picture(second_factor.address(account, secret, "weibao")) if secret else None
    context = {"form": form, "secret": secret, "picture": code, "required": _is_required()}
    return render_template("my_account/factor.html", **context), 422 if form.errors else 200


@blueprint.post("/second-factor/end")
def end_factor() -> Answer:
    """Take the second factor off, after a code."""
    form, user = CodeForm(), me()
    if wait := login.wait_seconds(user.id):
        flash(_("Too many tries. Please wait %(seconds)s seconds.", seconds=wait), "danger")
    elif form.validate() and login.check_code(user.id, user.id, form.digits):  # before this request begins to write
        second_factor.take_away(db.session(), user.actor, _mine())
        flash(_("The second factor is off."), "warning")
    else:
        flash(_("The code is wrong or too old."), "danger")
    return redirect(url_for("my_account.page"), 303)
