"""What a new table of weights would do to each township, before it is kept: its load, and the two baselines."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from scheduling.allocation.apportion import largest_remainder, webster
from tenants.queries import staffing
from tenants.services.allocations import Wishes
from weibao.allocating.outlook import Load
from weibao.allocating.problem import present

Table = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, kw_only=True)
class WeightsEffect:
    """A township on a version's first day: ``then`` by the version, ``now`` by the table that would hold without it.

    ``now`` is None where none would.
    """

    now: Load | None
    then: Load


def weights_effects(session: Session, county_id: str, table: Table, day: date) -> list[WeightsEffect]:
    """Every township by name, its children and staff as they are on the day on which the version begins.

    Staff are those whom a proposal for that day would count, moves that are decided by then among them.

    Parameters
    ----------
    session : a county officer's.
    table : the version's ``{category: {risk: weight}}``.

    """
    held = staffing.weights_in_force(session, county_id, day)
    standing, _ = present(session, day)
    posts = [one.key[0] if one.key else None for one in standing]
    before = _loads(session, day, held.weights, posts) if held else {}
    after = _loads(session, day, table, posts)
    return [WeightsEffect(now=before.get(township), then=load) for township, load in after.items()]


def _loads(session: Session, day: date, table: Table, posts: list[str | None]) -> dict[str, Load]:
    weights, staff = staffing.weight_classes(table), Counter(posts)
    children = staffing.children_by_class(session, day, weights)
    order = [place.id for place in staffing.townships(session)]  # as a proposal has them: ties go to the first
    demand = [sum(weights[name] * count for name, count in children[place].counts.items()) for place in order]
    least = Wishes().min_staff
    seats = zip(
        largest_remainder(demand, len(posts), least=least), webster(demand, len(posts), least=least), strict=True
    )
    return {
        place: Load(
            township=place,
            children=sum(children[place].counts.values()),
            demand=weight,
            staff_now=staff[place],
            remainder=remainder,
            webster=by_webster,
            staff_then=staff[place],
        )
        for place, weight, (remainder, by_webster) in zip(order, demand, seats, strict=True)
    }
