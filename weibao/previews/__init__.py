"""What a county's decision would do to each township, told before it is kept: of weights, and of a visit rule.

An officer chooses the terms and may look as often as they like, so a number that is counted from files would give away
each hidden one: a weight of 1 for one class counts its children. Nothing here is counted from files: all of it is
worked out from what the county is told of every township anyway (weibao/indicators.py; for weights, the loads that its
desk shows by the table in force), so that no number of looks tells more.

Source: Personal Information Protection Law, art. 6 and 28 (least data, strict protection of children under 14).
"""

from weibao.previews.estimate import Estimate, estimates, from_told, weighed_as_told
from weibao.previews.rules import DAYS, RuleEffect, rule_effects, whole_county
from weibao.previews.weights import WeightsEffect, weights_effects

__all__ = [
    "DAYS",
    "Estimate",
    "RuleEffect",
    "WeightsEffect",
    "estimates",
    "from_told",
    "rule_effects",
    "weighed_as_told",
    "weights_effects",
    "whole_county",
]
