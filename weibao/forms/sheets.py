"""The form that sends a spreadsheet."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import validators


class UploadForm(FlaskForm):
    """One workbook."""

    file = FileField(_l("Excel file (.xlsx)"), [validators.InputRequired(_l("Choose a file."))])
