"""A child's identity: what it is opened for, and its facts."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField, validators

from tenants.enums import Purpose
from tenants.services.identities import Identity
from weibao.words import choices


class PurposeForm(FlaskForm):
    """Why the identity is opened; the answer is written down."""

    purpose = RadioField(
        _l("Purpose"), [validators.InputRequired(_l("Please state a purpose."))], choices=choices(Purpose)
    )


class IdentityForm(FlaskForm):
    """The facts; an empty field is a fact that is not kept (least data)."""

    name = StringField(_l("Name"), [validators.Length(max=60)])
    id_number = StringField(_l("ID number"), [validators.Length(max=20)])
    address = TextAreaField(_l("Address"), [validators.Length(max=200)])
    guardian_phone = StringField(_l("Guardian's phone"), [validators.Length(max=30)])

    def identity(self) -> Identity:
        """What was entered."""
        return Identity(
            name=self.name.data or "",
            id_number=self.id_number.data or "",
            address=self.address.data or "",
            guardian_phone=self.guardian_phone.data or "",
        )
