"""Photos are kept with consent alone, sealed, and go with it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.crypto import Keyring, SealError
from tenants.enums import ConsentGiver, ConsentKind, ConsentPurpose, DisposalStep, PhotoGround
from tenants.errors import ConflictError, InvalidError, NotFoundError
from tenants.models import Activity, ActivityPhoto, AuditEntry, Child, Consent, utc_now
from tenants.services import consents, forgetting, participation, photos
from tests.drafts import today
from tests.world import World

RING = Keyring(keys={1: bytes(32)}, index_key=bytes(32))
NEWER = Keyring(keys={1: bytes(32), 2: bytes([2]) * 32}, index_key=bytes(32))
NEWEST = Keyring(keys={2: bytes([2]) * 32}, index_key=bytes(32))
PICTURE = b"\xff\xd8\xff CANARY-PICTURE"
CONSENTED, NOBODY = PhotoGround.CONSENTED, PhotoGround.NOBODY


@pytest.fixture
def activity(station: Session, world: World) -> Activity:
    """The first township's activity, begun an hour ago."""
    row = station.get_one(Activity, (world.first.township, world.first.activity))
    row.starts_at, row.ends_at = utc_now() - timedelta(hours=1), utc_now() + timedelta(hours=1)
    station.flush()
    return row


def count(session: Session) -> int:
    return session.scalar(select(func.count(ActivityPhoto.id))) or 0


def child_of(session: Session, world: World, number: int = 0) -> Child:
    return session.get_one(Child, (world.first.township, world.first.children[number]))


def enrol(session: Session, world: World, activity: Activity, number: int = 0) -> None:
    participation.enrol(session, world.head, activity, f"C-00{number}", ConsentKind.WRITTEN, today())


def agree(session: Session, world: World, number: int = 0) -> Consent:
    """The guardian signs for photographs."""
    terms = consents.ConsentTerms(
        purposes=[ConsentPurpose.PICTURES], given_on=today(), given_by=ConsentGiver.PARENT, giver="x"
    )
    (row,) = consents.record(session, world.head, RING, child_of(session, world, number), terms)
    return row


def test_a_photo_is_kept_sealed_and_written_down(station: Session, world: World, activity: Activity) -> None:
    photo = photos.add(station, world.head, RING, activity, PICTURE, CONSENTED)
    assert b"CANARY" not in photo.sealed
    assert photos.opened(station, world.head, RING, photo) == PICTURE
    assert photos.listed(station, activity) == [photo]
    line = station.scalars(select(AuditEntry).where(AuditEntry.action == "activity.photo_added")).one()
    assert line.details == {"photo": photo.id, "ground": "consented"}
    looked = station.scalars(select(AuditEntry).where(AuditEntry.action == "activity.photo_read")).one()
    assert (looked.subject_id, looked.details) == (activity.id, {"photo": photo.id})
    photos.remove(station, world.head, photo)
    assert count(station) == 0


def test_without_a_word_on_consent_nothing_is_kept(station: Session, world: World, activity: Activity) -> None:
    with pytest.raises(InvalidError) as told:
        photos.add(station, world.head, RING, activity, PICTURE, None)
    assert told.value.field == "ground"
    assert count(station) == 0


def test_the_seventh_the_large_and_the_early_are_refused(station: Session, world: World, activity: Activity) -> None:
    with pytest.raises(InvalidError):
        photos.add(station, world.head, RING, activity, bytes(photos.MOST_BYTES + 1), NOBODY)
    for _number in range(photos.MOST):
        photos.add(station, world.head, RING, activity, PICTURE, NOBODY)
    with pytest.raises(ConflictError):
        photos.add(station, world.head, RING, activity, PICTURE, NOBODY)
    activity.starts_at = utc_now() + timedelta(minutes=5)
    with pytest.raises(ConflictError):
        photos.add(station, world.head, RING, activity, PICTURE, NOBODY)
    assert count(station) == photos.MOST


def test_a_picture_moved_to_another_row_does_not_open(station: Session, world: World, activity: Activity) -> None:
    one = photos.add(station, world.head, RING, activity, PICTURE, NOBODY)
    other = photos.add(station, world.head, RING, activity, b"other", NOBODY)
    other.sealed = one.sealed
    with pytest.raises(NotFoundError):
        photos.opened(station, world.head, RING, other)


def test_children_without_consent_to_photographs_are_named(station: Session, world: World, activity: Activity) -> None:
    for number in range(3):
        enrol(station, world, activity, number)
    agree(station, world, 1)
    withdrawn = agree(station, world, 2)
    assert photos.without_consent(station, activity) == ["C-000"]
    consents.withdraw(station, world.head, child_of(station, world, 2), withdrawn.id, today())
    assert photos.without_consent(station, activity) == ["C-000", "C-002"]


def test_a_withdrawn_consent_takes_the_childs_photos_with_it(
    station: Session, world: World, activity: Activity
) -> None:
    """What shows nobody stays, and so do the photos where the child was not."""
    consent, elsewhere = agree(station, world), agree(station, world, 1)
    enrol(station, world, activity)
    photos.add(station, world.head, RING, activity, PICTURE, CONSENTED)
    kept = photos.add(station, world.head, RING, activity, PICTURE, NOBODY)
    consents.withdraw(station, world.head, child_of(station, world, 1), elsewhere.id, today())
    assert count(station) == 2
    consents.withdraw(station, world.head, child_of(station, world), consent.id, today())
    assert photos.listed(station, activity) == [kept]


@pytest.mark.parametrize(
    ("step", "left"), [(DisposalStep.IDENTITY, 1), (DisposalStep.ANONYMISE, 0), (DisposalStep.ERASE, 0)]
)
def test_photos_go_when_the_file_is_forgotten(
    station: Session, world: World, activity: Activity, step: DisposalStep, left: int
) -> None:
    enrol(station, world, activity)
    photos.add(station, world.head, RING, activity, PICTURE, CONSENTED)
    forgetting.forget(station, child_of(station, world), step, today())
    assert count(station) == left


def test_photos_go_with_their_activity(station: Session, world: World, activity: Activity) -> None:
    photos.add(station, world.head, RING, activity, PICTURE, CONSENTED)
    station.delete(activity)
    station.flush()
    assert count(station) == 0


def test_reseal_moves_pictures_to_the_newest_key(station: Session, world: World, activity: Activity) -> None:
    photo = photos.add(station, world.head, RING, activity, PICTURE, NOBODY)
    assert (photos.reseal(station, NEWER), photos.reseal(station, NEWER)) == (1, 0)
    assert photos.opened(station, world.head, NEWEST, photo) == PICTURE
    with pytest.raises(SealError):
        RING.open_bytes(photo.sealed, photos.place_of(photo))
