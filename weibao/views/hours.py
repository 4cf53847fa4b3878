"""Hours of service: my own, the team's, the station's approval; certificates and their public verification."""

from datetime import date, datetime, time, timedelta

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import AccountRole
from tenants.models import Account, Certificate, Township
from tenants.queries import attendance
from tenants.queries import hours as queries
from tenants.scope import Scope
from tenants.services import hours as services
from tenants.services.attendance import held
from weibao import abroad, certificate_pdf, duty_words, hx
from weibao.access import me
from weibao.addresses import address_of
from weibao.db import db, session_for
from weibao.forms.hours import IssueForm, PeriodForm, RecordForm, VerifyForm
from weibao.i18n import today, zone
from weibao.message_words import time_served
from weibao.permissions import STATION
from weibao.qr import picture
from weibao.views.downloads import download
from weibao.views.refusals import shown_in
from weibao.words import named

blueprint = Blueprint("hours", __name__)
Answer = str | tuple[str, int] | BaseResponse
_RECORDED = {
    False: _l("The hours are recorded."),
    True: _l("The hours are corrected and wait for approval anew. Certificates that were issued say what they said."),
}


def _year() -> tuple[datetime, datetime]:
    """The present year on the county's clock."""
    first = date(today().year, 1, 1)
    begin = datetime.combine(first, time(), tzinfo=zone())
    return begin, datetime.combine(date(first.year + 1, 1, 1), time(), tzinfo=zone())


@blueprint.get("/hours")
def own() -> Answer:
    """My hours of this year, and my certificates."""
    return _own(PeriodForm(formdata=None, from_day=date(today().year, 1, 1), to_day=today()))


def _own(form: PeriodForm) -> str:
    person_id = me().person_id
    if person_id is None:
        return render_template("mine/nobody.html")
    lines = queries.of_person(db.session(), person_id, *_year())
    lines += abroad.served(db.session(), me().township_id, person_id, *_year())
    return render_template(
        "hours/own.html",
        lines=lines,
        minutes=queries.approved(lines),
        papers=queries.certificates_of(db.session(), person_id),
        form=form,
        time=time_served,
        words=duty_words,
    )


@blueprint.post("/hours/certificates")
def ask() -> Answer:
    """Ask for a certificate."""
    form = PeriodForm()
    if form.validate():
        with shown_in(form):
            services.ask_certificate(db.session(), me().actor, form.from_day.data, form.to_day.data)
            flash(_("You have asked for a certificate. It is free of charge; the station will issue it."), "success")
            return hx.redirect(url_for("hours.own"))
    return _own(form), 422


@blueprint.route("/hours/duties/<duty_id>", methods=["GET", "POST"])
def record(duty_id: str) -> Answer:
    """Record or correct somebody's hours: the lead of the team for the team, the station for all.

    What the station corrects after it was approved waits for approval anew.
    """
    with abroad.desk_of_team(duty_id) as desk:
        session, duty = desk.session, held(desk.session, duty_id)
        if not services.may_record(session, desk.actor, duty):
            abort(404)
        row = attendance.of_duty(session, duty_id)
        approved = row is not None and row.approved_at is not None
        form = RecordForm(minutes=row.minutes if row else None)
        if form.validate_on_submit():
            with shown_in(form, session):
                services.record(session, desk.actor, duty, form.minutes.data, form.reason.data or "")
                flash(_RECORDED[approved], "success")
                return hx.redirect(url_for("hours.record", duty_id=duty_id))
        team = queries.team_of(session, duty)
        (line,) = [one for one in team if one.duty.id == duty_id]
        at_station = desk.actor.role in STATION
        page = render_template(
            "hours/record.html", form=form, line=line, team=team, words=duty_words, time=time_served,
            at_station=at_station, back_to=url_for("hours.index" if at_station else "mine.duties"),
        )  # fmt: skip
        return page, 422 if form.is_submitted() else 200


@blueprint.get("/hours/station")
def index() -> str:
    """What waits for approval, certificates, and who has served how much this year."""
    session = db.session()
    papers = queries.certificates(session)
    return render_template(
        "hours/index.html",
        lines=queries.to_approve(session),
        papers=papers,
        totals=queries.totals(session, *_year()),
        year=today().year,
        time=time_served,
        words=duty_words,
    )


