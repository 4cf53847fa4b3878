"""What is shown of a child's file or of a sealed text, written down before it is shown.

The lines are written in a transaction of their own: whoever is refused a change is shown the file beside the refusal,
and the request's transaction is rolled back then. Every view that shows such a thing beside a refusal comes by here.
"""

from tenants.crypto import Shown
from tenants.queries import children, concerns
from tenants.queries.children import ChildFilter
from tenants.services import audit_log, day_needs
from tenants.services import concerns as concern_texts
from weibao.access import me
from weibao.db import apart
from weibao.login import keyring


def file_opened(child_id: str) -> None:
    """A child's page.

    Raises:
        NotFoundError: there is no such file, or it is not the user's to see.

    """
    actor = me().actor
    with apart(me().scope) as own:
        child = children.one(own, actor, child_id)
        audit_log.record(own, actor, "child.read", "child", child.id)


def ledger_listed(wanted: ChildFilter, *, page: int, files: int) -> None:
    """A page of the ledger: how it was narrowed and how many files it shows, none of them by name.

    What was searched for is not kept, for it may be a name.
    """
    narrowed = {
        "village": wanted.village_id,
        "category": wanted.category and wanted.category.value,
        "risk": wanted.risk and wanted.risk.value,
        "overdue": wanted.overdue or None,
        "closed": wanted.closed,
        "searched": bool(wanted.text.strip()) or None,
    }
    facts = {key: value for key, value in narrowed.items() if value is not None}
    with apart(me().scope) as own:
        audit_log.record(own, me().actor, "child.list", "child", details={**facts, "page": page, "files": files})


def village_listed(village_id: str, *, files: int) -> None:
    """A child director's page of the visits that are due in the village, by pseudonym."""
    with apart(me().scope) as own:
        audit_log.record(own, me().actor, "child.list", "child", details={"village": village_id, "files": files})


def draft_listed(roster_id: str, task_id: str | None = None) -> None:
    """A draft's page, or that of one of its tasks: visits by case code and pseudonym."""
    facts = {"roster": roster_id} | ({"task": task_id} if task_id else {})
    with apart(me().scope) as own:
        audit_log.record(own, me().actor, "child.list", "child", details=facts)


def concern_text(concern_id: str) -> Shown:
    """The text of a concern, opened.

    Raises:
        NotFoundError: there is no such concern, or it is not the user's to open.

    """
    with apart(me().scope) as own:
        concern = concerns.one(own, me().actor, concern_id)
        return concern_texts.read(own, me().actor, keyring(), concern)


def day_note(visit_id: str) -> Shown:
    """The note that the station has sealed for a visit's day, opened; "" where there is none.

    Raises:
        NotFoundError: there is no such visit.

    """
    with apart(me().scope) as own:
        return day_needs.read_note(own, me().actor, keyring(), day_needs.visit_of(own, visit_id))
