"""The county's forms about its purchased-service staff: contracts, workers, weights, proposals."""

from collections.abc import Iterable, Mapping
from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FloatField,
    HiddenField,
    StringField,
    TextAreaField,
    validators,
)

from tenants.enums import ChildCategory, RiskLevel
from tenants.models import ServiceContract, StaffMember
from tenants.queries.staffing import NOT_ASSESSED
from tenants.services.allocations import Wishes
from tenants.services.staffing import ContractTerms, StaffFacts
from tenants.services.weights import WeightsTerms
from weibao.forms.fields import ChecksField, DayField, skills_field, whole_number
from weibao.i18n import long_day

# What the services answer, for the catalogue; the texts are shown through gettext.
ANSWERS = (
    _l("The fewest workers of a township are 0 to 100."),
    _l("The most is at least 1, at least the fewest, and at most 100."),
    _l("A limit cannot be negative; leave it empty for none."),
    _l("Give the proposal a name."),
    _l("The day lies in the past."),
    _l("What was proposed or decided is kept."),
    _l("There is no such point."),
    _l("The day of the moves has passed; make a copy with a new day."),
    _l("Give the reason: it stands on the decision."),
    _l("Give the reason: whoever put it forward reads it."),
    _l("A worker has been posted otherwise since this was worked out; make a copy of it."),
    _l("Only the county moves purchased-service staff (notice 3.2)."),
    _l("Two people decide: whoever proposed it cannot approve or reject it."),
    _l("The proposal is at another step meanwhile; load the page again."),
    _l("No table of weights is in force on that day: the county sets one first."),
    _l("Nobody of the register is under contract on that day."),
    _l("More workers must move than the limit of moves allows."),
    _l("More workers who may not be moved stand in a township than the most allows."),
    _l("A category or risk of a child has no weight in the table in force."),
    _l("A worker is held at a township that lies beyond the limit of the way."),
    _l("Held by hand or not movable at %(place)s: %(workers)s. The most workers of a township are %(most)s."),
    _l("To hold %(workers)s where you want them takes %(number)s moves, and the limit is %(most)s."),
    _l("Somebody who is held by hand would not stand there: let go of somebody, or hold them elsewhere."),
    _l("Another contract has this number."),
    _l("Give both degrees of the home, or none."),
    _l("A move of this worker is decided and has not begun."),
    _l("The register holds this worker."),
    _l("Name the decision or document that sets this table."),
    _l("A version holds from today on at the earliest."),
    _l("A weight is 0 to 1000."),
    _l("One weight at least is above 0."),
    _l("A version holds from that day already."),
    _l("A contract needs its number."),
    _l("Name the provider."),
    _l("The contract ends before it begins."),
    _l("A worker owes 1 to 70 hours in a week."),
    _l("What is bought cannot be negative."),
    _l("The county keeps the register of purchased-service staff (notice 3.2)."),
    _l("Purchased-service staff do child protection and social work alone; the county moves them (notice 3.2)."),
    _l("Whether somebody is purchased-service staff is the county's to decide (notice 3.2)."),
    _l(
        "Purchased-service staff leave by the county's act alone: tell the county, which ends the post in its register "
        "(notice 3.2)."
    ),
    _l(
        "This name and phone are those of purchased-service staff; nobody enters them a second time as somebody else "
        "(notice 3.2)."
    ),
    _l("The county has posted this worker to another township (notice 3.2)."),
)
_REQUIRED = validators.InputRequired()
RISKS = (*(risk.value for risk in RiskLevel), NOT_ASSESSED)


class ContractForm(FlaskForm):
    """A contract and what it buys."""

    number = StringField(_l("Contract number"), [_REQUIRED, validators.Length(max=40)])
    provider = StringField(_l("Provider"), [_REQUIRED, validators.Length(max=120)])
    from_day = DayField(_l("First day"), [_REQUIRED])
    to_day = DayField(_l("Last day"), [_REQUIRED])
    weekly_hours = whole_number(_l("Hours of a worker in a week"), 1, 70)
    workers = whole_number(_l("Workers bought"), 0, 10_000)
    visits = whole_number(_l("Visits bought"), 0, 10_000_000)
    activities = whole_number(_l("Activities bought"), 0, 10_000_000)
    hours = whole_number(_l("Hours of service bought"), 0, 10_000_000)

    def terms(self) -> ContractTerms:
        """What was entered."""
        names = ("number", "provider", "from_day", "to_day", "workers", "visits", "activities", "hours")
        facts = {name: self[name].data for name in names}
        return ContractTerms(**facts, weekly_minutes=60 * self.weekly_hours.data)


