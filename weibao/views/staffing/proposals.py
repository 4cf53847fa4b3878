"""Today's load beside the baselines; proposals: ask, watch, choose a point, copy, compare."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import AllocationState
from tenants.errors import InvalidError
from tenants.models import new_id, utc_now
from tenants.queries import staffing as queries
from tenants.services import allocations as services
from tenants.services.allocations import Wishes
from weibao import allocating, hx
from weibao.access import me
from weibao.allocating import Load, Outlook
from weibao.db import db
from weibao.forms.staffing import ProposalForm, ReasonForm, RejectForm
from weibao.i18n import today
from weibao.views.refusals import said, shown_in
from weibao.views.staffing.common import Names, blueprint, names, page_of

Answer = str | tuple[str, int] | BaseResponse
RUNNING = {AllocationState.QUEUED, AllocationState.RUNNING}
NOTICE = timedelta(days=14)
PATIENCE = timedelta(seconds=10)
MOST_COMPARED = 3


@dataclass(frozen=True, kw_only=True)
class Today:
    """How the county stands: loads and who does not count, or why there is nothing to show."""

    loads: list[Load]
    excluded: list[Mapping[str, str]]
    staff: int
    waiting: int
    """Of these, without a post."""
    demand: int
    source: str
    is_example: bool
    uncategorised: int


@blueprint.get("")
def index() -> str:
    """Today's load, and the proposals."""
    state, hindrance = today_state()
    return render_template(
        "staffing/index.html",
        today_state=state,
        hindrance=hindrance,
        names=names(),
        rows=queries.allocations(db.session()),
        coming=queries.ahead(db.session()),
        new_staff=len(queries.unregistered(db.session())),
    )


def today_state() -> tuple[Today | None, str]:
    """How the county stands today, or None and why there is nothing to show."""
    try:
        reading = allocating.read(db.session(), me().county_id, day=today(), wishes=Wishes(), name="today")
    except InvalidError as error:
        return None, said(error)
    problem = allocating.of_json(reading.problem)
    outlook = Outlook(problem, {worker.id: worker.current for worker in problem.staff})
    weights = reading.weights
    return Today(
        loads=outlook.loads,
        excluded=list(reading.excluded),
        staff=len(problem.staff),
        waiting=sum(worker.current is None for worker in problem.staff),
        demand=sum(problem.demand),
        source=weights.source,
        is_example=weights.is_example,
        uncategorised=reading.uncategorised,
    ), ""


@blueprint.route("/proposals/new", methods=["GET", "POST"])
def new() -> Answer:
    """Ask for a proposal; ``?copy=`` begins with what another one asked, ``?hold=`` holds a worker where they are."""
    form, held = _form()
    if form.validate_on_submit():
        with shown_in(form):
            row = _ask(form)
            return hx.redirect(url_for("staffing.proposal", allocation_id=row.id))
    known = names()
    staff = [worker for worker in known.staff.values() if not worker.left]
    page = render_template("staffing/new.html", form=form, held=held, names=known, staff=staff)
    return (page, 422) if form.is_submitted() else page


def _form() -> tuple[ProposalForm, dict[str, Any]]:
    """The form with the pins and bars to be shown beside it."""
    if request.method == "POST":
        answers = request.form
        pins = {key[4:]: value for key, value in answers.items() if key.startswith("pin-")}
        return ProposalForm(), {
            "pins": pins,
            "bars": {k[4:]: answers.getlist(k) for k in answers if k.startswith("bar-")},
        }
    if not request.args.get("copy"):
        return ProposalForm(moves_on=today() + NOTICE, min_staff=1), {"pins": {}, "bars": {}}
    source = queries.allocation(db.session(), request.args["copy"])
    settings, pins = dict(source.settings), dict(source.settings["pins"])
    hold = next((w for w in source.problem["staff"] if w["id"] == request.args.get("hold")), None)
    if hold and hold["current"]:
        pins[hold["id"]] = hold["current"]
    title = _("%(title)s, copy", title=source.title)[:80]
    facts = {name: settings[name] for name in ("min_staff", "max_staff", "max_moves", "max_commute", "skills")}
    form = ProposalForm(title=title, moves_on=max(source.moves_on, today() + timedelta(days=1)), **facts)
    return form, {"pins": pins, "bars": settings["bars"]}


def _ask(form: ProposalForm) -> Any:
    session, wishes, day = db.session(), form.wishes(request.form), form.moves_on.data
    reading = allocating.read(session, me().county_id, day=day, wishes=wishes, name=new_id())
    title = form.title.data or ""
    return services.ask(session, me().actor, title=title, moves_on=day, today=today(), wishes=wishes, reading=reading)


@blueprint.get("/proposals/<allocation_id>")
def proposal(allocation_id: str) -> str:
    """One proposal: the frontier, the loads, who moves and what that takes away."""
    page = page_of(allocation_id)
    form = RejectForm() if page.row.state is AllocationState.PROPOSED else ReasonForm()
    return render_template("staffing/proposal.html", page=page, form=form, running=RUNNING)


@blueprint.get("/proposals/<allocation_id>/progress")
def progress(allocation_id: str) -> str | BaseResponse:
    """How the working out goes; asked again and again by the page, which is loaded anew when it has ended."""
    row = queries.allocation(db.session(), allocation_id)
    if row.state not in RUNNING or not hx.wants_fragment():
        return hx.redirect(url_for("staffing.proposal", allocation_id=allocation_id))
    unanswered = row.state is AllocationState.QUEUED and utc_now() - row.created_at > PATIENCE
    return render_template("staffing/_progress.html", row=row, unanswered=unanswered)


@blueprint.post("/proposals/<allocation_id>/choose")
def choose(allocation_id: str) -> BaseResponse:
    """Mean another point of the frontier."""
    row = queries.allocation(db.session(), allocation_id, to_change=True)
    place = request.form.get("point", "")
    if not place.isdecimal():
        abort(400)
    services.choose(db.session(), me().actor, row, int(place))
    return hx.redirect(url_for("staffing.proposal", allocation_id=allocation_id))


@blueprint.post("/proposals/<allocation_id>/discard")
def discard(allocation_id: str) -> BaseResponse:
    """Throw a proposal away."""
    row = queries.allocation(db.session(), allocation_id, to_change=True)
    services.discard(db.session(), me().actor, row)
    flash(_("The proposal has been thrown away."), "success")
    return hx.redirect(url_for("staffing.index"))


@blueprint.get("/compare")
def compare() -> str:
    """Up to three proposals side by side."""
    wanted = list(dict.fromkeys(request.args.getlist("id")))[:MOST_COMPARED]
    pages = [page for page in map(page_of, wanted) if page.outlook is not None]
    known = pages[0].names if pages else Names({}, {})
    loads = [{load.township: load for load in page.outlook.loads} for page in pages if page.outlook]
    order = [load.township for load in pages[0].outlook.loads] if pages and pages[0].outlook else []
    movers = list(dict.fromkeys(move.staff_id for page in pages for move in page.moves))
    posts = [{move.staff_id: move for move in page.moves} for page in pages]
    return render_template(
        "staffing/compare.html", pages=pages, names=known, loads=loads, order=order, movers=movers, posts=posts
    )
