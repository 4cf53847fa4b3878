"""The day itself: check in and out, also by the code at a home's door; who has come, for the station."""

from datetime import UTC, datetime, time, timedelta

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.errors import NotFoundError
from tenants.queries import attendance as queries
from tenants.queries import homes
from tenants.services import attendance as services
from weibao import abroad, duty_words, hx
from weibao.access import me
from weibao.addresses import address_of, is_only_here
from weibao.db import db
from weibao.forms.day import LeaveForm
from weibao.i18n import today, zone
from weibao.login import keyring
from weibao.qr import picture
from weibao.typed import day_of
from weibao.views import mine

blueprint = Blueprint("day", __name__)
Answer = str | tuple[str, int] | BaseResponse


@blueprint.post("/mine/duties/<duty_id>/arrive")
def arrive(duty_id: str) -> BaseResponse:
    """I am here."""
    with abroad.desk_of(duty_id) as desk:
        services.arrive(desk.session, desk.actor, services.held(desk.session, duty_id, me().own_person))
    flash(_("You are checked in."), "success")
    return hx.redirect(url_for("mine.duty", duty_id=duty_id))


@blueprint.post("/mine/duties/<duty_id>/leave")
def leave(duty_id: str) -> Answer:
    """I am leaving."""
    form = LeaveForm()
    with abroad.desk_of(duty_id) as desk:
        duty = services.held(desk.session, duty_id, me().own_person)
        if not form.validate():
            return mine.page_of_leaving(desk, duty_id, form), 422
        row = services.leave(desk.session, desk.actor, keyring(), duty, form.note.data or "")
    flash(_("You are checked out: %(minutes)d minutes. Thank you!", minutes=row.minutes or 0), "success")
    return hx.redirect(url_for("mine.duty", duty_id=duty_id))


@blueprint.post("/mine/duties/<duty_id>/stay")
def stay(duty_id: str) -> BaseResponse:
    """I am still here: leaving was a mistake."""
    with abroad.desk_of(duty_id) as desk:
        services.stay(desk.session, desk.actor, services.held(desk.session, duty_id, me().own_person))
    flash(_("You are still checked in."), "success")
    return hx.redirect(url_for("mine.duty", duty_id=duty_id))


@blueprint.get("/door/<code>")
def door(code: str) -> str:
    """What the code at a home's door opens: my duties here now."""
    with abroad.desk_at_door(code) as desk:
        home = queries.home_by_code(desk.session, code)
        lines = queries.at_home(desk.session, me().own_person, home, datetime.now(UTC))
        return render_template("day/door.html", home=home, lines=lines, code=code, words=duty_words)


@blueprint.post("/door/<code>/<duty_id>")
def arrive_at_door(code: str, duty_id: str) -> BaseResponse:
    """I am here, at the door."""
    with abroad.desk_at_door(code) as desk:
        home = queries.home_by_code(desk.session, code)
        known = {line.duty.id for line in queries.at_home(desk.session, me().own_person, home, datetime.now(UTC))}
        if duty_id not in known:
            raise NotFoundError("no such duty here")
        held = services.held(desk.session, duty_id, me().own_person)
        services.arrive(desk.session, desk.actor, held, at_door=True)
    flash(_("You are checked in."), "success")
    return hx.redirect(url_for("mine.duty", duty_id=duty_id))


@blueprint.route("/homes/<village_id>/door", methods=["GET", "POST"])
def sign(village_id: str) -> str | BaseResponse:
    """The sign with the code for a home's door, to print; posting makes a new code."""
    home = homes.village(db.session(), village_id).home
    if home is None:
        raise NotFoundError("no home")
    if request.method == "POST":
        services.new_door_code(db.session(), me().actor, home)
        return hx.redirect(url_for("day.sign", village_id=village_id))
    address = address_of("day.door", code=home.door_code) if home.door_code else None
    code = picture(address) if address else None
    return render_template("day/sign.html", home=home, code=code, address=address, only_here=is_only_here())


@blueprint.get("/attendance")
def index() -> str:
    """A day's duties, and who has come."""
    day = day_of(request.args.get("day")) or today()
    begin = datetime.combine(day, time(), tzinfo=zone())
    lines = queries.of_day(db.session(), begin, begin + timedelta(days=1))
    return render_template(
        "day/index.html", day=day, lines=lines, now=datetime.now(UTC), words=duty_words, one=timedelta(days=1)
    )


@blueprint.post("/attendance/<duty_id>/missed")
def missed(duty_id: str) -> BaseResponse:
    """The holder did not come."""
    services.miss(db.session(), me().actor, services.held(db.session(), duty_id))
    flash(_("Recorded: did not come."), "success")
    return hx.redirect(url_for("day.index", day=request.form.get("day") or None))


@blueprint.post("/attendance/<duty_id>/note")
def note(duty_id: str) -> str:
    """Open the note of a duty; the opening is written down."""
    duty = services.held(db.session(), duty_id)
    text = services.read_note(db.session(), me().actor, keyring(), duty)
    (line,) = queries.lines(db.session(), [duty.id])
    return render_template("day/note.html", line=line, text=text, words=duty_words)
