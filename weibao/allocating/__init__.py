"""The bridge of the county's desk: staff, children, contracts -> the allocation problem; its answer -> loads and moves.

The solver itself runs in the worker (weibao/county_jobs.py); nothing here loads OR-Tools.
"""

from weibao.allocating.outlook import Load, Outlook, Point, outlook_of, points_of
from weibao.allocating.problem import Standing, of_json, present, read

__all__ = [
    "Load",
    "Outlook",
    "Point",
    "Standing",
    "of_json",
    "outlook_of",
    "points_of",
    "present",
    "read",
]
