"""Excel in and out: templates, what is there now, and files sent, looked at and taken in."""

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import SheetKind
from tenants.models import SheetUpload
from tenants.services import audit_log, uploads
from weibao import hx
from weibao.access import me
from weibao.db import db, write_on_read
from weibao.forms.sheets import UploadForm
from weibao.i18n import today
from weibao.login import keyring
from weibao.sheets import kinds, parsing
from weibao.views import moving
from weibao.views.downloads import download
from weibao.views.refusals import put
from weibao.words import label

blueprint = Blueprint("sheets", __name__, url_prefix="/sheets")
Answer = str | tuple[str, int] | BaseResponse
MOST_FAULTS = 200


@blueprint.get("")
def index() -> str:
    """Every kind of file, and the files that wait."""
    return _index({})


@blueprint.get("/<kind>/template.xlsx")
def template(kind: str) -> Response:
    """An empty file with an example row."""
    wanted = _kind(kind)
    return download(kinds.template(db.session(), wanted), _file_name(label(wanted), _("template")))


@blueprint.get("/<kind>/present.xlsx")
def present(kind: str) -> Response:
    """What is there now; that it was taken out is written down."""
    write_on_read()
    wanted = _kind(kind)
    audit_log.record(db.session(), me().actor, "sheet.export", "sheet", details={"kind": wanted.value})
    return download(kinds.filled(db.session(), me().actor, wanted), _file_name(label(wanted), str(today())))


@blueprint.post("/<kind>")
def send(kind: str) -> Answer:
    """Read a file in a process of its own, and keep it for the look before it is taken in."""
    wanted, form = _kind(kind), UploadForm(prefix=kind)
    if form.validate():
        try:
            with form.file.data.stream as stream:
                sheets = parsing.parse(stream.read(parsing.MOST_BYTES + 1))  # before the database is asked
        except parsing.FileError as error:
            put(form, "file", str(error.reason))
        else:
            upload = uploads.keep(
                db.session(),
                me().actor,
                keyring(),
                kind=wanted,
                file_name=form.file.data.filename or "",
                content=parsing.answer_of(sheets),
            )
            return hx.redirect(url_for("sheets.preview", upload_id=upload.id))
    return _index({wanted: form}), 422


@blueprint.get("/uploads/<upload_id>")
def preview(upload_id: str) -> str:
    """What a file would do, and what is wrong with it; nothing is changed by looking."""
    write_on_read()
    upload = uploads.one(db.session(), upload_id)
    return _preview(upload, _held(upload, trial=True))


@blueprint.post("/uploads/<upload_id>/take")
def take(upload_id: str) -> Answer:
    """Take a file in, all of it or nothing; nobody loses a duty of whom the preview has not told it."""
    upload = uploads.one(db.session(), upload_id)
    held = _held(upload, trial=False)
    if held.faults:
        return _preview(upload, held), 422
    if not held.lost <= set(request.form.get("seen", "").split()):
        db.session.rollback()
        upload = uploads.one(db.session(), upload_id)
        return _preview(upload, _held(upload, trial=True), is_new=True), 422
    uploads.taken(db.session(), me().actor, upload, added=held.added, changed=held.changed)
    flash(
        _("Taken in: %(added)d added, %(changed)d changed, %(same)d as before.",
          added=held.added, changed=held.changed, same=held.same),
        "success",
    )  # fmt: skip
    moving.say_numbers(len(held.told), len(held.lost))
    return hx.redirect(url_for("sheets.index"))


@blueprint.post("/uploads/<upload_id>/discard")
def discard(upload_id: str) -> BaseResponse:
    """Drop a file unused."""
    uploads.discard(db.session(), me().actor, uploads.one(db.session(), upload_id))
    flash(_("The file has been dropped; nothing was changed."), "success")
    return hx.redirect(url_for("sheets.index"))


@blueprint.get("/uploads/<upload_id>/marked.xlsx")
def marked(upload_id: str) -> Response:
    """What was sent, with its faults marked in the cells."""
    write_on_read()
    upload = uploads.one(db.session(), upload_id)
    return download(kinds.marked(_held(upload, trial=True)), _file_name(label(upload.kind), _("with faults marked")))


def _held(upload: SheetUpload, *, trial: bool) -> kinds.Held:
    session, actor = db.session(), me().actor
    sheets = parsing.sheets_of(uploads.content_of(keyring(), upload))
    held = kinds.hold(session, actor, keyring(), upload.kind, sheets, trial=trial)
    if trial:
        uploads.looked_at(session, actor, upload, rows=held.rows, problems=len(held.faults))
    return held


def _kind(word: str) -> SheetKind:
    try:
        return SheetKind(word)
    except ValueError:
        raise NotFound from None


def _index(sent: dict[SheetKind, UploadForm]) -> str:
    forms = {kind: sent.get(kind) or UploadForm(formdata=None, prefix=kind.value) for kind in SheetKind}
    return render_template("sheets/index.html", forms_by_kind=forms, waiting=uploads.waiting(db.session()))


def _preview(upload: SheetUpload, held: kinds.Held, *, is_new: bool = False) -> str:
    """``is_new``: since the last look more people have come to lose a duty by it."""
    return render_template("sheets/preview.html", upload=upload, held=held, most=MOST_FAULTS, is_new=is_new)


def _file_name(*parts: object) -> str:
    return "-".join(str(part) for part in parts) + ".xlsx"
