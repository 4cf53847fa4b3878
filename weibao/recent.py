"""What somebody opened lately: kinds and ids in the signed session, never a name; forgotten with the log-in."""

from flask import Flask, Response, request, session

SHOWN = 8
_KEY = "recent"
# endpoint -> kind of row and the argument that holds its id
KEPT: dict[str, tuple[str, str]] = {
    "people.show": ("people", "person_id"),
    "homes.edit": ("villages", "village_id"),
    "activities.show": ("activities", "activity_id"),
    "children.show": ("children", "child_id"),
    "planner.draft": ("rosters", "roster_id"),
}


def seen() -> list[tuple[str, str]]:
    """Kinds and ids, the latest first."""
    return [(kind, row_id) for kind, row_id in session.get(_KEY, [])]


def _keep(response: Response) -> Response:
    kept = KEPT.get(request.endpoint or "")
    if kept is not None and request.method == "GET" and response.status_code == 200:
        kind, argument = kept
        this = (kind, str((request.view_args or {})[argument]))
        session[_KEY] = [this, *(held for held in seen() if held != this)][:SHOWN]
    return response


def init_app(app: Flask) -> None:
    """Note what is opened."""
    app.after_request(_keep)
