"""The form that adds a photo of an activity."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import RadioField, validators

from tenants.enums import PhotoGround
from weibao.words import choices

REFUSED = _l(
    "Not kept: a photo on which a child can be recognised needs the consent of that child's guardian (Law on the "
    "Protection of Minors, art. 4 and 72; Personal Information Protection Law, art. 31). Say which of the two holds."
)
# What the service answers, for the catalogue.
ANSWERS = (
    _l("Say why this photo may be kept."),
    _l("The photo is too large."),
    _l("Photos are added once the activity has begun."),
    _l("An activity has 6 photos at most. Remove one first."),
)


class PhotoForm(FlaskForm):
    """One photo, and why it may be kept."""

    file = FileField(_l("Photo (JPEG or PNG, up to 6 MB)"), [validators.InputRequired(_l("Choose a photo."))])
    ground = RadioField(
        _l("Why it may be kept"),
        [validators.InputRequired(REFUSED)],
        coerce=lambda value: PhotoGround(value) if value else None,
        choices=choices(PhotoGround),
    )
