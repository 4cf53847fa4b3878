"""From when to when somebody cannot come."""

from flask_babel import lazy_gettext as _l
from wtforms import validators

from weibao.forms.fields import DayField, FilterForm

# What the services answer, for the catalogue; the texts are shown through gettext.
ANSWERS = (
    _l("must lie within a year from now"),
    _l("The last day cannot come before the first."),
    _l("An absence has 180 days at most. Whoever stays away longer is made inactive."),
    _l("This absence is taken back already."),
    _l("This version is withdrawn already."),
    _l("The reason has 4 to 300 characters."),
)


class AbsenceForm(FilterForm):
    """Two days; they are looked at by their address first, and sent with the page's own token then."""

    from_day = DayField(_l("First day"), [validators.InputRequired()])
    to_day = DayField(_l("Last day"), [validators.InputRequired()])
