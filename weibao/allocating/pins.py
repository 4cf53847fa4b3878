"""Workers held by hand: what cannot be held is refused before a proposal is worked out, and none is let go silently.

The problem's form bars a held worker from every other township, which leaves "no post" open to the solver; so whether
all can stand where they are held is counted here.
"""

from collections.abc import Mapping, Sequence

from tenants.errors import InvalidError, Named
from tenants.models import Township
from tenants.services.allocations import Wishes
from weibao.allocating.standing import Standing

Posts = Mapping[str, str | None]


def check(
    standing: Sequence[Standing],
    places: Sequence[Township],
    matrix: Sequence[Sequence[int]],
    wishes: Wishes,
    *,
    most: int,
) -> None:
    """Refuse pins that no allocation can keep. ``matrix`` is in minutes, ``most`` the workers of one township.

    Raises:
        InvalidError: a way, the places of a township or the moves do not allow them; workers and township are named.

    """
    _check_ways(standing, places, matrix, wishes)
    if not any(one.staff.id in wishes.pins for one in standing):
        return
    for place in places:
        _check_places(standing, place, wishes, most)
    _check_moves(standing, places, wishes, most)


def unmet(pins: Mapping[str, str], posts: Posts) -> list[str]:
    """Who is held by hand and would not stand there; whoever is not in the allocation does not count."""
    return [staff for staff, place in pins.items() if staff in posts and posts[staff] != place]


def _check_ways(
    standing: Sequence[Standing], places: Sequence[Township], matrix: Sequence[Sequence[int]], wishes: Wishes
) -> None:
    columns = {place.id: column for column, place in enumerate(places)}
    for row, one in enumerate(standing):
        pin = wishes.pins.get(one.staff.id)
        if pin is None or wishes.max_commute is None or one.place == pin:
            continue
        if pin not in columns or matrix[row][columns[pin]] > wishes.max_commute:
            raise InvalidError("A worker is held at a township that lies beyond the limit of the way.", field="pins")


def _check_places(standing: Sequence[Standing], place: Township, wishes: Wishes, most: int) -> None:
    pinned = [one for one in standing if wishes.pins.get(one.staff.id) == place.id]
    fixed = [one for one in standing if _stays(one, wishes) and one.place == place.id]
    if pinned and len(pinned) + len(fixed) > most:
        raise InvalidError(
            "Held by hand or not movable at %(place)s: %(workers)s. The most workers of a township are %(most)s.",
            field="max_staff",
            facts={"place": _named(place), "workers": _names([*pinned, *fixed]), "most": most},
        )


def _check_moves(standing: Sequence[Standing], places: Sequence[Township], wishes: Wishes, most: int) -> None:
    moving = [one for one in standing if one.place and wishes.pins.get(one.staff.id) not in {None, one.place}]
    needed = len(moving) + _making_room(standing, places, wishes, most)
    if moving and wishes.max_moves is not None and needed > wishes.max_moves:
        raise InvalidError(
            "To hold %(workers)s where you want them takes %(number)s moves, and the limit is %(most)s.",
            field="max_moves",
            facts={"workers": _names(moving), "number": needed, "most": wishes.max_moves},
        )


def _making_room(standing: Sequence[Standing], places: Sequence[Township], wishes: Wishes, most: int) -> int:
    """How many who are not held must leave: where they are barred, or where the places do not do for all."""
    free = [one for one in standing if one.staff.id not in wishes.pins and one.place]
    barred = [one for one in free if one.staff.movable and one.place in wishes.bars.get(one.staff.id, ())]
    over = 0
    for place in places:
        held = sum(wishes.pins.get(one.staff.id) == place.id for one in standing)
        over += max(0, held + sum(one.place == place.id and one not in barred for one in free) - most)
    return len(barred) + over


def _stays(one: Standing, wishes: Wishes) -> bool:
    return not one.staff.movable and one.staff.id not in wishes.pins


def _names(standing: Sequence[Standing]) -> tuple[Named, ...]:
    return tuple(Named(name=one.staff.name, name_en=one.staff.name_en) for one in standing)


def _named(place: Township) -> Named:
    return Named(name=place.name, name_en=place.name_en)
