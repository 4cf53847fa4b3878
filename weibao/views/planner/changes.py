"""One task of a draft: who does it and who else could; change it by hand, pin it."""

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from scheduling.rules import RuleId
from tenants.enums import DiversionWay
from tenants.errors import DiversionError
from tenants.services import diversions, rosters
from weibao import hx
from weibao.access import me
from weibao.db import db
from weibao.forms.planner import ChangeForm, PinForm
from weibao.planning import Draft, open_draft, planned, standing_of
from weibao.planning.changes import Weighed
from weibao.views import diverted, openings
from weibao.views.planner.common import blueprint, locked, names_of, opened
from weibao.views.planner.task_page import TaskPage
from weibao.views.planner.weighing import weighed_by


@blueprint.get("/<roster_id>/task/<task_id>")
def task(roster_id: str, task_id: str) -> str:
    """A task's page; ``?seat=`` or ``?role=`` asks who else could take a seat or join."""
    page = _page(opened(roster_id), task_id)
    page.seat, page.role = request.args.get("seat"), request.args.get("role")
    openings.draft_listed(roster_id, task_id)
    return hx.render("planner/task.html", "planner/_choice.html", page=page)


@blueprint.post("/<roster_id>/task/<task_id>/consider")
def consider(roster_id: str, task_id: str) -> tuple[str, int]:
    """What a change would cost and break, before it is kept; of the draft that the planner has before them."""
    form = ChangeForm()
    page = _page(open_draft(db.session(), locked(roster_id, form)), task_id, form)
    page.weighed = weighed_by(page)
    status = 200 if page.weighed else 422
    openings.draft_listed(roster_id, task_id)
    return hx.render("planner/task.html", "planner/_change.html", page=page), status


@blueprint.post("/<roster_id>/task/<task_id>/change")
def change(roster_id: str, task_id: str) -> BaseResponse | tuple[str, int]:
    """Keep a change: one against the law or over somebody's limit is refused, others may need the planner's word."""
    form = ChangeForm()
    page = _page(open_draft(db.session(), locked(roster_id, form)), task_id, form)
    page.weighed = weighed_by(page)
    if page.weighed is None or page.refused or (page.broken and not form.anyway.data):
        page.asked_again = page.weighed is not None
        openings.draft_listed(roster_id, task_id)
        answer = render_template("planner/task.html", page=page), 422
        _tell_county(page.weighed)
        return answer
    _keep(page, page.weighed)
    flash(_("Kept. It can be taken back."), "success")
    return hx.redirect(url_for("planner.task", roster_id=roster_id, task_id=task_id))


def _tell_county(weighed: Weighed | None) -> None:
    """A change that was refused because it gives purchased-service staff other work is kept for the county."""
    for violation in weighed.forbidden if weighed else ():
        if violation.rule is RuleId.DEDICATED and violation.person:
            tried = DiversionError(
                diversions.OTHER_WORK, person_id=violation.person, way=DiversionWay.ROSTER, task_id=violation.task
            )
            diverted.keep(tried)


def _page(draft: Draft, task_id: str, form: ChangeForm | None = None) -> TaskPage:
    return TaskPage(draft=draft, names=names_of(draft), task_id=task_id, form=form)


def _keep(page: TaskPage, weighed: Weighed) -> None:
    draft = page.draft
    rosters.change_tasks(
        db.session(),
        me().actor,
        draft.roster,
        {task: planned(draft.problem, row, draft.clock) if row else None for task, row in weighed.changed.items()},
        standing_of(draft.problem, weighed.rows),
        action=page.action,
        details={**page.details, "broken": [violation.rule.value for violation in weighed.effect.broken]},
    )


@blueprint.post("/<roster_id>/pins")
def pins(roster_id: str) -> BaseResponse:
    """Hold or free a task's time, a person, some tasks, or the whole draft."""
    form = PinForm()
    roster = locked(roster_id, form)
    if not form.validate():
        abort(400)
    session, actor, pinned = db.session(), me().actor, bool(form.pinned.data)
    tasks = form.task.data or []
    match form.what.data:
        case "time":
            rosters.pin_time(session, actor, roster, tasks[0] if tasks else "", pinned=pinned)
        case "seat":
            rosters.pin_seat(session, actor, roster, tasks[0] if tasks else "", form.person.data or "", pinned=pinned)
        case "tasks":
            rosters.pin_everything(session, actor, roster, pinned=pinned, task_ids=tasks)
        case "everything":
            rosters.pin_everything(session, actor, roster, pinned=pinned)
    one = form.what.data in {"time", "seat"}
    target = url_for("planner.task", roster_id=roster_id, task_id=tasks[0]) if one else None
    return hx.redirect(target or url_for("planner.draft", roster_id=roster_id))
