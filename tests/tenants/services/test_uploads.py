"""Files that wait to be taken in follow the newest key."""

from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.crypto import Keyring
from tenants.enums import SheetKind
from tenants.services import keys, uploads
from tests.world import World

KEYRING = Keyring(keys={1: bytes(range(32))}, index_key=bytes(32))


def test_a_waiting_file_is_sealed_anew_once_and_opens_under_the_newest_key_alone(
    station: Session, world: World
) -> None:
    actor = Actor(county_id=world.county, township_id=world.first.township)
    upload = uploads.keep(station, actor, KEYRING, kind=SheetKind.PEOPLE, file_name="people.xlsx", content=b"rows")
    newer = Keyring(keys={**KEYRING.keys, 2: b"2" * 32}, index_key=KEYRING.index_key)
    assert (keys.reseal_uploads(station, newer), keys.reseal_uploads(station, newer)) == (1, 0)
    only = Keyring(keys={2: b"2" * 32}, index_key=KEYRING.index_key)
    assert uploads.content_of(only, upload) == b"rows"
