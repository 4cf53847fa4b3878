"""The county's live rows -> scheduling.allocation's problem. Opaque ids alone go across."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from scheduling.allocation import AllocationProblem, Township, Worker, problem_from_json
from scheduling.errors import ProblemError
from tenants.errors import InvalidError
from tenants.models import County, StaffMember
from tenants.models import Township as TownshipRow
from tenants.queries import bars, staffing
from tenants.queries.staffing import Key, WeighedChildren
from tenants.services.allocations import Reading, Wishes
from weibao.allocating import pins
from weibao.allocating.standing import Standing
from weibao.planning.roads import road_minutes

NO_CONTRACT, ON_LEAVE, BARRED = "no_contract", "on_leave", "barred"
MAX_PLACES = 100


def read(session: Session, county_id: str, *, day: date, wishes: Wishes, name: str) -> Reading:
    """What a proposal for a day is worked out from.

    Parameters
    ----------
    session : a county officer's.
    day : the day of the moves: categories, risks, contracts and leave are those of that day.
    name : the problem's id.

    Raises:
        InvalidError: there are no weights or no staff, or a wish cannot be met; ``field`` names it.

    """
    weights = staffing.weights_in_force(session, county_id, day)
    if weights is None:
        raise InvalidError("No table of weights is in force on that day: the county sets one first.", field="moves_on")
    standing, excluded = present(session, county_id, day)
    if not standing:
        raise InvalidError("Nobody of the register is under contract on that day.", field="moves_on")
    classes = staffing.weight_classes(weights.weights)
    children = staffing.children_by_class(session, day, classes)
    problem = _problem(session, county_id, wishes, classes, children, standing, name)
    loose = sum(held.uncategorised for held in children.values())
    return Reading(problem=to_json(problem), excluded=excluded, weights=weights, uncategorised=loose)


def present(session: Session, county_id: str, day: date) -> tuple[list[Standing], list[dict[str, str]]]:
    """Who serves on a day, and who does not and why: barred (art. 62), no contract in force, or on long leave."""
    leave, posted, register = staffing.on_leave(session, day), _posted(session, day), staffing.register(session)
    barred = bars.barred_staff(session, county_id, [staff.id for staff in register])
    here, excluded = list[Standing](), list[dict[str, str]]()
    for staff in register:
        key = posted.get(staff.id, _key(staff))
        why = BARRED if staff.id in barred else _why_not(staff, day, away=key in leave)
        if why:
            excluded.append({"staff": staff.id, "why": why})
        else:
            here.append(Standing(staff=staff, key=key))
    return here, excluded


def _why_not(staff: StaffMember, day: date, *, away: bool) -> str | None:
    if staff.contract_on(day) is None:
        return NO_CONTRACT
    return ON_LEAVE if away else None


def _posted(session: Session, day: date) -> dict[str, Key | None]:
    """Where workers will stand on a day by postings that are decided and have not begun."""
    return {
        p.staff_id: (p.to_township_id, p.to_person_id or "") if p.to_township_id else None
        for p in staffing.ahead(session, until=day)
    }


def _key(staff: StaffMember) -> Key | None:
    return (staff.township_id, staff.person_id or "") if staff.township_id else None


def _problem(
    session: Session,
    county_id: str,
    wishes: Wishes,
    classes: Mapping[str, int],
    children: Mapping[str, WeighedChildren],
    standing: Sequence[Standing],
    name: str,
) -> AllocationProblem:
    places = staffing.townships(session)
    matrix = _commutes(session, session.get_one(County, county_id), standing, places)
    pins.check(standing, places, matrix, wishes, most=wishes.max_staff or MAX_PLACES)
    try:
        return AllocationProblem(
            id=name,
            category_weights=classes,
            townships=tuple(_township(place, children[place.id], wishes) for place in places),
            staff=tuple(_worker(one, skills, places, wishes) for one, skills in _skilled(session, standing)),
            commute_minutes=matrix,
            max_commute_minutes=wishes.max_commute,
            max_moves=wishes.max_moves,
        )
    except ProblemError as error:
        raise InvalidError(_in_words(error)) from None


def _in_words(error: ProblemError) -> str:
    paths = {fault.path for fault in error.faults}
    if "max_moves" in paths:
        return "More workers must move than the limit of moves allows."
    if any(path.endswith("max_staff") for path in paths):
        return "More workers who may not be moved stand in a township than the most allows."
    if any(path.startswith("townships") for path in paths):
        return "A category or risk of a child has no weight in the table in force."
    return "; ".join(str(fault) for fault in error.faults[:3])


def _township(place: TownshipRow, children: WeighedChildren, wishes: Wishes) -> Township:
    return Township(
        id=place.id,
        name=place.id,
        children=children.counts,
        min_staff=wishes.min_staff,
        max_staff=wishes.max_staff or MAX_PLACES,
        skills=dict.fromkeys(wishes.skills, 1),
    )


def _skilled(session: Session, standing: Sequence[Standing]) -> list[tuple[Standing, frozenset[str]]]:
    """Each worker with the skills in the register and in the township's own entry."""
    entered = staffing.skills_of(session, (one.key for one in standing if one.key))
    empty = frozenset[str]()
    return [
        (one, frozenset(one.staff.skills) | (entered.get(one.key, empty) if one.key else empty)) for one in standing
    ]


