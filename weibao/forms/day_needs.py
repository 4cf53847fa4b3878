"""What a visit's team needs on its day."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField, validators

from tenants.fields import MARKABLE, Fact
from weibao.forms.fields import ChecksField

WORDS = {
    Fact.ADDRESS: _l("Address"),
    Fact.GUARDIAN_PHONE: _l("Guardian's phone"),
    Fact.DAY_NOTE: _l("Note from the station"),
}
# What the service answers, for the catalogue; the texts are shown through gettext.
ANSWERS = (
    _l("This fact is never given to a team."),
    _l("The note may have 300 characters at most."),
)


class DayNeedsForm(FlaskForm):
    """Facts of the child's identity, and a note; both are shown on the visit's day alone."""

    facts = ChecksField(
        _l("Show on the day"),
        coerce=Fact,
        choices=[(fact.value, WORDS[fact]) for fact in MARKABLE if fact is not Fact.DAY_NOTE],
    )
    note = TextAreaField(
        _l("Note from the station"),
        [validators.Length(max=300)],
        description=_l("For example: blue gate behind the school; call before coming. Kept encrypted."),
    )
