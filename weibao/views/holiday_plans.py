"""Plan a holiday: choose, look at the proposed dates and who is there, make it, take it back."""

from dataclasses import dataclass
from functools import cached_property

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from scheduling.problem import Weights
from tenants.calendar import Span
from tenants.errors import ConflictError, InvalidError
from tenants.models import ActivityTemplate, Home
from tenants.queries import holiday_plans as queries
from tenants.queries.calendar import calendar_of
from tenants.queries.homes import open_homes
from tenants.queries.templates import templates
from tenants.services import holiday_plans as services
from tenants.services.holiday_plans import PlanFacts
from tenants.services.templates import activity_of
from weibao import hx, i18n
from weibao.access import me
from weibao.db import db
from weibao.forms.holiday_plans import SlotsForm, WishForm, coming, provisional
from weibao.planning import holidays
from weibao.planning.holidays import HolidayDesk, SlotBalance
from weibao.views.refusals import put, said

blueprint = Blueprint("holiday_plans", __name__, url_prefix="/holiday-plans")
CHECK = "check"
Answer = str | tuple[str, int] | BaseResponse


@dataclass(frozen=True, kw_only=True)
class Stock:
    """What a plan is made from: coming holidays by key (and which are provisional), templates, homes that are open."""

    holidays: dict[str, Span]
    provisional: frozenset[str]
    templates: dict[str, ActivityTemplate]
    homes: dict[str, Home]

    def desk(self, key: str) -> HolidayDesk:
        """What a holiday is planned with."""
        rows = list(self.templates.values()), list(self.homes.values())
        return holidays.holiday_desk(db.session(), me().township_id or "", self.holidays[key], *rows)


@dataclass(frozen=True, kw_only=True)
class Preview:
    """Proposed activities with who is there for them; ``balances`` by their place on the page."""

    stock: Stock
    form: SlotsForm
    span: Span
    balances: dict[int, SlotBalance]
    wanted: int

    @cached_property
    def short(self) -> int:
        """How many of them too few people could do, or have no room at their home."""
        return sum(bool(balance.short) or balance.clash for balance in self.balances.values())


def _stock() -> Stock:
    session = db.session()
    calendar = calendar_of(session, me().county_id)
    ahead = coming(calendar, i18n.today())
    return Stock(
        holidays=ahead,
        provisional=provisional(calendar, ahead),
        templates={row.id: row for row in templates(session, offered=True)},
        homes={row.id: row for row in open_homes(session)},
    )


@blueprint.get("")
def start() -> str:
    """Choose what is to take place in which holiday."""
    stock, form = _stock(), WishForm()
    form.begin(stock.holidays, list(stock.templates.values()), list(stock.homes.values()))
    return _start(stock, form)


def _start(stock: Stock, form: WishForm) -> str:
    form.offer(stock.holidays, stock.provisional, list(stock.templates.values()), stock.homes)
    return render_template("holiday_plans/start.html", form=form, stock=stock, plans=queries.plans(db.session()))


@blueprint.post("/preview")
def preview() -> Answer:
    """Proposed dates, and who is there for them."""
    stock, form = _stock(), WishForm()
    form.offer(stock.holidays, stock.provisional, list(stock.templates.values()), stock.homes)
    numbers = (
        {home: number for home, number in form.numbers().items() if home in stock.homes} if form.validate() else {}
    )
    if not form.errors and not numbers:
        put(form, "homes", _("One home needs an activity at least."))
    if form.errors:
        return _start(stock, form), 422
    desk, key = stock.desk(form.holiday.data), form.holiday.data
    tomorrow = i18n.tomorrow()
    weekdays = frozenset(form.weekdays.data)
    days = holidays.open_days(
        desk, stock.holidays[key], earliest=tomorrow, weekdays=weekdays, festivals=form.festivals.data
    )
    slots = holidays.propose(desk, days, form.templates.data, numbers) if days else []
    if not slots:
        put(form, "weekdays", _("No day of this holiday is left on these days of the week."))
        return _start(stock, form), 422
    proposal = SlotsForm(formdata=None)
    proposal.show(key, slots)
    return _preview(stock, proposal, desk, wanted=sum(numbers.values()))


def _preview(stock: Stock, form: SlotsForm, desk: HolidayDesk, *, wanted: int = 0) -> str:
    kept = form.kept() if not form.errors else {}
    found = dict(zip(kept, desk.balance(list(kept.values())), strict=True))
    shown = Preview(stock=stock, form=form, span=stock.holidays[form.holiday.data or ""], balances=found, wanted=wanted)
    return render_template("holiday_plans/preview.html", page=shown, form=form, stock=stock)


@blueprint.post("")
def make() -> Answer:
    """Make the activities and have them planned; or look once more at who is there, with the dates as changed."""
    stock, form = _stock(), SlotsForm()
    if form.holiday.data not in stock.holidays or any(not _known(stock, row.form) for row in form.rows):
        abort(404)
    if not form.validate():
        return _preview(stock, form, stock.desk(form.holiday.data)), 422
    if request.form.get("step") == CHECK:
        return _preview(stock, form, stock.desk(form.holiday.data))
    try:
        plan = services.make(db.session(), me().actor, _facts(stock, form), today=i18n.today(), weights=vars(Weights()))
    except (InvalidError, ConflictError) as error:
        db.session.rollback()
        stock = _stock()
        put(form, _place(form, error.field), said(error))
        return _preview(stock, form, stock.desk(form.holiday.data)), 422
    made = len(form.kept())
    flash(ngettext("%(num)s activity made; the plan that fills it is on its way.",
                   "%(num)s activities made; the plan that fills them is on its way.", made), "success")  # fmt: skip
    return hx.redirect(url_for("holiday_plans.show", plan_id=plan.id))


def _known(stock: Stock, row: SlotsForm) -> bool:
    return row.template_id.data in stock.templates and row.home_id.data in stock.homes


def _facts(stock: Stock, form: SlotsForm) -> PlanFacts:
    span = stock.holidays[form.holiday.data]
    made = [
        activity_of(stock.templates[slot.template_id], home_id=slot.home_id, day=slot.day, start=slot.start)
        for slot in form.kept().values()
    ]
    return PlanFacts(
        kind=span.kind, name=span.name, name_en=span.name_en, first=span.first, last=span.last, activities=made
    )


def _place(form: SlotsForm, field: str | None) -> str | None:
    """The field of the page's row: the service counts ticked rows alone."""
    parts = (field or "").split("-")
    if parts[0] != "rows" or len(parts) < 3:
        return field
    return f"rows-{list(form.kept())[int(parts[1])]}-{parts[2]}"


@blueprint.get("/<plan_id>")
def show(plan_id: str) -> str:
    """What was made, how far it is, and the way back."""
    plan = queries.one(db.session(), plan_id)
    return render_template("holiday_plans/show.html", plan=plan, standing=queries.standing(db.session(), plan))


@blueprint.post("/<plan_id>/take-back")
def take_back(plan_id: str) -> BaseResponse:
    """Remove all that the plan has made, while nothing of it is published."""
    plan = queries.one(db.session(), plan_id)
    removed = services.take_back(db.session(), me().actor, plan)
    flash(ngettext("Taken back: %(num)s activity.", "Taken back: %(num)s activities.", removed), "success")
    return hx.redirect(url_for("holiday_plans.start"))
