"""Criminal-record checks of a township: which end soon, what falls open, whom to ask about, what came back."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.queries import freed as freed_places
from tenants.queries import vetting as queries
from tenants.services import vetting as services
from weibao import hx
from weibao.access import me
from weibao.db import db, whole_county
from weibao.forms.vetting import AskForm, RepliesForm
from weibao.i18n import today, zone
from weibao.sheets import workbooks
from weibao.views.downloads import download
from weibao.views.refusals import shown_in
from weibao.words import label, named

blueprint = Blueprint("vetting", __name__, url_prefix="/checks")
Answer = str | tuple[str, int] | BaseResponse


@blueprint.get("")
def index() -> Answer:
    """Checks that end within 60 days or have ended, with what falls open."""
    return _page(AskForm(requested_on=today()))


@blueprint.post("")
def ask() -> Answer:
    """Note that several people were asked about; the letter's page comes next."""
    form = AskForm()
    if form.validate():
        with shown_in(form):
            batch = services.ask(db.session(), me().actor, form.people.data or [], form.requested_on.data)
            return hx.redirect(url_for("vetting.batch", batch_id=batch))
    return _page(form), 422


@blueprint.get("/letters/<batch_id>")
def batch(batch_id: str) -> str:
    """The list for the letter, to print."""
    rows = queries.batch(db.session(), batch_id)
    return render_template("vetting/batch.html", rows=rows, batch_id=batch_id, place=me().place)


@blueprint.get("/letters/<batch_id>.xlsx")
def sheet(batch_id: str) -> Response:
    """The same list for a spreadsheet; the ID numbers are written into it outside the program."""
    rows = queries.batch(db.session(), batch_id)
    head = (_("No."), _("Name"), _("Gender"), _("Post"), _("ID number"), _("Requested on"))
    lines = [
        (number, row.person.name, str(label(row.person.gender)), str(label(row.person.kind)), "", row.requested_on)
        for number, row in enumerate(rows, 1)
    ]
    content = workbooks.table(_("Request for criminal-record checks")[:30], head, lines)
    return download(content, f"checks-{rows[0].requested_on}.xlsx")


@blueprint.get("/replies")
def replies() -> Answer:
    """The form for what came back."""
    form = RepliesForm(checked_on=today(), valid_through=today() + timedelta(days=364))
    for row in queries.waiting(db.session()):
        form.rows.append_entry({"request_id": row.id})
    return _replies_page(form)


@blueprint.post("/replies")
def enter() -> Answer:
    """Enter what came back; a bad result holds in the whole county at once."""
    form = RepliesForm()
    if form.validate():
        given = form.replies()
        with shown_in(form), whole_county(me().county_id, reason="replies to checks") as work:
            services.enter_replies(
                work,
                me().actor,
                given,
                checked_on=form.checked_on.data,
                valid_through=form.valid_through.data,
                reference=form.reference.data or "",
            )
        if not form.errors:
            flash(_("%(count)s replies have been entered.", count=len(given)), "success")
            return hx.redirect(url_for("vetting.index"))
    return _replies_page(form), 422


@blueprint.post("/requests/<request_id>/withdraw")
def withdraw(request_id: str) -> BaseResponse:
    """Take back a request that was noted by mistake."""
    services.withdraw(db.session(), me().actor, request_id)
    flash(_("The request has been taken back."), "success")
    return hx.redirect(url_for("vetting.replies"))


def _page(form: AskForm) -> str:
    session, now = db.session(), datetime.now(UTC)
    rows = queries.lapsing(session, today(), now, zone())
    return render_template(
        "vetting/index.html",
        rows=rows,
        falling=sum(len(row.tasks) for row in rows),
        freed=freed_places.freed(session, now),
        batches=queries.batches(session),
        chosen=set(form.people.data or ())
        if form.is_submitted()
        else {r.person.id for r in rows if not r.requested_on},
        form=form,
    )


def _replies_page(form: RepliesForm) -> str:
    waiting = {row.id: row for row in queries.waiting(db.session())}
    lines = [(row, waiting[row.form.request_id.data]) for row in form.rows if row.form.request_id.data in waiting]
    return render_template("vetting/replies.html", form=form, lines=lines, named=named)