class StaffForm(FlaskForm):
    """A worker in the register."""

    name = StringField(_l("Name"), [_REQUIRED, validators.Length(max=60)])
    name_en = StringField(_l("Name in Latin letters"), [validators.Length(max=80)])
    contract_ids = ChecksField(
        _l("Contracts"),
        description=_l(
            "All under which this worker serves, served or will serve; each day counts for the one that holds on it."
        ),
    )
    skills = skills_field()
    home = StringField(
        _l("Home"), [validators.Length(max=60)], description=_l("Where ways begin; the place's name, no address.")
    )
    home_lat = FloatField(_l("Latitude of home"), [validators.Optional(), validators.NumberRange(-90, 90)])
    home_lon = FloatField(_l("Longitude of home"), [validators.Optional(), validators.NumberRange(-180, 180)])
    movable = BooleanField(_l("May be posted to another township"), default=True)
    left = BooleanField(
        _l("Has left the service"),
        description=_l(
            "The post ends at once: coming duties fall open, the log-in is closed, and the station is told."
        ),
    )

    def offer(self, contracts: Iterable[ServiceContract]) -> None:
        """Offer the contracts."""
        self.contract_ids.choices = [
            (row.id, f"{row.number} {row.provider} · {long_day(row.from_day)} – {long_day(row.to_day)}")
            for row in contracts
        ]

    def facts(self) -> StaffFacts:
        """What was entered."""
        return StaffFacts(
            name=self.name.data or "",
            name_en=self.name_en.data or "",
            skills=frozenset(self.skills.data or ()),
            home=self.home.data or "",
            home_lat=self.home_lat.data,
            home_lon=self.home_lon.data,
            movable=self.movable.data,
            left=self.left.data,
            contracts=frozenset(self.contract_ids.data or ()),
        )


def staff_form(member: StaffMember | None, contracts: Iterable[ServiceContract]) -> StaffForm:
    """The form over a worker, or an empty one."""
    held = [row.id for row in member.contracts] if member else []
    form = StaffForm(obj=member, contract_ids=held)
    form.offer(contracts)
    return form


class WeightsForm(FlaskForm):
    """A new version of the table of weights; each weight is a field ``CATEGORY-RISK``."""

    from_day = DayField(_l("Holds from"), [_REQUIRED])
    source = StringField(
        _l("Decided by"),
        [_REQUIRED, validators.Length(max=200)],
        description=_l("The decision or document that sets this table, with its date."),
    )

    seen = HiddenField()

    def terms(self) -> WeightsTerms:
        """What was entered."""
        table = {c.value: {risk: self[f"{c.value}-{risk}"].data for risk in RISKS} for c in ChildCategory}
        return WeightsTerms(from_day=self.from_day.data, weights=table, source=self.source.data or "")


for _category in ChildCategory:
    for _risk in RISKS:
        setattr(WeightsForm, f"{_category.value}-{_risk}", whole_number(_l("Weight"), 0, 1000))


def weights_form(table: Mapping[str, Mapping[str, int]], from_day: date) -> WeightsForm:
    """The form that begins with a table."""
    values = {f"{category}-{risk}": weight for category, row in table.items() for risk, weight in row.items()}
    return WeightsForm(from_day=from_day, **values)


class ProposalForm(FlaskForm):
    """What the county asks of a proposal; pins and bars are read beside it, by worker."""

    title = StringField(_l("Name of the proposal"), [_REQUIRED, validators.Length(max=80)])
    moves_on = DayField(_l("Day of the moves"), [_REQUIRED])
    min_staff = whole_number(_l("Fewest workers of a township"), 0, 100)
    max_staff = whole_number(_l("Most workers of a township"), 1, 100, required=False)
    max_moves = whole_number(_l("Most moves"), 0, 10_000, required=False)
    max_commute = whole_number(_l("Longest way to work"), 0, 1440, required=False)
    skills = skills_field(_l("Skills that every township should have"))

    def wishes(self, answers: MultiDict[str, str]) -> Wishes:
        """What was entered; ``pin-STAFF`` and ``bar-STAFF`` hold townships."""
        pins = {key[4:]: value for key, value in answers.items() if key.startswith("pin-") and value}
        bars = {
            key[4:]: frozenset(value for value in answers.getlist(key) if value)
            for key in answers
            if key.startswith("bar-")
        }
        return Wishes(
            min_staff=self.min_staff.data,
            max_staff=self.max_staff.data,
            max_moves=self.max_moves.data,
            max_commute=self.max_commute.data,
            skills=tuple(sorted(self.skills.data or ())),
            pins=pins,
            bars={staff: places for staff, places in bars.items() if places and staff not in pins},
        )


class RejectForm(FlaskForm):
    """Why a proposal is rejected."""

    reason = TextAreaField(
        _l("Reason"),
        [_REQUIRED, validators.Length(max=500)],
        description=_l("Stands on the proposal; whoever put it forward reads it."),
    )


class ReasonForm(FlaskForm):
    """Why a proposal is put forward."""

    reason = TextAreaField(
        _l("Reason"),
        [_REQUIRED, validators.Length(max=500)],
        description=_l("Stands on the decision and is read by the second officer."),
    )
