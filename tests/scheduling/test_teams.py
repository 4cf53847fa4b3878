"""The cheapest team, against every team there is."""

from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.problem import Person, Seat, Task
from scheduling.teams import cheapest_team
from tests.scheduling.build import person, role, task

NAMES = "abcde"


def costs_of_all_teams(task: Task, here: dict[str, list[Person]], cost: dict[str, int]) -> list[int]:
    """Costs of all teams of each role's min, and of these with one more where the gender needs it."""
    found = []
    for teams in product(*(combinations(here[r.id], r.min) for r in task.roles)):
        team = [p for people in teams for p in people]
        names = {p.id for p in team}
        if len(names) < len(team):
            continue
        spent = sum(cost[name] for name in names)
        if task.needs_gender is None or any(p.gender == task.needs_gender for p in team):
            found.append(spent)
            continue
        joiners = {p.id for r in task.roles if r.max > r.min for p in here[r.id] if p.gender == task.needs_gender}
        found += [spent + cost[name] for name in joiners - names]
    return found


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_team_is_found_if_there_is_one(data: st.DataObject) -> None:
    """Without a gender the team is the cheapest of all; with one, it is a whole team with it."""
    genders = data.draw(st.lists(st.sampled_from(["female", "male"]), min_size=5, max_size=5))
    people = [person(name, gender=gender) for name, gender in zip(NAMES, genders, strict=True)]
    roles = [role(f"r{i}", min=data.draw(st.integers(0 if i else 1, 2)), max=3) for i in range(2)]
    roles = [role(r.id, min=r.min, max=data.draw(st.integers(max(1, r.min), 3))) for r in roles]
    wanted = task("t", roles=tuple(roles), needs_gender=data.draw(st.sampled_from([None, "female"])))
    here = {r.id: data.draw(st.lists(st.sampled_from(people), unique_by=lambda p: p.id)) for r in roles}
    cost = {name: data.draw(st.integers(0, 5)) for name in NAMES}
    expected = costs_of_all_teams(wanted, here, cost)
    team = cheapest_team(wanted, here, cost)
    assert (team is None) == (not expected)
    if team is not None:
        spent = sum(cost[seat.person] for seat in team)
        assert spent in expected
        assert wanted.needs_gender is not None or spent == min(expected)
        assert all(seat.person in {p.id for p in here[seat.role]} for seat in team)


def test_fixed_people_keep_their_seats() -> None:
    people = [person("a"), person("b")]
    wanted = task("t", roles=(role(min=2, max=2),))
    fixed = (Seat(person="b", role="lead"),)
    assert cheapest_team(wanted, {"lead": people}, {}, fixed) == (*fixed, Seat(person="a", role="lead"))


def test_gender_of_a_fixed_person_counts() -> None:
    wanted = task("t", roles=(role(),), needs_gender="male")
    fixed = (Seat(person="b", role="lead"),)
    assert cheapest_team(wanted, {}, {}, fixed, ["male"]) == fixed
    assert cheapest_team(wanted, {}, {}, fixed, ["female"]) is None


def test_people_change_roles_to_make_room() -> None:
    """``a`` could do both, ``b`` only lead."""
    wanted = task("t", roles=(role("lead"), role("helper")))
    a, b = person("a"), person("b")
    team = cheapest_team(wanted, {"lead": [a, b], "helper": [a]}, {})
    assert team == (Seat(person="b", role="lead"), Seat(person="a", role="helper"))
