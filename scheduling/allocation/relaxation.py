"""Bounds of a programme by linear relaxation: multipliers come in floating point, the proof is in integers.

Any multipliers bound the least value from below (Lagrangian relaxation; Geoffrion, 1974, doi:10.1007/BFb0120690), so
those of the linear programme may be rounded; a column that costs more than lies between bound and best is fixed.
"""

import math
from dataclasses import dataclass

import numpy as np

from scheduling.allocation.engines import multipliers
from scheduling.allocation.programme import FAR, Aim, Ints, Programme, Row

FINEST, BITS = 50, 58
MOST_ROWS = 256
"""No column stands in more rows that have a price: its own, its township's, the skills asked, the aims held."""


@dataclass(frozen=True, kw_only=True)
class Relaxation:
    """``bound`` and ``reduced`` costs, both times ``scale``."""

    programme: Programme
    bound: int
    reduced: Ints
    scale: int

    @property
    def least(self) -> int:
        """No value of the aim is below it."""
        return -(-self.bound // self.scale)

    def below(self, value: int) -> Programme:
        """The programme without what cannot be in any solution of at most this value."""
        room = max(0, value * self.scale - self.bound)
        lower, upper = self.programme.lower, self.programme.upper
        open_steps = min(room, FAR) // np.maximum(1, np.abs(self.reduced))
        steps = np.minimum(upper - lower, open_steps)
        return self.programme.within(
            lower=np.where(self.reduced < 0, upper - steps, lower),
            upper=np.where(self.reduced > 0, lower + steps, upper),
        )


def relax(programme: Programme, aim: Aim, seconds: float) -> Relaxation | None:
    """The bound by the linear programme's multipliers; None if they were not found in time."""
    found = multipliers(programme, aim, seconds)
    if found is None:
        return None
    priced = list(zip(found, programme.rows, strict=True))
    scale = _scale(aim, priced)
    reduced, bound = aim.cost * scale, aim.base * scale
    for multiplier, row in priced:
        price = _signed(round(multiplier * scale), row)
        if price:
            reduced[row.columns] -= price * row.factors
            bound += price * (row.least if price > 0 else row.most)
    ends = np.where(reduced > 0, programme.lower, programme.upper)
    bound += sum(map(int, (reduced * ends).tolist()))
    return Relaxation(programme=programme, bound=bound, reduced=reduced, scale=scale)


def _signed(price: int, row: Row) -> int:
    """A price on a side without a limit proves nothing."""
    unlimited = row.least == -FAR if price > 0 else row.most == FAR
    return 0 if unlimited else price


def _scale(aim: Aim, priced: list[tuple[float, Row]]) -> int:
    """As fine as 64 bits allow for a column's reduced cost: the price of a row of large factors is tiny."""
    heaviest = max((abs(price) * int(np.abs(row.factors).max(initial=0)) for price, row in priced), default=0.0)
    largest = 1 + int(np.abs(aim.cost).max(initial=0)) + heaviest * MOST_ROWS
    return 1 << max(0, min(FINEST, BITS - math.ceil(math.log2(largest))))
