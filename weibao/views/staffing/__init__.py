"""The county's desk for purchased-service staff: who serves which township, contracts, weights, use of time."""

import weibao.views.staffing.decisions
import weibao.views.staffing.proposals
import weibao.views.staffing.register
import weibao.views.staffing.weights
import weibao.views.staffing.work  # noqa: F401 -- each puts its views on the blueprint
from weibao.views.staffing.common import blueprint

__all__ = ["blueprint"]
