"""The audit log: search it, and the digest that the county keeps outside."""

from datetime import date, datetime, time, timedelta

from flask import Blueprint, render_template, request
from sqlalchemy import select

from tenants.models import AuditHead
from tenants.queries import audit as queries
from tenants.services import county_files
from weibao.access import me
from weibao.audit_details import told
from weibao.audit_words import said
from weibao.db import db, paged
from weibao.forms.audit import AuditFilterForm
from weibao.i18n import zone
from weibao.login import keyring

blueprint = Blueprint("audit", __name__, url_prefix="/audit")
PAGE = 50


def _midnight(day: date | None, *, plus: int = 0) -> datetime | None:
    return datetime.combine(day + timedelta(days=plus), time(), tzinfo=zone()) if day else None


@blueprint.get("/")
def index() -> str | tuple[str, int]:
    """The log's lines, the newest first: a township sees its own, the county all of its."""
    form = AuditFilterForm(request.args)
    valid = form.validate()
    wanted = queries.AuditFilter(
        action=form.kind.data if valid and form.kind.data else None,
        subject_id=(form.subject.data or "").strip() or None,
        since=_midnight(form.since.data),
        until=_midnight(form.until.data, plus=1),
    )
    pager = paged(queries.lines(wanted), PAGE)
    head = db.session.scalar(select(AuditHead)) if me().township_id is None else None
    query = {key: value for key, value in request.args.items() if key != "page"}
    context = {
        "form": form,
        "pager": pager,
        "names": queries.names(db.session()),
        "head": head,
        "query": query,
        "said": said,
        "told": told,
        "reasons": county_files.reasons(db.session(), keyring(), pager.items),
    }
    return render_template("audit/index.html", **context), 200 if valid else 422
