"""The roles of a team, as an activity and a visit rule both ask for them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenants.enums import PersonKind
from tenants.errors import InvalidError

WORD_LENGTH = 40
LARGEST_TEAM = 50
LEAD = "lead"
"""The role of whoever answers for the others."""


@dataclass(frozen=True, kw_only=True)
class RoleWanted:
    """From ``minimum`` to ``maximum`` people of one of the kinds, each with all of the skills."""

    role: str
    minimum: int
    maximum: int
    kinds: frozenset[PersonKind]
    skills: frozenset[str] = frozenset()

    @classmethod
    def of_rule(cls, entry: dict[str, Any]) -> "RoleWanted":
        """From an entry of a visit rule's list."""
        return cls(
            role=entry["id"],
            minimum=entry["min"],
            maximum=entry["max"],
            kinds=frozenset(PersonKind(kind) for kind in entry["kinds"]),
            skills=frozenset(entry["skills"]),
        )

    def as_entry(self) -> dict[str, Any]:
        """As an entry of a visit rule's list."""
        return {
            "id": self.role,
            "min": self.minimum,
            "max": self.maximum,
            "kinds": sorted(self.kinds),
            "skills": sorted(self.skills),
        }


FIRST_TEAM = (
    RoleWanted(
        role="lead", minimum=1, maximum=1, kinds=frozenset({PersonKind.CHILD_DIRECTOR, PersonKind.SOCIAL_WORKER})
    ),
    RoleWanted(role="helper", minimum=1, maximum=3, kinds=frozenset({PersonKind.VOLUNTEER})),
)
"""What a new activity asks for until somebody says otherwise."""


def smallest_team(entries: Iterable[Mapping[str, Any]]) -> int:
    """The fewest people that the entries of a visit's or a rule's list allow."""
    return sum(int(entry["min"]) for entry in entries)


def adults_only(roles: Sequence[tuple[str, int]]) -> frozenset[str]:
    """The roles of a team, given with their least numbers, that nobody under 18 may fill.

    The lead is always an adult. Others may be younger where one role that cannot stay empty is an adult's: the lead, or
    without one the first such role. Where there is none, or no second role, all of them are for adults.
    """
    needed = [role for role, minimum in roles if minimum > 0]
    if not needed or len(roles) < 2:
        return frozenset(role for role, _minimum in roles)
    return frozenset({LEAD, LEAD if LEAD in needed else needed[0]})


def check_roles(roles: Sequence[RoleWanted]) -> None:
    """Refuse a team that nobody could form.

    Raises:
        InvalidError: ``field`` is ``roles``, or ``roles-N-…`` with N the place in the list.

    """
    if not roles:
        raise InvalidError("A team needs one role at least.", field="roles")
    for place, wanted in enumerate(roles):
        if any(other.role == wanted.role for other in roles[:place]):
            raise InvalidError("Each role stands in one row.", field=f"roles-{place}-role")
        if wanted.minimum < 0:
            raise InvalidError("A number of people cannot be negative.", field=f"roles-{place}-minimum")
        if not max(1, wanted.minimum) <= wanted.maximum <= LARGEST_TEAM:
            raise InvalidError(
                "The most is at least 1, at least the fewest, and at most 50.", field=f"roles-{place}-maximum"
            )
        if not wanted.kinds:
            raise InvalidError("Choose who may fill the role.", field=f"roles-{place}-kinds")
    if not any(wanted.minimum for wanted in roles):
        raise InvalidError("Somebody must be there: one role needs at least one person.", field="roles-0-minimum")
