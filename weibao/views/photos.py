"""Photos of an activity: for the station alone, with a word on consent for each."""

from flask import Blueprint, Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.models import Activity, utc_now
from tenants.queries.activities import one
from tenants.services import photos as services
from weibao import hx
from weibao.access import me
from weibao.db import db, write_on_read
from weibao.forms.photos import PhotoForm
from weibao.login import keyring
from weibao.pictures import recoding
from weibao.views.refusals import put, shown_in

blueprint = Blueprint("photos", __name__, url_prefix="/activities")
Answer = str | tuple[str, int] | BaseResponse


@blueprint.get("/<activity_id>/photos")
def index(activity_id: str) -> str:
    """The photos, and the form for another one."""
    return _page(one(db.session(), activity_id), PhotoForm())


@blueprint.post("/<activity_id>/photos")
def add(activity_id: str) -> Answer:
    """Have a photo drawn anew by a process of its own, and keep it; without a word on consent it is not even read."""
    form = PhotoForm()
    if form.validate():
        try:
            with form.file.data.stream as stream:
                content = recoding.recode(stream.read(recoding.MOST_BYTES + 1))  # before the database is asked
        except recoding.PhotoError as error:
            put(form, "file", str(error.reason))
        else:
            with shown_in(form):
                activity = one(db.session(), activity_id)
                services.add(db.session(), me().actor, keyring(), activity, content, form.ground.data)
                return _back(activity_id, _("The photo is kept."))
    return _page(one(db.session(), activity_id), form), 422


@blueprint.get("/<activity_id>/photos/<photo_id>")
def show(activity_id: str, photo_id: str) -> Response:
    """The picture itself; it may show children, so that looking at it is written down."""
    write_on_read()
    photo = services.one(db.session(), activity_id, photo_id)
    answer = make_response(services.opened(db.session(), me().actor, keyring(), photo))
    answer.headers["Content-Type"] = "image/jpeg"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers.set("Content-Disposition", "inline", filename=f"{photo.id}.jpg")
    return answer


@blueprint.post("/<activity_id>/photos/<photo_id>/remove")
def remove(activity_id: str, photo_id: str) -> BaseResponse:
    """Destroy a photo."""
    services.remove(db.session(), me().actor, services.one(db.session(), activity_id, photo_id))
    return _back(activity_id, _("The photo is destroyed."))


def _page(activity: Activity, form: PhotoForm) -> str:
    session = db.session()
    return render_template(
        "activities/photos.html",
        activity=activity,
        form=form,
        photos=services.listed(session, activity),
        without=services.without_consent(session, activity),
        most=services.MOST,
        begun=activity.starts_at <= utc_now(),
    )


def _back(activity_id: str, done: str) -> BaseResponse:
    flash(done, "success")
    return hx.redirect(url_for("photos.index", activity_id=activity_id))
