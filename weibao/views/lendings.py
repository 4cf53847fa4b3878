"""Lend people to a neighbouring township, and borrow them: asked, agreed on all sides, ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, abort, flash, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import LendingState
from tenants.models import Lending, Person, Township
from tenants.queries import lendings as queries
from tenants.queries import people
from tenants.scope import Scope
from tenants.services import lendings as services
from weibao import hx
from weibao.access import me
from weibao.db import db, session_for, two_townships
from weibao.forms.lendings import AnswerForm, AskForm, CloseForm, OfferForm
from weibao.i18n import moment, today, zone
from weibao.permissions import STATION
from weibao.views.refusals import shown_in
from weibao.words import label, named

blueprint = Blueprint("lendings", __name__, url_prefix="/lendings")
Answer = str | tuple[str, int] | BaseResponse


@dataclass(frozen=True, kw_only=True)
class Line:
    """A loan of a list, with the person as far as this side may know them."""

    lending: Lending
    person: Person | None


@blueprint.get("")
def index() -> str:
    """What waits for us, what we wait for, what runs, what is past; for the county all of it."""
    session, own = db.session(), me().township_id
    listed = queries.listed(session)
    people = queries.people_of(session, listed)
    lines = [Line(lending=row, person=people.get(row.id)) for row in listed]
    groups: dict[str, list[Line]] = {"ours": [], "open": [], "running": [], "past": []}
    for line in lines:
        groups[_group(line.lending, own)].append(line)
    return render_template("lendings/index.html", groups=groups, own=own, any=bool(lines))


def _group(lending: Lending, own: str | None) -> str:
    if queries.waits_for(lending, own):
        return "ours"
    if lending.state in queries.OPEN:
        return "open"
    return "running" if lending.state is LendingState.AGREED else "past"


@blueprint.route("/ask", methods=["GET", "POST"])
def ask() -> Answer:
    """Ask a neighbour for somebody."""
    form = AskForm()
    form.neighbour.choices = _neighbours()
    form.activity_id.choices = [("", _("no: for the days below")), *_activities()]
    if form.is_submitted() and form.validate():
        with shown_in(form), _with(form.neighbour.data) as work:
            services.ask(work, me().actor, me().display_name, form.need(today()), lender_id=form.neighbour.data)
        if not form.errors:
            flash(_("Asked. The neighbouring station chooses somebody who fits and is free."), "success")
            return hx.redirect(url_for("lendings.index"))
    page = render_template("lendings/ask.html", form=form)
    return (page, 422) if form.errors else page


@blueprint.route("/offer", methods=["GET", "POST"])
def offer() -> Answer:
    """Offer one of ours to a neighbour."""
    form = OfferForm()
    form.neighbour.choices = _neighbours()
    with session_for(me().scope, reading=True) as look:
        ours = people.active_people(look)
    form.person_id.choices = [(row.id, f"{named(row)} · {label(row.kind)}") for row in ours]
    if form.is_submitted() and form.validate():
        with shown_in(form), _with(form.neighbour.data) as work:
            services.offer(
                work, me().actor, me().display_name, form.need(), person_id=form.person_id.data,
                borrower_id=form.neighbour.data,
            )  # fmt: skip
        if not form.errors:
            flash(
                _("Offered. The neighbouring station reads who is offered by post alone, until it accepts."), "success"
            )
            return hx.redirect(url_for("lendings.index"))
    page = render_template("lendings/offer.html", form=form)
    return (page, 422) if form.errors else page


@blueprint.get("/<lending_id>")
def show(lending_id: str) -> Answer:
    """One loan: what is asked, who has agreed, what can be done."""
    return _page(lending_id, AnswerForm(formdata=None), CloseForm(formdata=None))


@blueprint.post("/<lending_id>/answer")
def answer(lending_id: str) -> Answer:
    """Choose who goes."""
    form = AnswerForm()
    form.person_id.choices = [(one.person.id, named(one.person)) for one in _fitting(lending_id)]
    if form.validate():
        with shown_in(form), _between(lending_id) as (work, lending):
            services.answer(
                work, me().actor, me().display_name, lending, form.person_id.data, told=form.told.data
            )  # fmt: skip
        if not form.errors:
            return _done(lending_id)
    return _page(lending_id, form, CloseForm(formdata=None)), 422


@blueprint.post("/<lending_id>/accept")
def accept(lending_id: str) -> BaseResponse:
    """Take what was offered."""
    with _between(lending_id) as (work, lending):
        services.accept(work, me().actor, me().display_name, lending)
    return _done(lending_id)


@blueprint.post("/<lending_id>/approve")
def approve(lending_id: str) -> BaseResponse:
    """The county agrees to the loan of purchased staff."""
    with _between(lending_id) as (work, lending):
        services.approve(work, me().actor, me().display_name, lending)
    return _done(lending_id)


@blueprint.post("/<lending_id>/close")
def close(lending_id: str) -> Answer:
    """Decline, take back, or end."""
    form = CloseForm()
    if form.validate():
        with shown_in(form), _between(lending_id) as (work, lending):
            services.close(work, me().actor, me().display_name, lending, form.reason.data or "")
            dropped = lending.dropped
        if not form.errors:
            _say_closed(dropped)
            return hx.redirect(url_for("lendings.show", lending_id=lending_id))
    return _page(lending_id, AnswerForm(formdata=None), form), 422


@blueprint.get("/own")
def own() -> str:
    """My loans: to agree to, running and past."""
    rows = queries.of_person(db.session(), me().township_id or "", me().own_person) if me().person_id else []
    return render_template("lendings/own.html", rows=rows, needs_person=queries.needs_person, open=queries.OPEN)


@blueprint.post("/<lending_id>/consent")
def consent(lending_id: str) -> BaseResponse:
    """I agree to be lent; or the station says that a volunteer without an account does."""
    _need_part(lending_id)
    with _between(lending_id) as (work, lending):
        services.consent(work, me().actor, me().display_name, lending)
    return _done(lending_id)


@blueprint.post("/<lending_id>/refuse")
def refuse(lending_id: str) -> BaseResponse:
    """I do not go, or no longer."""
    _need_part(lending_id)
    with _between(lending_id) as (work, lending):
        services.close(work, me().actor, me().display_name, lending)
        dropped = lending.dropped
    _say_closed(dropped)
    return _after(lending_id)


def _say_closed(dropped: int) -> None:
    if dropped:
        told = ngettext("Closed. %(num)d duty has fallen open; both stations are told.",
                        "Closed. %(num)d duties have fallen open; both stations are told.", dropped)  # fmt: skip
        flash(told, "success")
    else:
        flash(_("Closed; the other side is told."), "success")


def _need_part(lending_id: str) -> None:
    """Answer 404 to whoever the loan is not about, as if there were none."""
    lending = _known(lending_id)
    mine = lending.lender_id == me().township_id and lending.person_id == me().person_id and lending.borrower_at
    if not mine and me().role not in STATION:
        abort(404)


def _done(lending_id: str) -> BaseResponse:
    state = _known(lending_id).state
    if state is LendingState.AGREED:
        flash(_("Agreed on all sides: the loan stands, and everybody is told."), "success")
    else:
        flash(_("Noted. Whoever has still to agree has been asked."), "success")
    return _after(lending_id)


def _after(lending_id: str) -> BaseResponse:
    if me().role in STATION or me().township_id is None:
        return hx.redirect(url_for("lendings.show", lending_id=lending_id))
    return hx.redirect(url_for("lendings.own"))


def _page(lending_id: str, form: AnswerForm, closing: CloseForm) -> str:
    session, own = db.session(), me().township_id
    lending = queries.one(session, lending_id)
    fitting = queries.candidates(session, lending, zone()) if _chooses(lending) else []
    form.person_id.choices = [(one.person.id, named(one.person)) for one in fitting]
    return render_template(
        "lendings/show.html",
        lending=lending,
        person=queries.person_of(session, lending),
        own=own,
        form=form,
        closing=closing,
        fitting=fitting,
        chooses=_chooses(lending),
        waits=queries.waits_for(lending, own),
        needs_person=queries.needs_person(lending),
        needs_county=queries.needs_county(lending),
        without_account=_without_account(session, lending),
        may_close=lending.state in (*queries.OPEN, LendingState.AGREED) and (own is not None or lending.purchased),
    )


def _without_account(session: Session, lending: Lending) -> bool:
    """Whether the station says yes for a volunteer, since they have no account."""
    waits = lending.state is LendingState.WAITING and queries.needs_person(lending)
    ours = waits and lending.lender_id == me().township_id
    return ours and not queries.with_account(session, [lending.person_id or ""])


def _chooses(lending: Lending) -> bool:
    return lending.state is LendingState.ASKED and lending.lender_id == me().township_id


def _fitting(lending_id: str) -> list[queries.Candidate]:
    """Who could go, by a session of its own, since the request has still to write in another."""
    with session_for(me().scope, reading=True) as look:
        lending = queries.one(look, lending_id)
        return queries.candidates(look, lending, zone()) if _chooses(lending) else []


def _known(lending_id: str) -> Lending:
    """The loan, if this side has a part in it."""
    with session_for(me().scope, reading=True) as look:
        return queries.one(look, lending_id)


@contextmanager
def _between(lending_id: str) -> Iterator[tuple[Session, Lending]]:
    """The loan, locked, in a session over its two townships."""
    known = _known(lending_id)
    with two_townships(me().county_id, known.lender_id, known.borrower_id, reason="lending") as work:
        yield work, queries.one(work, lending_id, locked=True)


@contextmanager
def _with(neighbour: str) -> Iterator[Session]:
    """A session over our township and a neighbour."""
    with two_townships(me().county_id, me().township_id or "", neighbour, reason="lending") as work:
        yield work


def _neighbours() -> list[tuple[str, str]]:
    """The county's other townships: their names are no secret, their rows are."""
    with session_for(Scope.of_system(reason="names of neighbours"), reading=True) as work:
        rows: list[Township] = queries.neighbours(work, me().county_id, me().township_id or "")
    return [(row.id, named(row)) for row in rows]


def _activities() -> list[tuple[str, str]]:
    with session_for(me().scope, reading=True) as look:
        rows = queries.coming_activities(look, datetime.now(UTC))
    return [(row.id, f"{moment(row.starts_at)} {named(row)}") for row in rows]
