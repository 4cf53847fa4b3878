"""The planner's way: choose a period, plan it, correct the draft, publish it."""

import weibao.views.planner.changes
import weibao.views.planner.drafts
import weibao.views.planner.history
import weibao.views.planner.publication
import weibao.views.planner.runs
import weibao.views.planner.ways  # noqa: F401 -- each puts its views on the blueprint
from weibao.views.planner.common import blueprint

__all__ = ["blueprint"]
