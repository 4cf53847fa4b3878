"""The places file."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from tenants.enums import TownshipKind, VillageKind
from weibao.places import MAX_BYTES, PlacesError, read_places

VILLAGE = {"name": "甲一村", "name_en": "A1", "kind": "village", "lat": 35.5, "lon": 112.4}
TOWNSHIP = {"name": "甲镇", "name_en": "A", "kind": "zhen", "lat": 35, "lon": 112.4, "villages": [VILLAGE]}
FILE = {
    "format": "weibao-places/1",
    "county": {"name": "东县", "name_en": "East"},
    "townships": [TOWNSHIP | {"safety_phone": "000-0000-9001"}],
}


def read(tmp_path: Path, text: str) -> Any:
    path = tmp_path / "places.json"
    path.write_text(text, "utf-8")
    return read_places(path)


def test_read_places_gives_what_the_file_says(tmp_path: Path) -> None:
    places = read(tmp_path, json.dumps(FILE))
    (township,) = places.townships
    (village,) = township.villages
    assert (places.county, places.county_en) == ("东县", "East")
    assert (township.name, township.kind, township.lat) == ("甲镇", TownshipKind.TOWN, 35.0)
    assert township.safety_phone == "000-0000-9001"
    assert (village.name, village.kind, village.lon) == ("甲一村", VillageKind.VILLAGE, 112.4)


def test_county_and_telephone_may_be_missing(tmp_path: Path) -> None:
    places = read(tmp_path, json.dumps({"format": FILE["format"], "townships": [TOWNSHIP]}))
    assert places.county is None
    assert places.townships[0].safety_phone is None


def test_built_in_places_name_no_village_twice_in_the_county() -> None:
    names = [village.name for township in read_places().townships for village in township.villages]
    assert len(set(names)) == len(names)


def _with(path: list[Any], value: Any) -> str:
    data = copy.deepcopy(FILE)
    place: Any = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(data)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "the file: must be an object"),
        ("{", "is no JSON: "),
        (_with(["format"], "weibao-places/2"), "format: must be weibao-places/1"),
        (_with(["townships"], {}), "townships: must be a list"),
        (_with(["townships", 0], 3), "townships[0]: must be an object"),
        (_with(["townships", 0, "kind"], "city"), "townships[0].kind: must be one of xiang, zhen, jiedao"),
        (_with(["townships", 0, "lat"], "35"), "townships[0].lat: must be a number"),
        (_with(["townships", 0, "lat"], True), "townships[0].lat: must be a number"),
        (_with(["townships", 0, "lon"], 181), "townships[0].lon: must be from -180 to 180 degrees"),
        (_with(["townships", 0, "villages", 0, "name"], ""), "townships[0].villages[0].name: must not be empty"),
        (
            _with(["townships", 0, "villages"], [VILLAGE, VILLAGE]),
            "townships[0].villages[1].name: stands twice: 甲一村",
        ),
        (_with(["townships"], [TOWNSHIP, TOWNSHIP]), "townships[1].name: stands twice: 甲镇"),
        (_with(["county"], {"name": "东县"}), "county.name_en: must be a text"),
        (" " * (MAX_BYTES + 1), "is larger than "),
    ],
)
def test_fault_is_named_by_its_path_into_the_file(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(PlacesError) as refused:
        read(tmp_path, text)
    assert str(refused.value).startswith(f"{tmp_path / 'places.json'}: {told}")


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlacesError, match="cannot be read: No such file"):
        read_places(tmp_path / "nowhere.json")
