"""Sealed texts open at their own place, under their own key, and nowhere else."""

import base64

import pytest

from tenants.crypto import Keyring, Place, SealError, new_key, sealed_with

HERE = Place(table="child", column="name_sealed", tenant="t1", row="r1")
RING = Keyring(keys={1: bytes(32)}, index_key=bytes(32))
KEY = base64.b64encode(bytes(range(32))).decode()
PLACES = [
    Place(table="person", column="name_sealed", tenant="t1", row="r1"),
    Place(table="child", column="address_sealed", tenant="t1", row="r1"),
    Place(table="child", column="name_sealed", tenant="t2", row="r1"),
    Place(table="child", column="name_sealed", tenant="t1", row="r2"),
]


def test_sealed_text_opens_at_its_place() -> None:
    assert RING.open(RING.seal("小明", HERE), HERE) == "小明"


@pytest.mark.parametrize("place", PLACES)
def test_sealed_text_does_not_open_at_another_place(place: Place) -> None:
    with pytest.raises(SealError):
        RING.open(RING.seal("小明", HERE), place)


def test_sealed_text_with_any_byte_changed_does_not_open() -> None:
    sealed = RING.seal("小明", HERE)
    for position in range(len(sealed)):
        broken = sealed[:position] + bytes([sealed[position] ^ 1]) + sealed[position + 1 :]
        with pytest.raises(SealError):
            RING.open(broken, HERE)


def test_same_text_is_sealed_differently_each_time_but_indexed_alike() -> None:
    assert RING.seal("a", HERE) != RING.seal("a", HERE)
    assert RING.blind("a", HERE) == RING.blind("a", HERE)
    assert RING.blind("a", HERE) != RING.blind("a", PLACES[2])  # another township's index tells nothing


def test_keyring_seals_with_the_newest_key_and_opens_with_all() -> None:
    new = Keyring.read(f"1:{base64.b64encode(bytes(32)).decode()},2:{new_key()}", new_key())
    old = RING.seal("a", HERE)
    assert sealed_with(new.seal("a", HERE)) == 2
    assert new.open(old, HERE) == "a"


@pytest.mark.parametrize("keys", ["", "1", "1:short", "0:AAAA", f"x:{KEY}", f"256:{KEY}", "1:@@"])
def test_keyring_that_cannot_be_read_says_so_without_the_key(keys: str) -> None:
    with pytest.raises(ValueError, match=r"key|NUMBER") as caught:
        Keyring.read(keys, new_key())
    assert len(keys) < 3 or keys.rsplit(":", maxsplit=1)[-1] not in str(caught.value)
