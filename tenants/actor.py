"""Who does something."""

from dataclasses import dataclass

from tenants.enums import AccountRole


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The account behind a write; ``account_id`` None is the program itself."""

    county_id: str
    account_id: str | None = None
    township_id: str | None = None
    person_id: str | None = None
    role: AccountRole | None = None
