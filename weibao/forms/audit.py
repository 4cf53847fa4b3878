"""Search of the audit log."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, validators

from weibao.audit_words import SUBJECTS
from weibao.forms.fields import DayField, FilterForm

GROUPS = (
    ("", _l("Everything")),
    ("child.identity", _l("Identities")),
    *((f"{subject}.", word) for subject, word in SUBJECTS.items()),
)


class AuditFilterForm(FilterForm):
    """By kind, by row, by day; a GET form."""

    kind = SelectField(_l("What"), choices=GROUPS, default="")
    subject = StringField(_l("Row"), [validators.Optional(), validators.Length(max=26)])
    since = DayField(_l("From"), [validators.Optional()])
    until = DayField(_l("Until"), [validators.Optional()])
