"""When people are free and what they wish: their own page, and the station's for everybody."""

import weibao.views.availability.holidays
import weibao.views.availability.week
import weibao.views.availability.wishes  # noqa: F401 -- each puts its views on the blueprint
from weibao.views.availability.common import blueprint

__all__ = ["blueprint"]
