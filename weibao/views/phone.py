"""The program on a phone: manifest, service worker, the page without a network, and visit records sent later."""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from flask_wtf.csrf import generate_csrf

from tenants.queries import village as queries
from tenants.services import visit_receipts
from weibao import phone
from weibao.access import me
from weibao.db import db
from weibao.forms.children import SentVisitForm
from weibao.i18n import LANGUAGES, clock, language, local, today, zone
from weibao.login import keyring
from weibao.views.refusals import shown_in

blueprint = Blueprint("phone", __name__)
Answer = Response | tuple[Response, int]


def _asked_language() -> str:
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else language()


def _unkept(answer: Response) -> Response:
    """May be kept, but is asked for anew each time."""
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """The web app manifest."""
    answer = jsonify(phone.manifest(_asked_language()))
    answer.mimetype = "application/manifest+json"
    return _unkept(answer)


@blueprint.get("/worker.js")
def worker() -> Response:
    """The service worker: it lies at the root, so that it may answer for every page."""
    default = current_app.config["WEIBAO"].language
    return _unkept(Response(phone.worker(default), mimetype="text/javascript"))


@blueprint.get("/offline")
def offline() -> Response:
    """What is shown without a network; it holds nothing of whoever asks."""
    return _unkept(Response(phone.offline_page(_asked_language()), mimetype="text/html"))


@blueprint.get("/phone/visits")
def visits() -> Response:
    """The visits of the page My village, for the form without a network: no more of a child than its case code."""
    village = queries.directed_by(db.session(), me().actor)
    due = queries.due_visits(db.session(), village.id, today()) if village else []
    return jsonify(
        account=me().id,
        language=language(),
        zone=str(zone()),
        token=generate_csrf(),
        visits=[_entry(visit) for visit in due],
    )


def _entry(visit: queries.DueVisit) -> dict[str, Any]:
    planned = local(visit.planned_at).strftime("%Y-%m-%dT%H:%M") if visit.planned_at else None
    return {"id": visit.id, "code": visit.case_code, "planned": planned}


@blueprint.post("/phone/visits/<visit_id>")
def send(visit_id: str) -> Answer:
    """A visit record that was kept on a phone; the same key a second time is answered as the first one was."""
    form, actor = SentVisitForm(), me().actor
    if form.account.data != me().id:
        return jsonify(state="other_account"), 409
    if not form.validate():
        return _refused(form)
    known = visit_receipts.find(db.session(), actor, form.key.data)
    if known is not None:
        return _have(known, fresh=False)
    village = queries.directed_by(db.session(), actor)
    visit = queries.due_visit(db.session(), village.id if village else "", visit_id)
    with shown_in(form):
        receipt, fresh = visit_receipts.record_once(
            db.session(),
            actor,
            visit,
            key=form.key.data,
            done_on=form.done_on.data,
            note=form.note.data or "",
            keyring=keyring(),
        )
        return _have(receipt, fresh=fresh)
    return _refused(form)


def _have(receipt: visit_receipts.Receipt, *, fresh: bool) -> Response:
    return jsonify(state="recorded" if fresh else "already", at=clock(receipt.received_at))


def _refused(form: SentVisitForm) -> Answer:
    errors = {name: [str(word) for word in words] for name, words in form.errors.items() if name}
    return jsonify(state="refused", errors=errors, others=[str(word) for word in form.form_errors]), 422
