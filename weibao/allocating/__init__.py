"""The bridge of the county's desk: staff, children, contracts -> the allocation problem; its answer -> loads and moves.

The solver itself runs in the worker (weibao/county_jobs.py); nothing here loads OR-Tools.
"""

from weibao.allocating.outlook import Load, Outlook, Point, Side, outlook_of, points_of
from weibao.allocating.pins import unmet
from weibao.allocating.problem import of_json, present, read
from weibao.allocating.standing import Standing

__all__ = [
    "Load",
    "Outlook",
    "Point",
    "Side",
    "Standing",
    "of_json",
    "outlook_of",
    "points_of",
    "present",
    "read",
    "unmet",
]
