"""Found a county: its townships, villages, Children's Homes and example rules."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import ChildCategory, RiskLevel, TownshipKind, VillageKind
from tenants.errors import ConflictError, InvalidError
from tenants.example_rules import example_rule, example_weights
from tenants.models import County, Home, Township, Village, new_id, utc_now
from tenants.services import audit_log, calendar

NAME_LENGTH, ENGLISH_LENGTH, PHONE_LENGTH = 60, 80, 30


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A name in both languages and a position in degrees.

    Raises:
        InvalidError: a name is empty or too long, or the position lies outside the globe; ``field`` says which.

    """

    name: str
    name_en: str
    lat: float
    lon: float

    def __post_init__(self) -> None:
        """Guard the names and the position."""
        _need_name("name", self.name, NAME_LENGTH)
        _need_name("name_en", self.name_en, ENGLISH_LENGTH)
        for axis, value, most in (("lat", self.lat, 90), ("lon", self.lon, 180)):
            if not -most <= value <= most:
                raise InvalidError(f"must be from -{most} to {most} degrees", field=axis)


@dataclass(frozen=True, kw_only=True)
class VillageSpot(Spot):
    """A village or urban community."""

    kind: VillageKind


@dataclass(frozen=True, kw_only=True)
class TownshipSpot(Spot):
    """A township, the position of its seat, and its villages.

    Raises:
        InvalidError: it has no village, two of the same name, or a telephone number that is too long.

    """

    kind: TownshipKind
    villages: tuple[VillageSpot, ...] = field(default=())
    safety_phone: str | None = None

    def __post_init__(self) -> None:
        """Guard the villages too."""
        super().__post_init__()
        if not self.villages:
            raise InvalidError("must name at least one village", field="villages")
        need_different(self.villages, "villages")
        if self.safety_phone is not None and len(self.safety_phone) > PHONE_LENGTH:
            raise InvalidError(f"must have at most {PHONE_LENGTH} characters", field="safety_phone")


def need_different(spots: Sequence[Spot], name: str) -> None:
    """Refuse a name that stands twice.

    Raises:
        InvalidError: one does; ``field`` is ``name`` with the place of the second one.

    """
    seen: set[str] = set()
    for index, spot in enumerate(spots):
        if spot.name in seen:
            raise InvalidError(f"stands twice: {spot.name}", field=f"{name}[{index}].name")
        seen.add(spot.name)


def create_county(
    session: Session,
    *,
    name: str,
    name_en: str,
    townships: Sequence[TownshipSpot],
    invented: bool = False,
    today: date | None = None,
    ids: Callable[[], str] = new_id,
) -> County:
    """Add a county with everything that a places file says, a Children's Home to each village, and example rules.

    Holidays and school terms are seeded for the years of ``today`` (the present day unless given) and after it.

    Raises:
        InvalidError: a name is empty or too long, or there is no township.
        ConflictError: a county of that name is there already.

    """
    _need_name("name", name, NAME_LENGTH)
    _need_name("name_en", name_en, ENGLISH_LENGTH)
    if not townships:
        raise InvalidError("must name at least one township", field="townships")
    need_different(townships, "townships")
    if session.scalar(select(County.id).where(County.name == name)) is not None:
        raise ConflictError(f"there is a county called {name} already", field="name")
    county = County(id=ids(), name=name, name_en=name_en, invented=invented)
    session.add(county)
    session.flush()
    rules = [example_rule(county.id, category, risk, ids()) for category in ChildCategory for risk in RiskLevel]
    session.add_all([*rules, example_weights(county.id, rules, ids())])
    for spot in townships:
        _add_township(session, county, spot, ids)
    actor = Actor(county_id=county.id)
    calendar.seed(session, actor, today or utc_now().date(), ids)
    audit_log.record(session, actor, "county.create", "county", county.id, details={"townships": len(townships)})
    return county


def _add_township(session: Session, county: County, spot: TownshipSpot, ids: Callable[[], str]) -> None:
    township = Township(
        id=ids(),
        county_id=county.id,
        name=spot.name,
        name_en=spot.name_en,
        kind=spot.kind,
        lat=spot.lat,
        lon=spot.lon,
        safety_phone=spot.safety_phone,
    )
    session.add(township)
    session.flush()
    for place in spot.villages:
        village = Village(
            township_id=township.id,
            id=ids(),
            name=place.name,
            name_en=place.name_en,
            kind=place.kind,
            lat=place.lat,
            lon=place.lon,
        )
        home = Home(township_id=township.id, id=ids(), village_id=village.id, name=f"{place.name}儿童之家")
        session.add_all([village, home])


def _need_name(field_name: str, text: str, most: int) -> None:
    if not text.strip():
        raise InvalidError("must not be empty", field=field_name)
    if len(text) > most:
        raise InvalidError(f"must have at most {most} characters", field=field_name)
