"""Log-in, passwords, second factor, invitations."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, SelectField, StringField, validators

from tenants.enums import AccountRole
from weibao.forms.fields import text_or_none

# What the service answers, for the catalogue; the texts are shown through gettext.
ANSWERS = (
    _l("The account of purchased-service staff follows them to their next post."),
    _l("There is no such person in the township."),
    _l("This person has an account already."),
)
_FILLED = validators.InputRequired(_l("Please fill this in."))


class LoginForm(FlaskForm):
    """User name and password; ``next`` is where the visitor was going."""

    username = StringField(_l("User name"), [_FILLED, validators.Length(max=60)])
    password = PasswordField(_l("Password"), [_FILLED, validators.Length(max=200)])
    next = HiddenField()


class CodeForm(FlaskForm):
    """The six digits of an authenticator app."""

    code = StringField(
        _l("Code from the app"), [_FILLED, validators.Regexp(r"^\s*\d{3}\s?\d{3}\s*$", message=_l("Six digits."))]
    )
    next = HiddenField()

    @property
    def digits(self) -> str:
        """The code without spaces."""
        return "".join((self.code.data or "").split())


class NewPasswordForm(FlaskForm):
    """A password, twice."""

    password = PasswordField(_l("New password"), [_FILLED], description=_l("At least 10 characters."))
    again = PasswordField(
        _l("New password, again"), [_FILLED, validators.EqualTo("password", _l("The two passwords differ."))]
    )


class ChangePasswordForm(NewPasswordForm):
    """The same, after the present one."""

    present = PasswordField(_l("Present password"), [_FILLED, validators.Length(max=200)])


class PersonForm(FlaskForm):
    """Whose account it is."""

    person_id = SelectField(_l("Person"), coerce=text_or_none)


class InvitationForm(FlaskForm):
    """A new account; the person sets the password by a one-time link."""

    username = StringField(
        _l("User name"),
        [
            _FILLED,
            validators.Length(min=3, max=60),
            validators.Regexp(r"^[\w.@-]+$", message=_l("Letters, digits, and . @ - _ alone.")),
        ],
    )
    display_name = StringField(_l("Name"), [_FILLED, validators.Length(max=60)])
    role = SelectField(_l("Role"), coerce=AccountRole)
    township_id = SelectField(_l("Township"), coerce=text_or_none)  # not on the page where there is none to choose
    person_id = SelectField(_l("Person"), coerce=text_or_none)
