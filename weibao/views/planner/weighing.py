"""What a change by hand comes to before it is kept, from the form's words; and how the log will tell it."""

from scheduling.explain.change import Change, ChangeKind
from scheduling.problem import DAY
from tenants.errors import InvalidError
from tenants.models import utc_now
from weibao.forms.planner import FIX, SWAP, ChangeForm
from weibao.planning import Clock
from weibao.planning.changes import Weighed, need_day, weigh, weigh_swap
from weibao.planning.fixes import weigh_fix
from weibao.views.planner.task_page import TaskPage
from weibao.views.refusals import put, said


def weighed_by(page: TaskPage) -> Weighed | None:
    """What the form's change comes to; None where the form is at fault, which then says so."""
    form = page.form
    if form is None or not form.validate():
        return None
    ways = {SWAP: _swap, FIX: _fix}
    try:
        return ways.get(form.kind.data or "", _change)(page, form)
    except InvalidError as error:
        put(form, error.field, said(error))
        return None


def _swap(page: TaskPage, form: ChangeForm) -> Weighed:
    task, _colon, person = (form.swap.data or "").partition(":")
    mine = form.person.data or ""
    page.action = "roster.swap"
    page.details = {"task": page.task_id, "person": mine, "other": task, "by": person}
    if not person:
        raise InvalidError("choose the place of somebody else", field="swap")
    return weigh_swap(page.draft.problem, page.draft.rows, (page.task_id, mine), (task, person))


def _fix(page: TaskPage, form: ChangeForm) -> Weighed:
    fix, weighed = weigh_fix(page.draft, page.task_id, form.fix.data or "")
    idea, people = fix.idea, [seat.person for seat in fix.row.people]
    facts = {"other": idea.other, "start": idea.start, "person": idea.person, "by": idea.by}
    said = {name: value for name, value in facts.items() if value is not None}
    page.action = "roster.fix"
    page.details = {"task": page.task_id, "idea": idea.kind.value, "people": people, **said}
    return weighed


def _change(page: TaskPage, form: ChangeForm) -> Weighed:
    changes = _changes(form, page)
    weighed = weigh(page.draft.problem, page.draft.rows, changes)
    put_in = page.task_id not in page.draft.row_of
    page.action = "roster.put_in" if put_in else f"roster.{form.kind.data}"
    page.details = {"task": page.task_id, **_details(changes, put_in=put_in)}
    return weighed


def _changes(form: ChangeForm, page: TaskPage) -> list[Change]:
    """The form's change in the scheduler's form; a task that is put in is one change for each of its team.

    Raises:
        InvalidError: the task is to be put in without anybody, or though it is in already; it is to begin on a day
            that the draft does not plan.

    """
    kind, start = ChangeKind(form.kind.data), _start(form, page.draft.clock)
    facts = {"person": form.person.data or None, "by": form.by.data or None, "role": form.role.data or None}
    if kind is ChangeKind.ASSIGN and page.task_id in page.draft.row_of and not form.person.data:
        raise InvalidError("it is in the draft by now: look at its team")
    if kind is not ChangeKind.ASSIGN or page.task_id in page.draft.row_of:
        return [Change(kind=kind, task=page.task_id, start=start, **facts)]
    seats = [seat.partition(":") for seat in form.seat.data or () if seat.partition(":")[2]]
    if not seats:
        raise InvalidError("at least one person is needed", field="seat")
    return [Change(kind=kind, task=page.task_id, start=start, person=who, role=role) for role, _colon, who in seats]


def _start(form: ChangeForm, clock: Clock) -> int | None:
    day, time = form.day.data, form.time.data
    if day is None or time is None:
        return None
    start: int = clock.day(day) * DAY + time.hour * 60 + time.minute
    need_day(clock, start, utc_now())
    return start


def _details(changes: list[Change], *, put_in: bool) -> dict[str, object]:
    """The change for the log: ids and numbers."""
    first = changes[0]
    if put_in:
        return {"start": first.start, "people": [change.person for change in changes]}
    facts = {"person": first.person, "by": first.by, "role": first.role, "start": first.start}
    return {name: value for name, value in facts.items() if value is not None}
