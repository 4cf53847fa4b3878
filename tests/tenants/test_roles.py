"""A team is refused exactly where nobody could form it."""

import pytest

from tenants.enums import PersonKind
from tenants.errors import InvalidError
from tenants.roles import RoleWanted, adults_only, check_roles

ANYBODY = frozenset(PersonKind)


def role(word: str = "lead", minimum: int = 1, maximum: int = 1, kinds: frozenset[PersonKind] = ANYBODY) -> RoleWanted:
    return RoleWanted(role=word, minimum=minimum, maximum=maximum, kinds=kinds)


@pytest.mark.parametrize(
    ("roles", "field"),
    [
        ([], "roles"),
        ([role(), role()], "roles-1-role"),
        ([role(minimum=-1)], "roles-0-minimum"),
        ([role(), role("helper", minimum=3, maximum=2)], "roles-1-maximum"),
        ([role(minimum=0, maximum=0)], "roles-0-maximum"),
        ([role(maximum=51)], "roles-0-maximum"),
        ([role(kinds=frozenset())], "roles-0-kinds"),
        ([role(minimum=0)], "roles-0-minimum"),
    ],
)
def test_an_impossible_team_is_refused_at_its_field(roles: list[RoleWanted], field: str) -> None:
    with pytest.raises(InvalidError) as caught:
        check_roles(roles)
    assert caught.value.field == field


def test_a_team_with_an_optional_helper_is_accepted() -> None:
    check_roles([role(), role("helper", minimum=0, maximum=3)])


def test_a_role_comes_back_from_a_rules_entry_unchanged() -> None:
    wanted = RoleWanted(
        role="lead", minimum=1, maximum=2, kinds=frozenset({PersonKind.VOLUNTEER}), skills=frozenset({"law", "arts"})
    )
    assert RoleWanted.of_rule(wanted.as_entry()) == wanted


def test_one_role_that_cannot_stay_empty_is_an_adults() -> None:
    assert adults_only([("lead", 1), ("helper", 1)]) == {"lead"}
    assert adults_only([("helper", 2), ("lead", 1)]) == {"lead"}
    assert adults_only([("lead", 0), ("helper", 1)]) == {"lead", "helper"}
    assert adults_only([("tutor", 1), ("helper", 1)]) == {"lead", "tutor"}
    assert adults_only([("helper", 3)]) == {"helper"}
    assert adults_only([("tutor", 0), ("helper", 0)]) == {"tutor", "helper"}
