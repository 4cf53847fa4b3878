"""Proofs and bounds by OR-Tools; importing this package costs nothing, OR-Tools comes with the first call.

Four verbs, each returning what it has when ``should_stop()`` is true or ``seconds`` (wall time, building included)
are over. Rosters go in and out as sequences of Assignment; none of the verbs explains unserved tasks.

``solve_exact`` puts the whole problem in one model: medium first, then soft. For problems of about 15 tasks with a good
hint it proves the optimum in well under a second. ``cover`` serves open tasks by changing few others, or proves by
small parts that they must stay open. ``soft_bound`` is a proven lower bound on soft over all rosters of a medium, by
column generation over one person's trips. ``prove`` closes the gap that is left: every trip that a better roster could
have, and one exact choice among them. Callbacks may come from another thread.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scheduling.cpsat.closing import Proof, prove
    from scheduling.cpsat.clusters import Cover, cover
    from scheduling.cpsat.columns import soft_bound
    from scheduling.cpsat.model import ExactResult, solve_exact

__all__ = ["Cover", "ExactResult", "Proof", "cover", "prove", "soft_bound", "solve_exact"]

_HOME = {
    "Cover": "clusters",
    "ExactResult": "model",
    "Proof": "closing",
    "cover": "clusters",
    "prove": "closing",
    "soft_bound": "columns",
    "solve_exact": "model",
}


def __getattr__(name: str) -> Any:
    """Import the module of a public name when it is first asked for (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
