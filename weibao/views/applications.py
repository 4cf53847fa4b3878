"""Applications of volunteers, as the station sees them; and the public page that they come from."""

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.ages import age_on
from tenants.enums import ApplicationState
from tenants.models import StationSetting, Township
from tenants.models.exchange import YOUNGEST
from tenants.queries import bars, homes
from tenants.queries import joining as queries
from tenants.queries.arrangements import setting_of
from tenants.services import applications as services
from weibao import hx
from weibao.access import me
from weibao.addresses import address_of, is_only_here
from weibao.db import db
from weibao.forms.joining import DeclineForm, JoinSettingsForm
from weibao.i18n import today
from weibao.qr import picture
from weibao.views.refusals import shown_in
from weibao.words import label

blueprint = Blueprint("applications", __name__, url_prefix="/applications")
Answer = str | tuple[str, int] | BaseResponse


@blueprint.get("")
def index() -> str:
    """The applications that wait, or those that were decided."""
    return _list(_state(request.args.get("state")), None, "")


def _state(value: str | None) -> ApplicationState:
    try:
        return ApplicationState(value or "")
    except ValueError:
        return ApplicationState.WAITING


def _list(state: ApplicationState, form: DeclineForm | None, declining: str) -> str:
    session, counts = db.session(), queries.counts(db.session())
    tabs = [
        {
            "label": label(one),
            "url": url_for("applications.index", state=one.value),
            "active": one is state,
            "count": counts[one],
        }
        for one in ApplicationState
    ]
    return render_template(
        "applications/index.html",
        tabs=tabs,
        listed=queries.applications(session, state),
        form=form or DeclineForm(formdata=None),
        declining=declining,
        setting=_setting(),
        day=today(),
        age_on=age_on,
        kept=(services.KEPT_DECIDED.days, services.KEPT_WAITING.days),
    )


@blueprint.post("/<application_id>/approve")
def approve(application_id: str) -> BaseResponse:
    """Take somebody as a volunteer; the check is asked for, and their page opens."""
    row = queries.application(db.session(), application_id)
    person = services.approve(db.session(), me().actor, row)
    if bars.is_barred(person):
        flash(_("%(name)s has been entered, and may not work with children.", name=person.name), "warning")
    else:
        flash(
            _("%(name)s is a volunteer now. The check is noted as asked for: send the letter, enter the reply.",
              name=person.name),
            "success",
        )  # fmt: skip
    return hx.redirect(url_for("people.show", person_id=person.id))


@blueprint.post("/<application_id>/decline")
def decline(application_id: str) -> Answer:
    """Do not take somebody, with a reason."""
    form = DeclineForm()
    row = queries.application(db.session(), application_id)
    if form.validate():
        with shown_in(form):
            services.decline(db.session(), me().actor, row, form.reason.data or "")
            flash(_("Declined. You can take it back in the list of the declined."), "success")
            return hx.redirect(url_for("applications.index"))
    return _list(ApplicationState.WAITING, form, application_id), 422


@blueprint.post("/<application_id>/reopen")
def reopen(application_id: str) -> BaseResponse:
    """Take a decision back."""
    services.reopen(db.session(), me().actor, queries.application(db.session(), application_id))
    flash(_("The decision is taken back; the application waits again."), "success")
    return hx.redirect(url_for("applications.index"))


@blueprint.route("/page", methods=["GET", "POST"])
def settings() -> Answer:
    """Open the public page or close it, and say what stands on it."""
    form = JoinSettingsForm(obj=_setting())
    if form.validate_on_submit():
        with shown_in(form):
            services.settle_page(
                db.session(), me().actor, is_open=form.join_open.data, words=form.join_words.data or "",
                age=form.join_age.data,
            )  # fmt: skip
            flash(_("Saved."), "success")
            return hx.redirect(url_for("applications.settings"))
    own = [row for row in db.session().scalars(homes.listed()) if row.home and row.home.opened]
    page = render_template("applications/settings.html", form=form, setting=_setting(), villages=own)
    return (page, 422) if form.is_submitted() else page


@blueprint.get("/poster")
def poster() -> str:
    """The township's page as a poster to print."""
    return _poster(address_of("join.township", township_id=me().township_id), None)


@blueprint.get("/poster/<village_id>")
def poster_of_home(village_id: str) -> str:
    """The page of a village's home as a poster to print."""
    address = address_of("join.home", township_id=me().township_id, village_id=village_id)
    return _poster(address, village_id)


def _poster(address: str, village_id: str | None) -> str:
    session = db.session()
    return render_template(
        "applications/poster.html",
        address=address,
        code=picture(address),
        village=homes.village_with_home(session, village_id)[0] if village_id else None,
        township=session.get_one(Township, me().township_id),
        setting=_setting(),
        only_here=is_only_here(),
    )


def _setting() -> StationSetting:
    """What the station has chosen; for one that has chosen nothing, what holds then."""
    held = setting_of(db.session(), me().township_id or "")
    return held or StationSetting(join_open=False, join_words="", join_age=YOUNGEST)
