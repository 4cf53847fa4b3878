"""What the owner of a calendar address chooses."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField

ALARMS = (
    ("", _l("No reminder")),
    ("30", _l("30 minutes before")),
    ("60", _l("1 hour before")),
    ("120", _l("2 hours before")),
    ("1440", _l("1 day before")),
)
LANGUAGES = (("", _l("As in my account")), ("zh", "中文"), ("en", "English"))


class FeedForm(FlaskForm):
    """A reminder, and the language of the feed; a home's speaks to families, not to who has an account."""

    alarm = SelectField(_l("Reminder"), choices=ALARMS, default="")
    language = SelectField(_l("Language of the calendar"), choices=LANGUAGES, default="")

    @classmethod
    def of_home(cls, **kwargs: Any) -> "FeedForm":
        """Without an account whose language could hold."""
        form = cls(**kwargs)
        form.language.choices = LANGUAGES[1:]
        return form
