"""A child's file for the county: asked for by case code and purpose, shown once, written down."""

from flask import Blueprint, render_template

from tenants.enums import Purpose
from tenants.errors import InvalidError
from tenants.queries import children
from tenants.queries import county as queries
from tenants.services import county_files
from weibao.access import me
from weibao.db import db
from weibao.forms.county_file import CountyFileForm
from weibao.login import keyring
from weibao.views.refusals import put, said

blueprint = Blueprint("county_files", __name__, url_prefix="/county/townships/<township_id>/file")


@blueprint.get("")
def ask(township_id: str) -> str:
    """Ask for the code and the purpose."""
    return _asked(township_id, CountyFileForm())


def _asked(township_id: str, form: CountyFileForm) -> str:
    place = queries.township(db.session(), township_id)
    return render_template("county_files/ask.html", township=place, form=form)


@blueprint.post("")
def show(township_id: str) -> str | tuple[str, int]:
    """Show the file, once, for the purpose stated."""
    session, form = db.session(), CountyFileForm()
    place = queries.township(session, township_id)
    if not form.validate():
        return _asked(township_id, form), 422
    purpose = Purpose(form.purpose.data)
    try:
        child = county_files.open_file(
            session, me().actor, keyring(), place.id, form.case_code.data, purpose=purpose, words=form.words.data
        )
    except InvalidError as error:
        put(form, error.field, said(error))
        return _asked(township_id, form), 422
    visits = children.visits_of(session, child)
    return render_template("county_files/show.html", township=place, child=child, visits=visits, purpose=purpose)
