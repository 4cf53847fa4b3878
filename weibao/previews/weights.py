"""What a new table of weights would do to each township, before it is kept: about its load, and the two baselines."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from scheduling.allocation.apportion import largest_remainder, webster
from tenants.queries import staffing
from tenants.services.allocations import Wishes
from weibao.allocating import Load, present
from weibao.previews.estimate import Estimate, Table, weight_of


@dataclass(frozen=True, kw_only=True)
class WeightsEffect:
    """A township on a version's first day: ``then`` by the version, ``now`` by the table that would hold without it.

    ``now`` is None where none would. Weights are estimates.
    """

    now: Load | None
    then: Load


def weights_effects(
    session: Session, county_id: str, children: Mapping[str, Estimate], table: Table, day: date
) -> list[WeightsEffect]:
    """Every township in the order of ``children``, with its staff as they are on the day on which the version begins.

    Staff are those whom a proposal for that day would count, moves that are decided by then among them.

    Parameters
    ----------
    session : a county officer's.
    children : what is guessed of each township; nothing is read of its files beside it.
    table : the version's ``{category: {risk: weight}}``.

    """
    held = staffing.weights_in_force(session, county_id, day)
    standing, _ = present(session, county_id, day)
    posts = [one.key[0] if one.key else None for one in standing]
    before = _loads(children, held.weights, posts) if held else {}
    after = _loads(children, table, posts)
    return [WeightsEffect(now=before.get(township), then=load) for township, load in after.items()]


def _loads(children: Mapping[str, Estimate], table: Table, posts: list[str | None]) -> dict[str, Load]:
    staff = Counter(posts)
    demand = [round(weight_of(one, table)) for one in children.values()]
    least = Wishes().min_staff
    seats = zip(
        largest_remainder(demand, len(posts), least=least), webster(demand, len(posts), least=least), strict=True
    )
    return {
        place: Load(
            township=place,
            children=children[place].files,
            demand=weight,
            staff_now=staff[place],
            remainder=remainder,
            webster=by_webster,
            staff_then=staff[place],
        )
        for place, weight, (remainder, by_webster) in zip(children, demand, seats, strict=True)
    }
