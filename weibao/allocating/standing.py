"""A worker of the register where they stand on a day."""

from dataclasses import dataclass

from tenants.models import StaffMember
from tenants.queries.staffing import Key


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A worker with the township and person that they are on the day, as far as it is decided."""

    staff: StaffMember
    key: Key | None

    @property
    def place(self) -> str | None:
        """The township; None without a post."""
        return self.key[0] if self.key else None
