"""Forms about periods, disposals, holds and consent."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField, validators

from tenants.enums import ConsentGiver, ConsentPurpose, DisposalStep, HoldKind
from tenants.services.consents import ConsentTerms
from tenants.services.retention import LONGEST, PeriodTerms
from weibao.forms.fields import ChecksField, DayField, enum_field, whole_number
from weibao.words import choices

# What the services answer, for the catalogue; the texts are shown through gettext.
ANSWERS = (
    _l("A consent cannot be withdrawn before it was given."),
    _l("A file is anonymised before it is erased, or on the same day."),
    _l("A period is 0 to 600 months; leave it empty for never."),
    _l("Choose 1 to 500 files."),
    _l("Choose one purpose at least."),
    _l("Enter the name of who signed."),
    _l("For a child under 14 a parent or other guardian signs."),
    _l("Name the decision or document that sets this period."),
    _l("One of the two people must be the station's head."),
    _l("One of these files is not due, is held or is proposed already."),
    _l("One of these purposes is agreed to already."),
    _l("State the reason, in 200 characters at most."),
    _l("This file is anonymised: nothing is entered any more."),
    _l("This file is anonymised: there is nothing left to hold."),
    _l("This proposal is decided already."),
    _l("Whoever proposed it cannot approve it: ask another person of the station."),
    _l("One of the two made a one-time link for the other's account within 7 days: ask a third person, or wait."),
)
_REQUIRED = validators.InputRequired()


class PeriodForm(FlaskForm):
    """The county's periods for one category, and where they are decided."""

    close = whole_number(_l("Close after"), 0, LONGEST, required=False)
    anonymise = whole_number(_l("Anonymise after"), 0, LONGEST, required=False)
    erase = whole_number(_l("Erase after"), 0, LONGEST, required=False)
    decided_on = DayField(_l("Decided on"), [_REQUIRED])
    source = StringField(
        _l("Decided by"), [_REQUIRED, validators.Length(max=200)],
        description=_l("The decision or document that sets this period."),
    )  # fmt: skip

    def terms(self) -> PeriodTerms:
        """What was entered."""
        return PeriodTerms(
            close=self.close.data,
            anonymise=self.anonymise.data,
            erase=self.erase.data,
            decided_on=self.decided_on.data,
            source=self.source.data or "",
        )


class ProposalForm(FlaskForm):
    """Files of the preview, for one step."""

    step = SelectField(coerce=DisposalStep, choices=choices(DisposalStep))
    files = SelectMultipleField(validate_choice=False)


class HoldForm(FlaskForm):
    """Why a file must stay as it is."""

    kind = enum_field(_l("Kind"), HoldKind)
    reason = StringField(
        _l("Reason"), [_REQUIRED, validators.Length(max=200)],
        description=_l("No names, addresses or phone numbers. It goes when the file goes."),
    )  # fmt: skip


class ConsentForm(FlaskForm):
    """A signed form."""

    purposes = ChecksField(_l("Agreed to"), coerce=ConsentPurpose, choices=choices(ConsentPurpose))
    given_on = DayField(_l("Signed on"), [_REQUIRED])
    given_by = enum_field(_l("Signed by"), ConsentGiver)
    giver = StringField(
        _l("Name of who signed"), [_REQUIRED, validators.Length(max=60)],
        description=_l("Kept encrypted."),
    )  # fmt: skip
    form_kept_at = StringField(
        _l("Where the paper lies"), [validators.Length(max=80)], description=_l("Cabinet, folder and page.")
    )

    def terms(self) -> ConsentTerms:
        """What was entered."""
        return ConsentTerms(
            purposes=self.purposes.data or [],
            given_on=self.given_on.data,
            given_by=self.given_by.data,
            giver=self.giver.data or "",
            form_kept_at=self.form_kept_at.data or "",
        )


class WithdrawalForm(FlaskForm):
    """The day on which a consent was withdrawn."""

    withdrawn_on = DayField(_l("Withdrawn on"), [_REQUIRED])
