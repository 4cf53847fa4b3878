"""A child's consents and holds, when its file's period ends, and the form to be signed."""

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import ConsentPurpose
from tenants.models import Child, Township
from tenants.queries import children, retention
from tenants.queries.rosters import account_names
from tenants.services import consents as services
from tenants.services import retention as holds
from weibao import consent_words, hx
from weibao.access import me
from weibao.db import db, write_on_read
from weibao.forms.retention import ConsentForm, HoldForm, WithdrawalForm
from weibao.i18n import LANGUAGES, LOCALES, language, today
from weibao.login import keyring
from weibao.views.refusals import shown_in

blueprint = Blueprint("consents", __name__, url_prefix="/children/<child_id>/consents")
Answer = str | tuple[str, int] | BaseResponse


@blueprint.get("")
def page(child_id: str) -> str:
    """Consents with the names of who signed, holds, and the file's period; that it was read is written down."""
    write_on_read()
    return _page(_child(child_id))


@blueprint.post("")
def record(child_id: str) -> Answer:
    """Enter a signed form."""
    child, form = _child(child_id), ConsentForm(prefix="consent")
    if form.validate():
        with shown_in(form):
            services.record(db.session(), me().actor, keyring(), child, form.terms())
            return _back(child_id, _("The consent has been entered."))
    return _page(_child(child_id), form), 422


@blueprint.post("/<consent_id>/withdraw")
def withdraw(child_id: str, consent_id: str) -> Answer:
    """Enter a withdrawal; the answer says what follows from it."""
    child, form = _child(child_id), WithdrawalForm(prefix=f"withdraw-{consent_id}")
    if form.validate():
        with shown_in(form):
            row = services.withdraw(db.session(), me().actor, child, consent_id, form.withdrawn_on.data)
            return _back(child_id, _("Withdrawn. %(follows)s", follows=consent_words.FOLLOWS[row.purpose]))
    return _page(_child(child_id), form), 422


@blueprint.post("/holds")
def hold(child_id: str) -> Answer:
    """Keep the file as it is."""
    child, form = _child(child_id), HoldForm(prefix="hold")
    if form.validate():
        with shown_in(form):
            holds.place_hold(db.session(), me().actor, child, form.kind.data, form.reason.data or "")
            return _back(child_id, _("The file is held: nothing of it is closed, anonymised or erased."))
    return _page(_child(child_id), form), 422


@blueprint.post("/holds/<hold_id>/lift")
def lift(child_id: str, hold_id: str) -> BaseResponse:
    """End a hold."""
    holds.lift_hold(db.session(), me().actor, _child(child_id), hold_id)
    return _back(child_id, _("The hold has ended."))


@blueprint.get("/form")
def form(child_id: str) -> str:
    """The form to be printed and signed by hand, in either language."""
    child, asked = _child(child_id), request.args.get("in", "")
    chosen = asked if asked in LANGUAGES else language()
    with force_locale(LOCALES[chosen]):
        return render_template(
            "consents/form.html",
            child=child,
            language=chosen,
            township=db.session().get_one(Township, child.township_id),
            purposes=[(purpose, consent_words.ASKED[purpose]) for purpose in ConsentPurpose],
            table=retention.periods(db.session(), me().county_id),
        )


def _child(child_id: str) -> Child:
    return children.one(db.session(), me().actor, child_id)


def _back(child_id: str, done: str) -> BaseResponse:
    flash(done, "success")
    return hx.redirect(url_for("consents.page", child_id=child_id))


def _page(child: Child, sent: FlaskForm | None = None) -> str:
    """The page; ``sent`` is the form that was refused, shown as it was filled in.

    Beside a refused form the names of who signed are not opened: its answer is rolled back, the audit line with it.
    """
    session, actor, day = db.session(), me().actor, today()
    rows, kept = retention.consents_of(session, child), retention.holds_of(session, child)
    made: list[FlaskForm] = [
        ConsentForm(formdata=None, prefix="consent", given_on=day),
        HoldForm(formdata=None, prefix="hold"),
        *(WithdrawalForm(formdata=None, prefix=f"withdraw-{row.id}", withdrawn_on=day) for row in rows),
        *([sent] if sent is not None else []),
    ]
    return render_template(
        "consents/page.html",
        child=child,
        consents=rows,
        givers=services.givers(session, actor, keyring(), child, rows) if sent is None else {},
        holds=kept,
        names=account_names(session, [name for row in kept for name in (row.placed_by, row.lifted_by)]),
        due=retention.due_step(child, retention.periods(session, actor.county_id), day),
        forms_by_name={made_form._prefix.rstrip("-"): made_form for made_form in made},
        words=consent_words,
    )
