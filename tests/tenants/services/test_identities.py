"""Identities: sealed in the row, read for a purpose, indexed without telling anything."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.crypto import Keyring, SealError
from tenants.enums import Purpose
from tenants.errors import ConflictError, InvalidError
from tenants.models import AuditEntry, Child
from tenants.services import identities
from tenants.services.identities import Identity
from tests.world import World

RING = Keyring(keys={1: bytes(32)}, index_key=bytes(32))
NEWER = Keyring(keys={1: bytes(32), 2: bytes(range(32))}, index_key=bytes(32))
NUMBER = "11010119900307002X"  # invented: a well-formed number with a right check character
WHO = Identity(name="CANARY-NAME", id_number=NUMBER, address="CANARY-ADDRESS", guardian_phone="CANARY-PHONE")


def child(session: Session, world: World, number: int = 0) -> Child:
    return session.get_one(Child, (world.first.township, world.first.children[number]))


def test_identity_comes_back_and_stands_nowhere_in_clear(session: Session, world: World) -> None:
    row = child(session, world)
    identities.keep(session, world.head, RING, row, WHO)
    assert identities.read(session, world.head, RING, row, Purpose.VISIT) == vars(WHO)
    kept = b"".join(getattr(row, f"{fact}_sealed") for fact in vars(WHO)) + str(row.id_number_index).encode()
    assert b"CANARY" not in kept
    assert NUMBER.encode() not in kept
    assert "CANARY" not in repr(WHO)


def test_identity_read_leaves_a_line_with_its_purpose(session: Session, world: World) -> None:
    row = child(session, world)
    identities.keep(session, world.head, RING, row, WHO)
    identities.read(session, world.head, RING, row, Purpose.REPORT)
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert last is not None
    assert (last.action, last.subject_id, last.details) == ("child.identity_read", row.id, {"purpose": "report"})


def test_identity_moved_to_another_row_does_not_open(session: Session, world: World) -> None:
    row, other = child(session, world), child(session, world, 1)
    identities.keep(session, world.head, RING, row, WHO)
    other.name_sealed = row.name_sealed
    assert isinstance(identities.read(session, world.head, RING, other, Purpose.VISIT)["name"], SealError)


def test_same_number_twice_in_a_township_is_refused(session: Session, world: World) -> None:
    identities.keep(session, world.head, RING, child(session, world), WHO)
    with pytest.raises(ConflictError, match="another file"):
        identities.keep(session, world.head, RING, child(session, world, 1), Identity(id_number=NUMBER.lower()))


def test_child_is_found_by_number_in_the_own_township_alone(session: Session, world: World) -> None:
    identities.keep(session, world.head, RING, child(session, world), WHO)
    found = identities.find(session, RING, world.first.township, NUMBER)
    assert found is not None
    assert found.id == world.first.children[0]
    assert identities.find(session, RING, world.second.township, NUMBER) is None


@pytest.mark.parametrize("number", ["1", "110101199003070021", "11010119900307002x0", "abc"])
def test_number_that_is_none_is_refused(session: Session, world: World, number: str) -> None:
    with pytest.raises(InvalidError):
        identities.keep(session, world.head, RING, child(session, world), Identity(id_number=number))


def test_reseal_moves_to_the_newest_key_and_then_rests(session: Session, world: World) -> None:
    row = child(session, world)
    identities.keep(session, world.head, RING, row, WHO)
    assert identities.reseal(NEWER, row) is True
    assert identities.reseal(NEWER, row) is False
    assert isinstance(identities.read(session, world.head, RING, row, Purpose.VISIT)["name"], SealError)
    assert identities.read(session, world.head, NEWER, row, Purpose.VISIT)["name"] == WHO.name
