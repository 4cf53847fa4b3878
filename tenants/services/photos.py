"""Photos of an activity: only where every child who can be recognised has the guardian's consent, or none can be.

Source: Personal Information Protection Law, art. 29 and 31 (a guardian's separate consent), 47 (destroyed when it is
withdrawn); Law on the Protection of Minors, art. 4 and 72 (privacy; consent before a minor's data is handled).
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.crypto import Keyring, Place, SealError
from tenants.enums import ActivityState, ConsentPurpose, PhotoGround
from tenants.errors import ConflictError, InvalidError, NotFoundError
from tenants.models import Activity, ActivityPhoto, Child, Consent, Enrolment, new_id, utc_now
from tenants.services import audit_log

MOST = 6
"""Photos of one activity."""
MOST_BYTES = 2 * 1024 * 1024


def place_of(photo: ActivityPhoto) -> Place:
    """Where the sealed picture belongs."""
    return Place(table="activity_photo", column="sealed", tenant=photo.township_id, row=photo.id)


def add(
    session: Session, actor: Actor, keyring: Keyring, activity: Activity, content: bytes, ground: PhotoGround | None
) -> ActivityPhoto:
    """Keep a photo that holds the picture alone (weibao/pictures sees to that); sealed.

    Raises:
        InvalidError: nobody vouches for consent, or it is too large.
        ConflictError: the activity is called off or has not begun, or has its six photos.

    """
    if ground is None:
        raise InvalidError("Say why this photo may be kept.", field="ground")
    if len(content) > MOST_BYTES:
        raise InvalidError("The photo is too large.", field="file")
    session.refresh(activity, with_for_update=True)  # two at one time count each other
    if activity.state is ActivityState.CANCELLED:
        raise ConflictError("This activity is called off; put it back first.")
    if activity.starts_at > utc_now():
        raise ConflictError("Photos are added once the activity has begun.")
    if len(listed(session, activity)) >= MOST:
        raise ConflictError("An activity has 6 photos at most. Remove one first.", field="file")
    photo = ActivityPhoto(
        township_id=activity.township_id, id=new_id(), activity_id=activity.id, ground=ground,
        size=len(content), added_by=actor.account_id,
    )  # fmt: skip
    photo.sealed = keyring.seal_bytes(content, place_of(photo))
    session.add(photo)
    session.flush()
    facts = {"photo": photo.id, "ground": ground.value}
    audit_log.record(session, actor, "activity.photo_added", "activity", activity.id, details=facts)
    return photo


def listed(session: Session, activity: Activity) -> Sequence[ActivityPhoto]:
    """An activity's photos, the oldest first; the pictures themselves are not read."""
    query = select(ActivityPhoto).where(ActivityPhoto.activity_id == activity.id)
    return session.scalars(query.order_by(ActivityPhoto.added_at, ActivityPhoto.id)).all()


def one(session: Session, activity_id: str, photo_id: str) -> ActivityPhoto:
    """A photo of an activity.

    Raises:
        NotFoundError: there is none in the session's scope.

    """
    wanted = ActivityPhoto.id == photo_id, ActivityPhoto.activity_id == activity_id
    photo = session.scalar(select(ActivityPhoto).where(*wanted))
    if photo is None:
        raise NotFoundError("no such photo")
    return photo


def opened(session: Session, actor: Actor, keyring: Keyring, photo: ActivityPhoto) -> bytes:
    """The picture, a JPEG, with a line in the audit log of who has looked at it.

    Raises:
        NotFoundError: it does not open under the keys in the settings any more.

    """
    try:
        content = keyring.open_bytes(photo.sealed, place_of(photo))
    except SealError:
        raise NotFoundError("no such photo") from None
    facts = {"photo": photo.id}
    audit_log.record(session, actor, "activity.photo_read", "activity", photo.activity_id, details=facts)
    return content


def remove(session: Session, actor: Actor, photo: ActivityPhoto) -> None:
    """Destroy a photo."""
    facts = {"photo": photo.id}
    audit_log.record(session, actor, "activity.photo_removed", "activity", photo.activity_id, details=facts)
    session.delete(photo)
    session.flush()


def without_consent(session: Session, activity: Activity) -> list[str]:
    """Case codes of children who took part, or may have, and for whom no consent to photographs is on record."""
    consented = select(Consent.child_id).where(
        Consent.purpose == ConsentPurpose.PICTURES, Consent.withdrawn_on.is_(None)
    )
    query = (
        select(Child.case_code)
        .join(Enrolment, (Enrolment.child_id == Child.id) & (Enrolment.township_id == Child.township_id))
        .where(Enrolment.activity_id == activity.id, Enrolment.attended.is_not(False), Child.id.not_in(consented))
        .order_by(Child.case_code)
    )
    return list(session.scalars(query))


def forget_child(session: Session, child: Child) -> list[str]:
    """Destroy the photos on which a child may be seen: those that rest on consent, of activities it was enrolled in.

    Returns their ids.
    """
    joined = select(Enrolment.activity_id).where(
        Enrolment.township_id == child.township_id, Enrolment.child_id == child.id, Enrolment.attended.is_not(False)
    )
    photos = session.scalars(
        select(ActivityPhoto).where(
            ActivityPhoto.township_id == child.township_id,
            ActivityPhoto.activity_id.in_(joined),
            ActivityPhoto.ground == PhotoGround.CONSENTED,
        )
    ).all()
    for photo in photos:
        session.delete(photo)
    session.flush()
    return [photo.id for photo in photos]


def reseal(session: Session, keyring: Keyring) -> int:
    """Seal pictures that are under an older key anew, one at a time; returns how many."""
    changed = 0
    for key in session.execute(select(ActivityPhoto.township_id, ActivityPhoto.id)).all():
        photo = session.get_one(ActivityPhoto, tuple(key), with_for_update=True)
        changed += keyring.reseal(photo, "sealed", place_of(photo))
        session.flush()
        session.expire(photo)
    return changed
