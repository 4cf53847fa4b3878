"""The children's ledger: list, one page for each child, dated entries, visits."""

from collections.abc import Callable

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from tenants.models import Child
from tenants.queries import children as queries
from tenants.queries import due
from tenants.queries.people import active_people, villages
from tenants.services import children as services
from tenants.services import visit_notes, visits
from weibao import hx
from weibao.access import may, me
from weibao.db import db, paged
from weibao.forms import children as forms
from weibao.i18n import today
from weibao.login import keyring
from weibao.views import openings
from weibao.views.refusals import shown_in
from weibao.words import label, named

blueprint = Blueprint("children", __name__, url_prefix="/children")
PAGE = 50
Answer = str | tuple[str, int] | BaseResponse


@blueprint.get("")
def index() -> str:
    """The ledger, narrowed as the address asks."""
    session, actor = db.session(), me().actor
    form = forms.ChildFilterForm(request.args)
    if "files" not in request.args:
        form.files.data = "open"
    form.village.choices = [*form.village.choices, *((row.id, named(row)) for row in villages(session))]
    wanted = form.wanted()
    pager = paged(queries.listed(actor, wanted, today()), PAGE)
    openings.ledger_listed(wanted, page=pager.page, files=len(pager.items))
    return hx.render(
        "children/index.html",
        "children/_list.html",
        form=form,
        pager=pager,
        due=due,
        next_visits=queries.next_visits(session, [child.id for child in pager.items]),
        query={key: value for key, value in request.args.items() if key != "page"},
    )


@blueprint.get("/<child_id>")
def show(child_id: str) -> str:
    """A child's page; whoever opens it is written down."""
    return _page(_opened(child_id))


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Open a child's file."""
    session = db.session()
    form = forms.NewChildForm(case_code=queries.suggested_code(session), since=today())
    _offer_villages(form)
    if form.validate_on_submit():
        with shown_in(form):
            child = services.create(
                session,
                me().actor,
                form.facts(),
                categories=frozenset(form.categories.data or []),
                level=form.level.data,
                since=form.since.data,
            )
            flash(_("The file %(code)s has been opened.", code=child.case_code), "success")
            return hx.redirect(url_for("children.show", child_id=child.id))
    return _form_page("children/new.html", form)


@blueprint.route("/<child_id>/edit", methods=["GET", "POST"])
def edit(child_id: str) -> Answer:
    """Change a child's facts."""
    child = _opened(child_id)
    form = forms.ChildForm(obj=child)
    _offer_villages(form)
    if form.validate_on_submit():
        with shown_in(form):
            services.edit(db.session(), me().actor, child, form.facts())
            return _back(child_id, _("Saved."))
    return _form_page("children/edit.html", form, child=child)


@blueprint.post("/<child_id>/confirm")
def confirm(child_id: str) -> BaseResponse:
    """Note that the entries still hold."""
    services.confirm(db.session(), me().actor, _child(child_id))
    return _back(child_id, _("Noted: the entries hold as of today."))


@blueprint.post("/<child_id>/close")
def close(child_id: str) -> BaseResponse:
    """Close the file; its page offers to undo it."""
    services.close(db.session(), me().actor, _child(child_id))
    return _back(child_id)


@blueprint.post("/<child_id>/reopen")
def reopen(child_id: str) -> BaseResponse:
    """Open the file again."""
    services.reopen(db.session(), me().actor, _child(child_id))
    return _back(child_id, _("The file is open again."))


@blueprint.post("/<child_id>/categories")
def add_category(child_id: str) -> Answer:
    """Enter a further category."""
    form = forms.CategoryForm(prefix="category")
    return _entered(
        child_id,
        form,
        lambda child: services.add_category(db.session(), me().actor, child, form.category.data, form.from_day.data),
        _("The category has been entered."),
    )


@blueprint.post("/<child_id>/categories/<period_id>/end")
def end_category(child_id: str, period_id: str) -> Answer:
    """End a category."""
    form = forms.EndForm(prefix=f"end-{period_id}")
    return _entered(
        child_id,
        form,
        lambda child: services.end_category(db.session(), me().actor, child, period_id, form.to_day.data),
        _("The category has been ended."),
    )


