"""The county's visit rules."""

from collections import Counter
from datetime import date

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import ChildCategory, Familiarity, PersonKind, Priority, RiskLevel, Service
from tenants.models import Township, VisitRule
from tenants.queries import rules as queries
from tenants.queries import staffing
from tenants.queries.due import rules_of
from tenants.roles import RoleWanted
from tenants.services import rules as services
from weibao import allocating, hx, previews
from weibao.access import me
from weibao.db import db
from weibao.forms.fields import take_step
from weibao.forms.roles import offer_words, show_roles
from weibao.forms.rules import RuleForm
from weibao.i18n import today, zone
from weibao.message_words import hours
from weibao.previews import RuleEffect
from weibao.views.refusals import shown_in

blueprint = Blueprint("rules", __name__, url_prefix="/rules")
Pair = tuple[ChildCategory, RiskLevel]
FIRST_TEAM = [
    RoleWanted(
        role="lead", minimum=1, maximum=1, kinds=frozenset({PersonKind.CHILD_DIRECTOR, PersonKind.SOCIAL_WORKER})
    )
]


@blueprint.get("")
def index() -> str:
    """The table of category and risk."""
    table = queries.table(db.session(), me().county_id)
    rules = [rule for row in table.values() for rule in row.values()]
    return render_template(
        "rules/index.html",
        coming=queries.coming(db.session(), me().county_id, today()),
        table=table,
        examples=sum(rule is not None and rule.is_example for rule in rules),
    )


@blueprint.route("/<category>/<risk>", methods=["GET", "POST"])
def edit(category: str, risk: str) -> str | tuple[str, int] | BaseResponse:
    """Decide the rule of one category and risk: first what it would do, then, if it was looked at, it is kept."""
    pair = _pair(category, risk)
    rule = queries.table(db.session(), me().county_id)[pair[0]][pair[1]]
    team = [RoleWanted.of_rule(entry) for entry in rule.roles] if rule else FIRST_TEAM
    form = _form(rule, team)
    stepped = form.is_submitted() and take_step(form.roles, request.form.get("step"))
    offer_words(form.roles, team, [])
    if not stepped and form.validate_on_submit():
        with shown_in(form):
            terms = form.terms()
            seen = services.mark_of_terms(terms)
            if form.seen.data == seen:
                services.save(db.session(), me().actor, *pair, terms)
                told = _("The rule has been decided. Each township's due visits follow it at its next planning.")
                flash(told, "success")
                return hx.redirect(url_for("rules.index"))
            changed = services.proposed(me().actor, *pair, terms)
            services.looked_at(db.session(), me().actor, *pair, terms)
            found = _effects(changed, max(terms.from_day, today()))
            form.seen.data = seen
            return _page(form, pair, rule, found)
    page = _page(form, pair, rule, [])
    return page if stepped or not form.is_submitted() else (page, 422)


@blueprint.post("/versions/<rule_id>/take-back")
def take_back(rule_id: str) -> BaseResponse:
    """Drop a version that does not hold yet."""
    rule = services.take_back(db.session(), me().actor, rule_id)
    flash(_("Taken back: the rule stays as it is."), "success")
    return hx.redirect(url_for("rules.edit", category=rule.category.value, risk=rule.risk.value))


def _page(form: RuleForm, pair: Pair, rule: VisitRule | None, found: list[RuleEffect]) -> str:
    address = url_for("rules.edit", category=pair[0].value, risk=pair[1].value)
    return hx.render(
        "rules/edit.html", "roles/_rows.html", form=form, pair=pair, rule=rule, address=address, effects=found,
        days=previews.DAYS, hours=hours, whole=previews.whole_county(found), names=_places() if found else {},
        versions=queries.versions(db.session(), me().county_id, *pair),
    )  # fmt: skip


def _effects(changed: VisitRule, day: date) -> list[RuleEffect]:
    session, county_id = db.session(), me().county_id
    children, rules = previews.estimates(session, today(), zone()), rules_of(session, county_id, day)
    standing, _excluded = allocating.present(session, county_id, day)
    staff = Counter(one.place for one in standing if one.place)
    return previews.rule_effects(children, rules, changed, staff)


def _places() -> dict[str, Township]:
    return {row.id: row for row in staffing.townships(db.session())}


def _pair(category: str, risk: str) -> Pair:
    try:
        return ChildCategory(category), RiskLevel(risk)
    except ValueError:
        abort(404)


def _form(rule: VisitRule | None, team: list[RoleWanted]) -> RuleForm:
    form = RuleForm(**_values(rule))
    if not form.is_submitted():
        show_roles(form.roles, team)
    return form


def _values(rule: VisitRule | None) -> dict[str, object]:
    """What the form begins with; an example's source is no decision, so it is not offered."""
    if rule is None:
        return {
            "minutes": 40,
            "priority": Priority.NORMAL,
            "service": Service.CHILD_PROTECTION,
            "known_by": Familiarity.VILLAGE_DIRECTOR,
            "from_day": today(),
        }
    names = ("interval_days", "minutes", "priority", "service", "known_by")
    kept = {name: getattr(rule, name) for name in names}
    return kept | {"source": "" if rule.is_example else rule.source, "from_day": today()}
