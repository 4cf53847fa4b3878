"""Forms about who takes part in an activity, and what came of it."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField, validators

from tenants.enums import ConsentKind, Society
from tenants.services.participation import RecordFacts
from weibao.forms.fields import ChecksField, DayField, enum_field, whole_number
from weibao.words import choices

# What the services answer, for the catalogue.
ANSWERS = (
    _l("No child of the ledger that you may see has this case code."),
    _l("This child's file is closed."),
    _l("The guardian's consent cannot lie in the future."),
    _l("This child is enrolled already."),
    _l("Attendance is noted once the activity has begun."),
    _l("What came of it is recorded once the activity has begun."),
    _l("A head-count is 0 to 2000."),
    _l("Name who took part: one of the five at least."),
    _l("This activity belongs to no series."),
    _l("Repeat every 1 to 8 weeks."),
)


class EnrolForm(FlaskForm):
    """A child by its case code, with the guardian's consent."""

    case_code = StringField(_l("Case code"), [validators.InputRequired(), validators.Length(max=20)])
    consent = enum_field(_l("Guardian's consent"), ConsentKind)
    consented_on = DayField(_l("Consent given on"), [validators.InputRequired()])


class RecordForm(FlaskForm):
    """Head-counts and who took part."""

    children = whole_number(_l("Children present"), 0, 2000, default=0)
    guardians = whole_number(_l("Guardians present"), 0, 2000, default=0)
    others = whole_number(_l("Others present"), 0, 2000, default=0)
    societies = ChecksField(
        _l("Which of the five societies took part"),
        [validators.InputRequired(_l("Name who took part: one of the five at least."))],
        coerce=Society,
        choices=choices(Society),
    )
    note = TextAreaField(
        _l("Note"),
        [validators.Length(max=500)],
        description=_l("Nothing about a single child: it belongs to the file."),
    )

    def facts(self) -> RecordFacts:
        """What was entered."""
        return RecordFacts(
            children=self.children.data,
            guardians=self.guardians.data,
            others=self.others.data,
            societies=self.societies.data,
            note=self.note.data or "",
        )
