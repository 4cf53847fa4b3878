"""Seal small texts: AES-256-GCM bound to table, column, tenant and row, with the key's number in front.

A sealed value moved to another row, column or tenant does not open. Keys live in the program's settings, never in the
database. Algorithm: NIST SP 800-38D; blind index: HMAC-SHA-256 under a key of its own.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = 1
_NONCE = 12


class SealFault(StrEnum):
    """Why a sealed value does not open."""

    KEY = "key"
    PLACE = "place"
    SHORT = "short"


_FAULTS = {
    SealFault.KEY: "sealed under a key that is not in the settings",
    SealFault.PLACE: "does not open at this place",
    SealFault.SHORT: "is no sealed value",
}


class SealError(ValueError):
    """A sealed value that does not open here: under a key that is missing, another row's, or damaged.

    ``key`` is the number of the key that it names.
    """

    def __init__(self, fault: SealFault, key: int = 0) -> None:
        super().__init__(f"{_FAULTS[fault]} (key {key})" if key else _FAULTS[fault])
        self.fault, self.key = fault, key


Shown = str | SealError
"""A sealed text for a page: what it says, or why it does not open."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a sealed value belongs."""

    table: str
    column: str
    tenant: str
    row: str

    @property
    def bound(self) -> bytes:
        """The associated data."""
        return ":".join((self.table, self.column, self.tenant, self.row)).encode()


@dataclass(frozen=True, kw_only=True, repr=False)
class Keyring:
    """Keys by number (1 to 255, each 32 bytes); the highest number seals, all of them open."""

    keys: dict[int, bytes]
    index_key: bytes

    def __post_init__(self) -> None:
        """Guard lengths and numbers."""
        if not self.keys or not all(0 < number < 256 and len(key) == 32 for number, key in self.keys.items()):
            raise ValueError("each data key must have a number from 1 to 255 and 32 bytes")
        if len(self.index_key) != 32:
            raise ValueError("the index key must have 32 bytes")

    @classmethod
    def read(cls, keys: str, index_key: str) -> "Keyring":
        """Read ``1:BASE64,2:BASE64`` and ``BASE64``.

        Raises:
            ValueError: a number or a key cannot be read.

        """
        try:
            pairs = (item.split(":", 1) for item in keys.split(","))
            read = {int(number): base64.b64decode(key, validate=True) for number, key in pairs}
            return cls(keys=read, index_key=base64.b64decode(index_key, validate=True))
        except (binascii.Error, ValueError) as error:
            raise ValueError(f"cannot be read as NUMBER:BASE64[,NUMBER:BASE64]: {error}") from None

    @property
    def current(self) -> int:
        """Number of the key that seals."""
        return max(self.keys)

    def seal(self, text: str, place: Place) -> bytes:
        """A text, sealed."""
        return self.seal_bytes(text.encode(), place)

    def seal_bytes(self, content: bytes, place: Place) -> bytes:
        """Version byte, key byte, nonce, ciphertext with tag."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = AESGCM(self.keys[self.current]).encrypt(nonce, content, place.bound)
        return bytes((VERSION, self.current)) + nonce + sealed

    def open(self, sealed: bytes, place: Place) -> str:
        """The text.

        Raises:
            SealError: it was sealed for another place or under a key that is not here.

        """
        return self.open_bytes(sealed, place).decode()

    def open_bytes(self, sealed: bytes, place: Place) -> bytes:
        """What was sealed.

        Raises:
            SealError: it was sealed for another place or under a key that is not here.

        """
        if len(sealed) <= 2 + _NONCE or sealed[0] != VERSION:
            raise SealError(SealFault.SHORT)
        number = sealed_with(sealed)
        if number not in self.keys:
            raise SealError(SealFault.KEY, number)
        try:
            return AESGCM(self.keys[number]).decrypt(sealed[2 : 2 + _NONCE], sealed[2 + _NONCE :], place.bound)
        except InvalidTag:
            raise SealError(SealFault.PLACE, number) from None

    def shown(self, sealed: bytes | None, place: Place) -> Shown:
        """The text for a page, "" where there is none; one that does not open hides nothing else on the page."""
        try:
            return self.open(sealed, place) if sealed else ""
        except SealError as error:
            return error

    def resealed(self, sealed: bytes | None, place: Place) -> bytes | None:
        """The same under the newest key; None where there is nothing, or it is under that key already.

        Raises:
            SealError: it was sealed for another place or under a key that is not here.

        """
        if not sealed or sealed_with(sealed) == self.current:
            return None
        return self.seal_bytes(self.open_bytes(sealed, place), place)

    def reseal(self, row: object, column: str, place: Place) -> bool:
        """Seal a row's column under the newest key; returns whether it was under an older one.

        Raises:
            SealError: as in ``resealed``.

        """
        sealed = self.resealed(getattr(row, column), place)
        if sealed is not None:
            setattr(row, column, sealed)
        return sealed is not None

    def blind(self, text: str, place: Place) -> str:
        """A keyed index of a text inside one tenant: equal texts give equal words, and nothing more can be told."""
        message = ":".join((place.table, place.column, place.tenant, text)).encode()
        return hmac.new(self.index_key, message, hashlib.sha256).hexdigest()


def sealed_with(sealed: bytes) -> int:
    """Number of the key that a value was sealed with."""
    return sealed[1]


def new_key() -> str:
    """A fresh key in base 64, for the settings."""
    return base64.b64encode(secrets.token_bytes(32)).decode()
