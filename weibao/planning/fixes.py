"""The smallest things that would let an open task be served, and what one of them comes to in the roster."""

from scheduling.explain.fixes import BY_ROWS_ALONE, Fix, with_fix
from scheduling.explain.unserved import why_unserved
from tenants.errors import InvalidError
from weibao.planning.changes import Weighed, weighed_rows
from weibao.planning.drafts import Draft


def name_of(fix: Fix) -> str:
    """What a form calls a fix that changes nothing but the roster; empty for one that asks for more."""
    return f"{fix.idea.kind.value}:{fix.idea.other}" if fix.idea.kind in BY_ROWS_ALONE else ""


def weigh_fix(draft: Draft, task_id: str, name: str) -> tuple[Fix, Weighed]:
    """A fix of an open task by its name, and what it would break and cost.

    Raises:
        InvalidError: the draft has changed so that it is no way any more.

    """
    open_still = task_id in draft.problem.task_of and task_id not in draft.row_of
    fixes = why_unserved(draft.problem, draft.rows, task_id).fixes if open_still and name else ()
    fix = next((fix for fix in fixes if name_of(fix) == name), None)
    if fix is None:
        raise InvalidError("this is no way to serve it any more: look at the ways that there are now", field="fix")
    return fix, weighed_rows(draft.problem, draft.rows, with_fix(draft.rows, fix))
