"""What the domain raises; weibao maps each to one answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from tenants.enums import DiversionWay


@dataclass(frozen=True, kw_only=True)
class Named:
    """A name that an error tells, in both languages; a copy, since the row is rolled back with what was refused."""

    name: str
    name_en: str = ""


Fact = int | str | tuple[Named, ...] | Named


class DomainError(Exception):
    """Base of all; ``field`` names the input at fault, where there is one, ``facts`` fill the message's places."""

    def __init__(self, message: str, *, field: str | None = None, facts: Mapping[str, Fact] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.facts: Mapping[str, Fact] = facts or {}


class NotFoundError(DomainError):
    """No such row in the caller's scope; a foreign row answers exactly the same."""


class InvalidError(DomainError):
    """Input that breaks a rule; the message names the field's law."""


class ConflictError(DomainError):
    """The row has changed since it was read, or another one stands in its way."""


class ForbiddenError(DomainError):
    """The actor may see this but not do it."""


class DiversionError(ForbiddenError):
    """Purchased-service staff would be given other work (notice 3.2): refused, and kept for the county to see."""

    def __init__(self, message: str, *, person_id: str, way: DiversionWay, task_id: str | None = None) -> None:
        super().__init__(message)
        self.person_id, self.way, self.task_id = person_id, way, task_id


class ScopeError(Exception):
    """A query or a write outside the session's scope: a fault of the program, never of its user."""