def _worker(one: Standing, skills: frozenset[str], places: Sequence[TownshipRow], wishes: Wishes) -> Worker:
    """A pin to where they stand holds them there; a pin elsewhere bars every other township."""
    current, pin = one.place, wishes.pins.get(one.staff.id)
    barred = wishes.bars.get(one.staff.id, frozenset())
    if pin is not None and pin != current:
        barred = frozenset(place.id for place in places if place.id != pin)
    movable = pin != current if pin is not None else one.staff.movable
    return Worker(
        id=one.staff.id,
        name=one.staff.id,
        skills=skills,
        current=current,
        movable=movable,
        barred=barred if movable or current not in barred else barred - {current},
    )


def _commutes(
    session: Session, county: County, standing: Sequence[Standing], places: Sequence[TownshipRow]
) -> tuple[tuple[int, ...], ...]:
    """Minutes from home to each seat; who has no known home stands at their township's seat, a new one nowhere: 0."""
    bases = staffing.homes_of(session, (one.key for one in standing if one.key))
    seats = {place.id: (place.lat, place.lon) for place in places}

    def home(one: Standing) -> tuple[float, float] | None:
        if one.staff.home_lat is not None and one.staff.home_lon is not None:
            return one.staff.home_lat, one.staff.home_lon
        return bases.get(one.key, seats[one.key[0]]) if one.key else None

    homes = [home(one) for one in standing]
    return tuple(tuple(road_minutes(county, at, seats[p.id]) if at else 0 for p in places) for at in homes)


def to_json(problem: AllocationProblem) -> dict[str, Any]:
    """The problem in the interchange form (docs/ALLOCATION.md)."""
    return {
        "format": "weibao-allocation-problem/1",
        "id": problem.id,
        "category_weights": dict(problem.category_weights),
        "townships": [
            {
                "id": t.id,
                "name": t.name,
                "children": dict(t.children),
                "min_staff": t.min_staff,
                "max_staff": t.max_staff,
                "skills": dict(t.skills),
            }
            for t in problem.townships
        ],
        "staff": [
            {
                "id": w.id,
                "name": w.name,
                "skills": sorted(w.skills),
                "current": w.current,
                "movable": w.movable,
                "barred": sorted(w.barred),
            }
            for w in problem.staff
        ],
        "commute_minutes": [list(row) for row in problem.commute_minutes],
        "max_commute_minutes": problem.max_commute_minutes,
        "max_moves": problem.max_moves,
    }


def of_json(data: Mapping[str, Any]) -> AllocationProblem:
    """A stored problem."""
    return problem_from_json(dict(data))
