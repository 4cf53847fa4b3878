"""Accounts of the level below: invite, close, open, recover, say whose they are."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import AccountRole, LinkPurpose
from tenants.errors import ConflictError, InvalidError
from tenants.models import Account, Township
from tenants.queries import accounts as queries
from tenants.scope import Scope
from tenants.services import accounts, audit_log, passwords, second_factor
from weibao import login
from weibao.access import may, me
from weibao.addresses import address_of
from weibao.db import after_commit, db, session_for
from weibao.forms.account import InvitationForm, PersonForm
from weibao.views.refusals import shown_in
from weibao.words import label, named

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")
Answer = str | BaseResponse | tuple[str, int]


@blueprint.get("/")
def index() -> str:
    """Who has an account, and whose a station head's own is."""
    session, user = db.session(), me()
    accounts = queries.managed(session, user.actor)
    own = queries.linkable(session, user.actor, user.id) if may("accounts.person") else None
    people = queries.people_of(session, [*accounts, own]) if own else {}
    townships = {} if own else {row.id: row for row in _townships()}
    return render_template("accounts/index.html", accounts=accounts, own=own, people=people, townships=townships)


def _townships() -> Sequence[Township]:
    return db.session.scalars(select(Township).order_by(Township.name)).all()


def _form() -> InvitationForm:
    form = InvitationForm()
    form.role.choices = [(role, label(role)) for role in queries.managed_roles(me().actor)]
    nobody = [("", "—")]
    townships = _townships() if me().township_id is None else ()
    form.township_id.choices = nobody + [(t.id, named(t)) for t in townships]
    people = queries.without_account(db.session()) if me().township_id else ()
    form.person_id.choices = nobody + [(p.id, named(p)) for p in people]
    return form


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Invite somebody: an account, and a one-time link to set its password."""
    form = _form()
    if request.method == "GET" or not form.validate():
        return render_template("accounts/new.html", form=form), 422 if form.errors else 200
    try:
        account = _create(form)
    except (InvalidError, ConflictError) as error:
        getattr(form, _FIELDS.get(error.field or "", "username")).errors = [_(error.message)]
        return render_template("accounts/new.html", form=form), 422
    return _show_link(account, LinkPurpose.INVITATION)


_FIELDS = {"township": "township_id", "person": "person_id", "username": "username"}


def _create(form: InvitationForm) -> Account:
    user, role = me(), form.role.data
    township = user.township_id or (form.township_id.data if role is not AccountRole.COUNTY_OFFICER else None)
    return accounts.create_account(
        db.session(),
        user.actor,
        username=form.username.data or "",
        password=None,
        role=role,
        display_name=form.display_name.data or "",
        township_id=township or None,
        person_id=form.person_id.data or None,
    )


def _show_link(account: Account, purpose: LinkPurpose) -> str:
    token, account_id = passwords.new_link_token(), account.id

    def _keep() -> None:
        with session_for(Scope.of_system(reason="one-time link")) as work:
            passwords.keep_link(work, account_id, purpose, token)

    after_commit(_keep)
    address = address_of("account.link", token=token)
    return render_template("accounts/link.html", account=account, address=address, purpose=purpose)


@blueprint.route("/<account_id>/person", methods=["GET", "POST"])
def person(account_id: str) -> Answer:
    """Say whose account it is; the own one too, since nobody above sees the people of a township."""
    session, user = db.session(), me()
    account = queries.linkable(session, user.actor, account_id)
    form = PersonForm(person_id=account.person_id)
    people = queries.without_account(session, but=account.id)
    form.person_id.choices = [("", _("Nobody")), *((row.id, f"{named(row)} · {label(row.kind)}") for row in people)]
    if form.is_submitted() and form.validate():
        with shown_in(form):
            accounts.link_person(session, user.actor, account, form.person_id.data)
            flash(_("It is kept whose account it is."), "success")
            return redirect(url_for("accounts.index"), 303)
        account = queries.linkable(session, user.actor, account_id)
    page = render_template("accounts/person.html", form=form, account=account, people=people)
    return (page, 422) if form.errors else page


@blueprint.post("/<account_id>/recover")
def recover(account_id: str) -> Answer:
    """A one-time link for somebody who cannot log in; it takes a lost second factor off."""
    account = queries.managed_account(db.session(), me().actor, account_id)
    audit_log.record(db.session(), me().actor, "account.recover", "account", account.id)
    if account.totp_sealed is not None:
        second_factor.take_away(db.session(), me().actor, account)
    return _show_link(account, LinkPurpose.RECOVERY)


@blueprint.post("/<account_id>/close")
def close(account_id: str) -> BaseResponse:
    """Nobody logs in to it any more, and every device is logged out."""
    account = queries.managed_account(db.session(), me().actor, account_id)
    accounts.set_disabled(db.session(), me().actor, account, disabled=True)
    after_commit(lambda: login.end_others(account_id))
    flash(_("The account is closed; its devices are logged out."), "success")
    return redirect(url_for("accounts.index"), 303)


@blueprint.post("/<account_id>/open")
def reopen(account_id: str) -> BaseResponse:
    """Open a closed account again."""
    account = queries.managed_account(db.session(), me().actor, account_id)
    accounts.set_disabled(db.session(), me().actor, account, disabled=False)
    flash(_("The account is open again."), "success")
    return redirect(url_for("accounts.index"), 303)
