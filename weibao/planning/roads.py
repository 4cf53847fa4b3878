"""Places of a township, and the minutes between them."""

import math

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.problem import Place
from tenants.models import County, Township, Village

SEAT = "seat"
EARTH_KM = 6371.0
STEP = 5


def road_minutes(county: County, a: tuple[float, float], b: tuple[float, float]) -> int:
    """Minutes by road between two points (degrees): great circle times the county's detour, at its road speed.

    Rounded up to five minutes, so that starts fall on times at which people agree to meet.
    """
    if a == b:
        return 0
    lat, other = math.radians(a[0]), math.radians(b[0])
    half = math.sin((other - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(other) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    km = 2 * EARTH_KM * math.asin(math.sqrt(half)) * county.road_detour
    return STEP * math.ceil(km / county.road_kmh * 60 / STEP)


def places_of(
    session: Session, county: County, township_id: str
) -> tuple[tuple[Place, ...], tuple[tuple[int, ...], ...]]:
    township = session.get_one(Township, township_id)
    villages = session.scalars(select(Village).order_by(Village.id)).all()
    places = (
        Place(id=SEAT, name=SEAT, lat=township.lat, lon=township.lon),
        *(Place(id=v.id, name=v.id, lat=v.lat, lon=v.lon) for v in villages),
    )
    spots = [(place.lat, place.lon) for place in places]
    return places, tuple(tuple(road_minutes(county, a, b) for b in spots) for a in spots)
