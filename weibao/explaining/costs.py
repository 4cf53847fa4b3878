"""What a plan costs, term by term, in words."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from scheduling.roster import Score
from weibao.say import _

TERMS: dict[str, LazyString] = {
    "travel": _l("Minutes on the road"),
    "late": _l("Days after the due day"),
    "stranger": _l("Visits without a familiar face"),
    "fairness": _l("Uneven load among volunteers"),
    "want": _l("Wishes granted"),
    "avoid": _l("Duties that people would rather not have"),
    "open_slot": _l("Places left open that could be filled"),
    "change": _l("People who lose a published duty"),
    "move": _l("Published duties that move"),
}


def by_term(costs: Mapping[str, int]) -> list[tuple[LazyString, int]]:
    """Terms that count, the dearest first."""
    counted = [(TERMS[term], cost) for term, cost in costs.items() if cost]
    return sorted(counted, key=lambda pair: -abs(pair[1]))


def bound_in_words(score: Score, bound: Score | None) -> str:
    """How far the plan may be from the best one."""
    if bound is None:
        return _("How much better a plan could be is not known yet.")
    if bound == score:
        return _("Proven: there is no better plan.")
    if bound.medium < score.medium:
        return _("More might still be served; that is not proven either way yet.")
    if score.soft <= 0 or bound.soft <= 0:  # wishes granted make a cost negative: there is no part of it to save
        return _("No more can be served; how much less it could cost is not proven yet.")
    share = 100 * (score.soft - bound.soft) / score.soft
    if share < 1:
        return _("No more can be served, and the cost is within 1 % of the best possible.")
    return _("No more can be served; at most %(share)d %% of the cost could still be saved.", share=round(share))
