"""The county's register: workers and contracts."""

from datetime import date

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.models import ServiceContract, StaffMember
from tenants.queries import staffing as queries
from tenants.scope import Scope
from tenants.services import departures
from tenants.services import staffing as services
from weibao import hx
from weibao.access import me
from weibao.db import after_commit, db, session_for
from weibao.forms.staffing import ContractForm, staff_form
from weibao.i18n import today
from weibao.views.refusals import shown_in
from weibao.views.staffing.common import blueprint, names
from weibao.views.staffing.proposals import Answer


@blueprint.get("/register")
def register() -> str:
    """Every worker, and purchased-service staff of the townships whom the register does not hold."""
    session = db.session()
    known, day = names(), today()
    staff = list(known.staff.values())
    return render_template(
        "staffing/register.html",
        names=known,
        staff=staff,
        shown={one.id: _contracts_of(one, day) for one in staff},
        bare={one.id for one in staff if not one.left and not one.contract_on(day)},
        loose=queries.unregistered(session),
        contracts=queries.contracts(session),
        coming={posting.staff_id: posting for posting in queries.ahead(session)},
    )


def _contracts_of(worker: StaffMember, day: date) -> list[ServiceContract]:
    """Those in force or to come; of a worker who has none of them, the last one."""
    open_ones = [held for held in worker.contracts if held.to_day >= day]
    return open_ones or worker.contracts[-1:]


@blueprint.post("/register/take-in")
def take_in() -> BaseResponse:
    """Take them all into the register, under a contract."""
    session = db.session()
    people = queries.unregistered(session)
    count = services.take_in(session, me().actor, people, request.form.get("contract_id", ""))
    flash(_("%(count)d workers have been taken into the register.", count=count), "success")
    return hx.redirect(url_for("staffing.register"))


@blueprint.post("/register/release/<person_id>")
def release(person_id: str) -> BaseResponse:
    """Say that somebody is no purchased-service staff after all; the township may then give them other work."""
    user = me()

    def work() -> None:
        with session_for(Scope.of_system(reason="release")) as session:
            services.release(session, user.county_id, user.id, person_id)

    after_commit(work)
    return hx.redirect(url_for("staffing.register"))


@blueprint.route("/register/new", methods=["GET", "POST"])
def new_worker() -> Answer:
    """Enter a worker who has no post yet."""
    return _worker(None)


@blueprint.route("/register/<staff_id>", methods=["GET", "POST"])
def worker(staff_id: str) -> Answer:
    """Change a worker's entry."""
    return _worker(queries.member(db.session(), staff_id))


def _worker(member: StaffMember | None) -> Answer:
    session = db.session()
    form = staff_form(member, queries.contracts(session))
    if form.validate_on_submit():
        with shown_in(form):
            kept = services.save_member(session, me().actor, form.facts(), member)
            _end_post(kept)
            flash(_("Saved."), "success")
            return hx.redirect(url_for("staffing.register"))
    page = render_template("staffing/worker.html", form=form, member=member, names=names())
    return (page, 422) if form.is_submitted() else page


def _end_post(member: StaffMember) -> None:
    """Once it is in that somebody has left, their post ends in the township, whose rows an officer does not write."""
    user, staff_id = me(), member.id
    if not member.left or member.township_id is None:
        return

    def work() -> None:
        with session_for(Scope.of_system(reason="departure")) as session:
            departures.depart(session, user.county_id, user.id, staff_id)

    after_commit(work)


@blueprint.route("/contracts/new", methods=["GET", "POST"])
def new_contract() -> Answer:
    """Enter a contract."""
    return _contract(None)


@blueprint.route("/contracts/<contract_id>", methods=["GET", "POST"])
def contract(contract_id: str) -> Answer:
    """Change a contract."""
    return _contract(queries.contract(db.session(), contract_id))


def _contract(held: ServiceContract | None) -> Answer:
    form = ContractForm(obj=held, weekly_hours=held.weekly_minutes // 60 if held else 40)
    if form.validate_on_submit():
        with shown_in(form):
            services.save_contract(db.session(), me().actor, form.terms(), held)
            flash(_("Saved."), "success")
            return hx.redirect(url_for("staffing.work"))
    page = render_template("staffing/contract.html", form=form, contract=held)
    return (page, 422) if form.is_submitted() else page