@blueprint.post("/<child_id>/risks")
def assess(child_id: str) -> Answer:
    """Enter an assessment."""
    form = forms.RiskForm(prefix="risk")
    return _entered(
        child_id,
        form,
        lambda child: services.assess(db.session(), me().actor, child, form.level.data, form.from_day.data),
        _("The assessment has been entered."),
    )


@blueprint.post("/<child_id>/familiar")
def add_familiar(child_id: str) -> Answer:
    """Note somebody whom the household knows."""
    form = _familiar_form()
    return _entered(
        child_id,
        form,
        lambda child: services.add_familiar(db.session(), me().actor, child, form.person_id.data),
        _("Noted."),
    )


@blueprint.post("/<child_id>/familiar/<person_id>/remove")
def remove_familiar(child_id: str, person_id: str) -> BaseResponse:
    """Take the note back."""
    services.remove_familiar(db.session(), me().actor, _child(child_id), person_id)
    return _back(child_id, _("Taken out."))


@blueprint.post("/<child_id>/visits")
def record_visit(child_id: str) -> Answer:
    """Record a visit that was made."""
    form = forms.VisitForm(prefix="visit")
    return _entered(
        child_id,
        form,
        lambda child: visits.record_visit(
            db.session(), me().actor, child, form.done_on.data, form.note.data or "", keyring=keyring()
        ),
        _("The visit has been recorded."),
    )


@blueprint.post("/<child_id>/visits/<visit_id>/take-back")
def take_back_visit(child_id: str, visit_id: str) -> BaseResponse:
    """Undo a visit recorded as done."""
    visits.take_back(db.session(), me().actor, _child(child_id), visit_id)
    return _back(child_id, _("The visit is due again."))


def _child(child_id: str) -> Child:
    return queries.one(db.session(), me().actor, child_id)


def _opened(child_id: str) -> Child:
    """The child, with a line in the audit log of who has opened its file; what the request has begun is dropped."""
    openings.file_opened(child_id)
    return _child(child_id)


def _entered(child_id: str, form: FlaskForm, write: Callable[[Child], object], done: str) -> Answer:
    """Read a form of the child's page and write what it says, or show the page with what is wrong."""
    child = _child(child_id)
    if form.validate():
        with shown_in(form):
            write(child)
            return _back(child_id, done)
    return _page(_opened(child_id), form), 422


def _back(child_id: str, done: str | None = None) -> BaseResponse:
    if done:
        flash(done, "success")
    return hx.redirect(url_for("children.show", child_id=child_id))


def _page(child: Child, sent: FlaskForm | None = None) -> str:
    """The child's page; ``sent`` is the form that was refused, shown as it was filled in."""
    day = today()
    held = due.rule_in_force(child, due.rules_of(db.session(), me().county_id), day)
    made = queries.visits_of(db.session(), child)
    return render_template(
        "children/show.html",
        child=child,
        due=due,
        held=held,
        visits=made,
        notes=visit_notes.notes_of(keyring(), made),
        forms_by_name=_forms(child, sent) if may("children.edit") else {},
    )


def _forms(child: Child, sent: FlaskForm | None) -> dict[str, FlaskForm]:
    day = today()
    made: list[FlaskForm] = [
        forms.CategoryForm(formdata=None, prefix="category", from_day=day),
        forms.RiskForm(formdata=None, prefix="risk", from_day=day),
        forms.VisitForm(formdata=None, prefix="visit", done_on=day),
        _familiar_form(formdata=None),
        *(forms.EndForm(formdata=None, prefix=f"end-{period.id}", to_day=day) for period in child.categories),
    ]
    found = {form._prefix.rstrip("-"): form for form in made}
    return found | ({sent._prefix.rstrip("-"): sent} if sent is not None else {})


def _familiar_form(**kwargs: object) -> forms.FamiliarForm:
    form = forms.FamiliarForm(prefix="familiar", **kwargs)
    people = active_people(db.session())
    form.person_id.choices = [("", _("Choose…")), *((row.id, f"{named(row)} · {label(row.kind)}") for row in people)]
    return form


def _offer_villages(form: forms.ChildForm) -> None:
    form.village_id.choices = [("", _("Choose…")), *((row.id, named(row)) for row in villages(db.session()))]


def _form_page(template: str, form: FlaskForm, **context: object) -> Answer:
    page = render_template(template, form=form, **context)
    return (page, 422) if form.is_submitted() else page