@blueprint.post("/hours/station")
def approve() -> BaseResponse:
    """Approve the hours that are marked."""
    count = services.approve(db.session(), me().actor, request.form.getlist("duty"))
    if count:
        flash(ngettext("%(num)d record is approved.", "%(num)d records are approved.", count), "success")
    else:
        flash(_("Mark what you approve."), "warning")
    return hx.redirect(url_for("hours.index"))


@blueprint.route("/certificates/<certificate_id>/issue", methods=["GET", "POST"])
def issue(certificate_id: str) -> Answer:
    """Issue a certificate that somebody has asked for."""
    session, paper = db.session(), queries.certificate(db.session(), certificate_id)
    township = session.get_one(Township, paper.township_id)
    head = session.scalar(select(Account.display_name).where(Account.role == AccountRole.STATION_HEAD))
    begin = datetime.combine(paper.from_day, time(), tzinfo=zone())
    end = datetime.combine(paper.to_day, time(), tzinfo=zone()) + timedelta(days=1)
    elsewhere = abroad.served(session, paper.township_id, paper.person_id, begin, end)
    form = IssueForm(head=head, handler=me().display_name, phone=township.safety_phone)
    if form.validate_on_submit():
        with shown_in(form):
            services.issue(
                session, me().actor, paper, head=form.head.data or "", handler=form.handler.data or "",
                phone=form.phone.data or "", lent=elsewhere,
            )  # fmt: skip
            return hx.redirect(url_for("hours.certificate", certificate_id=certificate_id))
    minutes = queries.approved([*queries.of_person(session, paper.person_id, begin, end), *elsewhere])
    page = render_template("hours/issue.html", form=form, paper=paper, minutes=minutes, time=time_served)
    return page, 422 if form.is_submitted() else 200


def _issued(certificate_id: str) -> tuple[Certificate, Township, str]:
    """An issued certificate, its township and the address that verifies it: for its person and the station alone."""
    paper = queries.certificate(db.session(), certificate_id)
    if paper.issued_at is None or (me().role not in STATION and paper.person_id != me().person_id):
        abort(404)
    return paper, db.session().get_one(Township, paper.township_id), address_of("hours.verify", code=paper.code)


@blueprint.get("/certificates/<certificate_id>")
def certificate(certificate_id: str) -> str:
    """A certificate, to print."""
    paper, township, address = _issued(certificate_id)
    return render_template(
        "hours/certificate.html", paper=paper, items=certificate_pdf.items_of(paper), township=township,
        code=certificate_pdf.code_of(paper), address=address, picture=picture(address), time=time_served,
    )  # fmt: skip


@blueprint.get("/certificates/<certificate_id>.pdf")
def certificate_file(certificate_id: str) -> BaseResponse:
    """The same as a PDF."""
    paper, township, address = _issued(certificate_id)
    content = certificate_pdf.render(certificate_pdf.paper_of(paper, township, address), address)
    title = _("Certificate of volunteer service")
    return download(content, f"{title} {paper.number} {named(paper.person)}.pdf", "application/pdf")


@blueprint.post("/certificates/<certificate_id>/withdraw")
def withdraw(certificate_id: str) -> BaseResponse:
    """It was wrong: it no longer verifies."""
    services.withdraw(db.session(), me().actor, queries.certificate(db.session(), certificate_id))
    flash(_("The certificate is withdrawn; verifying it says so."), "success")
    return hx.redirect(url_for("hours.index"))


@blueprint.get("/verify")
def verify() -> str:
    """Open to all: whether a certificate with this code was issued, and nothing more."""
    form = VerifyForm(request.args)
    code = "".join(letter for letter in (form.code.data or "").upper() if letter.isalnum())
    verdict = None
    if code:
        with session_for(Scope.of_system(reason="verify a certificate"), reading=True) as work:
            verdict = queries.verify(work, code)
    return render_template("hours/verify.html", form=form, asked=bool(code), verdict=verdict, time=time_served)
