"""The places file: a county's townships and villages, as ``--places FILE`` takes it (UTF-8 JSON).

::

    {"format": "weibao-places/1", "county": {"name", "name_en"},
     "townships": [{"name", "name_en", "kind": "zhen" | "xiang" | "jiedao", "lat", "lon", "safety_phone",
                    "villages": [{"name", "name_en", "kind": "village" | "community", "lat", "lon"}]}]}

``county`` and ``safety_phone`` may be missing; positions are in degrees, a township's is its seat's.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from tenants.enums import TownshipKind, VillageKind
from tenants.errors import InvalidError
from tenants.services.counties import TownshipSpot, VillageSpot, need_different
from weibao.told import ToldError

FORMAT = "weibao-places/1"
MAX_BYTES = 4 * 1024 * 1024
BUILT_IN = Path(__file__).parent / "demo" / "data" / "places.json"
_Kind = TypeVar("_Kind", bound=StrEnum)
_Built = TypeVar("_Built")


class PlacesError(ToldError, ValueError):
    """A places file that cannot be used; the message is one line."""


@dataclass(frozen=True, kw_only=True)
class Places:
    """What a places file holds; the county's names may be missing."""

    county: str | None
    county_en: str | None
    townships: tuple[TownshipSpot, ...]


def read_places(path: Path = BUILT_IN) -> Places:
    """Read a places file.

    Raises:
        PlacesError: it cannot be read, or an entry is at fault; the first fault is named by its path into the file.

    """
    try:
        return _places(_decoded(path))
    except PlacesError as error:
        raise PlacesError(f"{path}: {error}") from None


def _decoded(path: Path) -> Any:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PlacesError(f"is larger than {MAX_BYTES} bytes")
        return json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise PlacesError(f"cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        if isinstance(error, PlacesError):
            raise
        raise PlacesError(f"is no JSON: {error}") from None


def _places(data: Any) -> Places:
    top = _Entry(data, "")
    if top.text("format") != FORMAT:
        raise PlacesError(f"format: must be {FORMAT}")
    county = _Entry(data["county"], "county") if "county" in data else None
    townships = tuple(_township(entry) for entry in top.each("townships"))
    _built("", lambda: need_different(townships, "townships"))
    return Places(
        county=county.text("name") if county else None,
        county_en=county.text("name_en") if county else None,
        townships=townships,
    )


def _township(entry: "_Entry") -> TownshipSpot:
    villages = tuple(_village(village) for village in entry.each("villages"))
    kind, phone = entry.one_of("kind", TownshipKind), entry.data.get("safety_phone") and entry.text("safety_phone")
    return _built(
        entry.path, lambda: TownshipSpot(**entry.spot(), kind=kind, villages=villages, safety_phone=phone or None)
    )


def _village(entry: "_Entry") -> VillageSpot:
    kind = entry.one_of("kind", VillageKind)
    return _built(entry.path, lambda: VillageSpot(**entry.spot(), kind=kind))


def _built(path: str, build: Callable[[], _Built]) -> _Built:
    try:
        return build()
    except InvalidError as error:
        raise PlacesError(f"{_join(path, error.field or '')}: {error.message}") from None


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


class _Entry:
    """An object of the file and its path; each look-up names what is at fault."""

    def __init__(self, data: Any, path: str) -> None:
        if not isinstance(data, dict):
            raise PlacesError(f"{path or 'the file'}: must be an object")
        self.data: dict[str, Any] = data
        self.path = path

    def text(self, name: str) -> str:
        value = self.data.get(name)
        if not isinstance(value, str):
            raise PlacesError(f"{_join(self.path, name)}: must be a text")
        return value

    def number(self, name: str) -> float:
        value = self.data.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise PlacesError(f"{_join(self.path, name)}: must be a number")
        return float(value)

    def one_of(self, name: str, kind: type[_Kind]) -> _Kind:
        try:
            return kind(self.text(name))
        except ValueError as error:
            if isinstance(error, PlacesError):
                raise
            words = ", ".join(member.value for member in kind)
            raise PlacesError(f"{_join(self.path, name)}: must be one of {words}") from None

    def each(self, name: str) -> list["_Entry"]:
        items = self.data.get(name)
        if not isinstance(items, list):
            raise PlacesError(f"{_join(self.path, name)}: must be a list")
        return [_Entry(item, f"{_join(self.path, name)}[{index}]") for index, item in enumerate(items)]

    def spot(self) -> dict[str, Any]:
        return {
            "name": self.text("name"),
            "name_en": self.text("name_en"),
            "lat": self.number("lat"),
            "lon": self.number("lon"),
        }
