"""How long files are kept: the list of what is due, proposals and their approval, certificates, the county's table."""

from itertools import groupby

from flask import Blueprint, abort, flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import ChildCategory, DisposalOutcome, DisposalState
from tenants.models import Disposal, Township
from tenants.queries import retention as queries
from tenants.queries.rosters import account_names
from tenants.services import disposals, retention
from weibao import consent_words, hx
from weibao.access import me
from weibao.db import after_commit, db, scrub
from weibao.forms.retention import PeriodForm, ProposalForm
from weibao.i18n import today
from weibao.views.refusals import shown_in

blueprint = Blueprint("retention", __name__, url_prefix="/retention")
Answer = str | tuple[str, int] | BaseResponse


@blueprint.get("")
def index() -> str:
    """What is due, what waits for a second person, and what was done."""
    return _index(ProposalForm(formdata=None))


@blueprint.post("")
def propose() -> Answer:
    """Propose a step for the files chosen."""
    form = ProposalForm()
    if form.validate():
        with shown_in(form):
            disposal = disposals.propose(db.session(), me().actor, form.step.data, form.files.data or [])
            flash(_("Proposed. Another person of the station now decides."), "success")
            return hx.redirect(url_for("retention.show", disposal_id=disposal.id))
    return _index(form), 422


@blueprint.get("/<disposal_id>")
def show(disposal_id: str) -> str:
    """One proposal: its files, and the second person's decision."""
    disposal = disposals.one(db.session(), me().actor, disposal_id)
    due = {found.child.id: found for found in queries.preview(db.session(), me().actor, today())}
    return render_template(
        "retention/show.html",
        disposal=disposal,
        due=due,
        words=consent_words,
        mine=disposal.proposed_by == me().id,
        names=account_names(db.session(), _people(disposal)),
    )


@blueprint.post("/<disposal_id>/carry-out")
def carry_out(disposal_id: str) -> BaseResponse:
    """Approve, as the second person: it is done at once."""
    disposals.carry_out(db.session(), me().actor, disposals.one(db.session(), me().actor, disposal_id))
    after_commit(scrub)
    flash(_("Carried out. The certificate can be printed."), "success")
    return hx.redirect(url_for("retention.certificate", disposal_id=disposal_id))


@blueprint.post("/<disposal_id>/decline")
def decline(disposal_id: str) -> BaseResponse:
    """Leave everything as it is."""
    disposals.decline(db.session(), me().actor, disposals.one(db.session(), me().actor, disposal_id))
    flash(_("Declined: nothing was changed."), "success")
    return hx.redirect(url_for("retention.index"))


@blueprint.get("/<disposal_id>/certificate")
def certificate(disposal_id: str) -> str:
    """The certificate, to be printed and signed."""
    session, disposal = db.session(), disposals.one(db.session(), me().actor, disposal_id)
    if disposal.state is not DisposalState.DONE:
        abort(404)
    return render_template(
        "retention/certificate.html",
        disposal=disposal,
        done=[file for file in disposal.files if file.outcome is DisposalOutcome.DONE],
        township=session.get_one(Township, disposal.township_id),
        names=account_names(session, _people(disposal)),
        words=consent_words,
        overwrites=db.engine.dialect.name == "sqlite",
    )


@blueprint.get("/periods")
def periods() -> str:
    """The county's table."""
    table = queries.periods(db.session(), me().county_id)
    return render_template("retention/periods.html", table=table)


@blueprint.route("/periods/<category>", methods=["GET", "POST"])
def period(category: str) -> Answer:
    """Decide the periods of one category."""
    try:
        kind = ChildCategory(category)
    except ValueError:
        abort(404)
    held = queries.periods(db.session(), me().county_id)[kind]
    source = {} if held.is_example else {"source": held.source, "decided_on": held.decided_on}
    form = PeriodForm(close=held.close, anonymise=held.anonymise, erase=held.erase, **source)
    if form.validate_on_submit():
        with shown_in(form):
            retention.decide(db.session(), me().actor, kind, form.terms())
            flash(_("The periods have been decided. The stations' lists follow them from now on."), "success")
            return hx.redirect(url_for("retention.periods"))
    page = render_template("retention/period.html", form=form, held=held)
    return (page, 422) if form.is_submitted() else page


def _people(disposal: Disposal) -> list[str | None]:
    return [disposal.proposed_by, disposal.decided_by]


def _index(form: ProposalForm) -> str:
    session, actor = db.session(), me().actor
    due = queries.preview(session, actor, today())
    rows = queries.disposals(session)
    return render_template(
        "retention/index.html",
        form=form,
        steps=[(step, list(found)) for step, found in groupby(due, key=lambda found: found.step)],
        waiting=[row for row in rows if row.state is DisposalState.PROPOSED],
        past=[row for row in rows if row.state is not DisposalState.PROPOSED],
        names=account_names(session, [name for row in rows for name in _people(row)]),
        table=queries.periods(session, actor.county_id),
        words=consent_words,
    )
