"""Templates of activities: what a station offers again and again."""

from collections.abc import Sequence

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import PersonKind
from tenants.models import ActivityTemplate
from tenants.queries import templates as queries
from tenants.queries.people import skills_in_use
from tenants.roles import RoleWanted
from tenants.services import templates as services
from weibao import hx
from weibao.access import me
from weibao.db import db
from weibao.forms.activity_templates import TemplateForm
from weibao.forms.fields import take_step
from weibao.forms.roles import offer_words, show_roles
from weibao.views.refusals import shown_in

blueprint = Blueprint("activity_templates", __name__, url_prefix="/activity-templates")
FIRST_TEAM = (
    RoleWanted(
        role="lead", minimum=1, maximum=1, kinds=frozenset({PersonKind.CHILD_DIRECTOR, PersonKind.SOCIAL_WORKER})
    ),
)
Answer = str | tuple[str, int] | BaseResponse


@blueprint.get("")
def index() -> str:
    """The township's templates."""
    return render_template("activity_templates/index.html", rows=queries.templates(db.session()))


@blueprint.post("/examples")
def examples() -> BaseResponse:
    """Begin with one template for each kind that the notice names."""
    made = services.begin_with_examples(db.session(), me().actor)
    flash(ngettext("%(num)s template added.", "%(num)s templates added.", made), "success")
    return hx.redirect(url_for("activity_templates.index"))


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Add a template."""
    form = TemplateForm()
    if not form.is_submitted():
        show_roles(form.roles, FIRST_TEAM)
    return _edited(form, None, FIRST_TEAM)


@blueprint.route("/<template_id>", methods=["GET", "POST"])
def edit(template_id: str) -> Answer:
    """Change a template."""
    template = queries.one(db.session(), template_id)
    facts = services.facts_of(template)
    form = TemplateForm(**{name: value for name, value in vars(facts).items() if name != "roles"})
    if not form.is_submitted():
        show_roles(form.roles, facts.roles)
    return _edited(form, template, facts.roles)


@blueprint.post("/<template_id>/offered")
def offered(template_id: str) -> BaseResponse:
    """Put a template aside, or offer it again."""
    template = queries.one(db.session(), template_id)
    services.set_offered(db.session(), me().actor, template, offered=bool(request.form.get("offered")))
    return hx.redirect(url_for("activity_templates.index"))


def _edited(form: TemplateForm, template: ActivityTemplate | None, team: Sequence[RoleWanted]) -> Answer:
    """The form of a new or a present template: add and remove rows, save, or show what is wrong."""
    session = db.session()
    stepped = form.is_submitted() and take_step(form.roles, request.form.get("step"))
    offer_words(form.roles, team, skills_in_use(session))
    if not stepped and form.validate_on_submit():
        with shown_in(form):
            if template is None:
                services.create(session, me().actor, form.facts())
            else:
                services.edit(session, me().actor, template, form.facts())
            flash(_("Saved."), "success")
            return hx.redirect(url_for("activity_templates.index"))
    address = url_for("activity_templates.edit", template_id=template.id) if template else url_for(".new")
    page = hx.render("activity_templates/edit.html", "roles/_rows.html", form=form, template=template, address=address)
    return page if stepped or not form.is_submitted() else (page, 422)
