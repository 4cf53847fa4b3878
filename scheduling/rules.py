"""The stable ids of the hard rules (FORMAT, "What must hold") and of a roster's own bookkeeping.

An id stands in the docstring of each constraint that enforces it, in the audit, and in the name of its test.
"""

from enum import StrEnum


class RuleId(StrEnum):
    """What a roster can break; the number is the rule's number in FORMAT, the words say which half of it."""

    WINDOW = "R1_window"
    ROLE_COUNT = "R2_role_count"
    TWICE = "R2_twice"
    KIND = "R2_kind"
    SKILL = "R2_skill"
    VETTING = "R3_vetting"
    AVAILABILITY = "R4_availability"
    TRAVEL = "R4_travel"
    RETURN = "R4_return"
    DAY_MINUTES = "R5_day_minutes"
    WEEK_MINUTES = "R5_week_minutes"
    DAY_TASKS = "R5_day_tasks"
    BARRED = "R6_barred"
    DEDICATED = "R7_dedicated"
    GENDER = "R8_gender"
    AFTER = "R9_after"
    PIN = "R10_pin"
    UNKNOWN = "B_unknown"
    DUPLICATE = "B_duplicate"
    PROBLEM = "B_problem"
    LISTED = "B_listed"
    REASON = "B_reason"
    SCORE = "B_score"
    BOUND = "B_bound"
    STATUS = "B_status"
