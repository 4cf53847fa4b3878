"""A child's identity: sealed in the row, opened for a stated purpose, each opening written down.

Source: Personal Information Protection Law, art. 28 and 31 (a child under 14: sensitive, least data, strict access).
"""

import re
from dataclasses import dataclass, fields, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.crypto import Keyring, Place, SealError, Shown
from tenants.enums import Purpose
from tenants.errors import ConflictError, InvalidError
from tenants.fields import Fact, Reach, reach
from tenants.models import Child
from tenants.services import audit_log

UNOPENED = "The identity that is kept here cannot be opened. Look at it on the child's page, or enter it anew there."
_NEVER_ON_PURPOSE = {Reach.NEVER, Reach.ON_THE_DAY}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


@dataclass(frozen=True, kw_only=True, repr=False)
class Identity:
    """Who a child is; an empty text is a fact that is not kept. Not shown by repr, so that no log can hold it."""

    name: str = ""
    id_number: str = ""
    address: str = ""
    guardian_phone: str = ""


def place_of(child: Child, fact: str) -> Place:
    """Where a sealed fact belongs."""
    return Place(table="child", column=f"{fact}_sealed", tenant=child.township_id, row=child.id)


def is_kept(child: Child) -> bool:
    """Whether any fact of the identity is kept."""
    return any(getattr(child, f"{field.name}_sealed") is not None for field in fields(Identity))


def check_id_number(number: str) -> None:
    """A resident identity number: 17 digits and a check character (GB 11643-1999).

    Raises:
        InvalidError: it is not one.

    """
    if not re.fullmatch(r"\d{17}[\dX]", number):
        raise InvalidError("must be 18 characters: 17 digits and a digit or X", field="id_number")
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    if _CHECK[total % 11] != number[-1]:
        raise InvalidError("the last character does not fit the others: please check the number", field="id_number")


def keep(session: Session, actor: Actor, keyring: Keyring, child: Child, identity: Identity) -> None:
    """Seal an identity into a child's row, in place of the one there.

    Raises:
        InvalidError: the ID number is not one.
        ConflictError: another child of the township has it, or the file is anonymised.

    """
    if child.anonymised_on is not None:
        raise ConflictError("This file is anonymised: nothing is entered any more.")
    number = identity.id_number.strip().upper()
    if number:
        check_id_number(number)
    index = keyring.blind(number, place_of(child, "id_number")) if number else None
    other = index and session.scalar(
        select(Child.case_code).where(Child.id_number_index == index, Child.id != child.id)
    )
    if other:
        raise ConflictError("another file of this township has this number", field="id_number")
    child.id_number_index = index
    for fact, text in (*vars(identity).items(), ("id_number", number)):
        setattr(child, f"{fact}_sealed", keyring.seal(text.strip(), place_of(child, fact)) if text.strip() else None)
    session.flush()
    audit_log.record(session, actor, "child.identity_kept", "child", child.id)


def supplement(session: Session, actor: Actor, keyring: Keyring, child: Child, given: Identity) -> bool:
    """Keep the facts that are given beside those that are there; returns whether anything was new.

    What is there is compared and told to nobody; that it was compared is written down.

    Raises:
        InvalidError: the ID number is not one.
        ConflictError: another child of the township has it, or what is there cannot be compared, for it does not open.

    """
    stated = {fact: text.strip() for fact, text in vars(given).items() if text.strip()}
    if not stated:
        return False
    held = _opened(keyring, child)
    if is_kept(child):
        audit_log.record(session, actor, "child.identity_compared", "child", child.id)
    wanted = replace(held, **stated)
    if replace(wanted, id_number=wanted.id_number.upper()) == held:
        return False
    keep(session, actor, keyring, child, wanted)
    return True


def read(session: Session, actor: Actor, keyring: Keyring, child: Child, purpose: Purpose) -> dict[str, Shown]:
    """Open the facts of a child's identity for a purpose; who, when and why is written down."""
    audit_log.record(session, actor, "child.identity_read", "child", child.id, details={"purpose": purpose.value})
    hidden = {field.name for field in fields(Identity) if reach(actor.role, Fact(field.name)) in _NEVER_ON_PURPOSE}
    return {fact: "" if fact in hidden else held for fact, held in shown(keyring, child).items()}


def shown(keyring: Keyring, child: Child) -> dict[str, Shown]:
    """The facts in clear, for a service that writes down who reads which of them."""
    names = [field.name for field in fields(Identity)]
    return {name: keyring.shown(getattr(child, f"{name}_sealed"), place_of(child, name)) for name in names}


def _opened(keyring: Keyring, child: Child) -> Identity:
    facts = {}
    for name, held in shown(keyring, child).items():
        if isinstance(held, SealError):
            raise ConflictError(UNOPENED)
        facts[name] = held
    return Identity(**facts)


def find(session: Session, keyring: Keyring, township_id: str, id_number: str) -> Child | None:
    """The child of an ID number inside one township, by the blind index."""
    place = Place(table="child", column="id_number_sealed", tenant=township_id, row="")
    index = keyring.blind(id_number.strip().upper(), place)
    return session.scalar(select(Child).where(Child.id_number_index == index))


def reseal(keyring: Keyring, child: Child) -> bool:
    """Seal what is under an older key anew; returns whether anything was."""
    names = [field.name for field in fields(Identity)]
    return sum(keyring.reseal(child, f"{name}_sealed", place_of(child, name)) for name in names) > 0
