"""Propose, and have a second officer decide; then the letters."""

from flask import abort, flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import AllocationState
from tenants.models import StaffAllocation
from tenants.queries import staffing as queries
from tenants.scope import Scope
from tenants.services import allocations as services
from tenants.services import postings
from weibao import hx
from weibao.access import me
from weibao.db import after_commit, db, session_for
from weibao.forms.staffing import ReasonForm, RejectForm
from weibao.i18n import today
from weibao.views.refusals import shown_in
from weibao.views.staffing.common import blueprint, page_of
from weibao.views.staffing.proposals import RUNNING, Answer


def _locked(allocation_id: str) -> StaffAllocation:
    return queries.allocation(db.session(), allocation_id, to_change=True)


def _back(allocation_id: str) -> BaseResponse:
    return hx.redirect(url_for("staffing.proposal", allocation_id=allocation_id))


@blueprint.post("/proposals/<allocation_id>/propose")
def propose(allocation_id: str) -> Answer:
    """Put it before a second officer."""
    row, form = _locked(allocation_id), ReasonForm()
    if form.validate():
        with shown_in(form):
            services.propose(db.session(), me().actor, row, form.reason.data or "", today())
            flash(_("Proposed. Another officer decides now."), "success")
            return _back(allocation_id)
    return render_template("staffing/proposal.html", page=page_of(allocation_id), form=form, running=RUNNING), 422


@blueprint.post("/proposals/<allocation_id>/withdraw")
def withdraw(allocation_id: str) -> BaseResponse:
    """Take it back before it is decided."""
    services.withdraw(db.session(), me().actor, _locked(allocation_id))
    return _back(allocation_id)


@blueprint.post("/proposals/<allocation_id>/approve")
def approve(allocation_id: str) -> BaseResponse:
    """Decide that it holds; the townships and the workers are told once that is in."""
    row = _locked(allocation_id)
    services.approve(db.session(), me().actor, row, page_of(allocation_id).moves, today())
    after_commit(_settle)
    flash(_("Approved. The townships and the workers have been told; the letters can be printed."), "success")
    return _back(allocation_id)


def _settle() -> None:
    with session_for(Scope.of_system(reason="postings")) as session:
        postings.settle(session)


@blueprint.post("/proposals/<allocation_id>/reject")
def reject(allocation_id: str) -> Answer:
    """Decide that it does not hold, with the reason; whoever proposed it is told."""
    row, form = _locked(allocation_id), RejectForm()
    if form.validate():
        with shown_in(form):
            services.reject(db.session(), me().actor, row, form.reason.data or "")
            flash(_("Rejected. A copy can be changed and proposed anew."), "success")
            return _back(allocation_id)
    return render_template("staffing/proposal.html", page=page_of(allocation_id), form=form, running=RUNNING), 422


@blueprint.get("/proposals/<allocation_id>/letters")
def letters(allocation_id: str) -> str:
    """The decision, and a letter for each worker who moves, to be printed; none for whoever does not move after all."""
    page = page_of(allocation_id)
    if page.row.state is not AllocationState.APPROVED:
        abort(404)
    rows = list(page.postings.values())
    standing = [row for row in rows if row.stopped_at is None]
    return render_template("staffing/letters.html", page=page, postings=standing, stopped=len(rows) - len(standing))
