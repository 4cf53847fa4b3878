"""A child's identity: sealed until a purpose is stated; each opening is written down."""

from flask import Blueprint, flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import Purpose
from tenants.queries import children as queries
from tenants.services import identities
from weibao import hx
from weibao.access import me
from weibao.db import db
from weibao.forms.identity import IdentityForm, PurposeForm
from weibao.login import keyring
from weibao.views.refusals import shown_in

blueprint = Blueprint("identities", __name__, url_prefix="/children/<child_id>/identity")
Answer = str | tuple[str, int] | BaseResponse


@blueprint.get("")
def ask(child_id: str) -> Answer:
    """Ask for the purpose."""
    child = queries.one(db.session(), me().actor, child_id)
    return render_template("identities/ask.html", child=child, form=PurposeForm(), kept=identities.is_kept(child))


@blueprint.post("")
def show(child_id: str) -> Answer:
    """Show the identity, once, for the purpose stated."""
    child, form = queries.one(db.session(), me().actor, child_id), PurposeForm()
    if not form.validate():
        kept = identities.is_kept(child)
        return render_template("identities/ask.html", child=child, form=form, kept=kept), 422
    identity = identities.read(db.session(), me().actor, keyring(), child, Purpose(form.purpose.data))
    return render_template("identities/show.html", child=child, identity=identity, purpose=Purpose(form.purpose.data))


@blueprint.route("/edit", methods=["GET", "POST"])
def edit(child_id: str) -> Answer:
    """Keep an identity; what is there is not shown, so entering replaces all of it."""
    child, form = queries.one(db.session(), me().actor, child_id), IdentityForm()
    if form.validate_on_submit():
        with shown_in(form):
            identities.keep(db.session(), me().actor, keyring(), child, form.identity())
            flash(_("The identity is kept, sealed."), "success")
            return hx.redirect(url_for("children.show", child_id=child.id))
    return render_template("identities/edit.html", child=child, form=form), 422 if form.errors else 200
