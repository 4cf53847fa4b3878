"""The one bridge: a township's rows -> scheduling.Problem, and a scheduling.Roster -> rows.

Times become integer minutes since local midnight of the period's first day. No name, address or risk of a child goes
across: tasks and people are known to the scheduler by their opaque ids alone.
"""

from weibao.planning.clock import Clock, clock_of
from weibao.planning.drafts import Draft, open_draft, weights_of
from weibao.planning.plan import assignments_of, plan_of, planned, standing_of
from weibao.planning.problem import build_problem
from weibao.planning.standing import Standing, standing_of_weeks
from weibao.planning.tasks import coming_activities, due_visits

__all__ = [
    "Clock",
    "Draft",
    "Standing",
    "assignments_of",
    "build_problem",
    "clock_of",
    "coming_activities",
    "due_visits",
    "open_draft",
    "plan_of",
    "planned",
    "standing_of",
    "standing_of_weeks",
    "weights_of",
]
