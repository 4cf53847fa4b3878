"""The cheapest whole team among people who could come: seats are matched by augmenting paths.

The sets of people that can fill seats are the independent sets of a transversal matroid, so taking people by rising
cost wherever an augmenting path exists gives the cheapest team (Edmonds & Fulkerson 1965, "Transversals and matroid
partition", J. Res. Nat. Bur. Standards 69B; greedy optimality: Edmonds 1971, doi:10.1007/BF01584082).
"""

from collections.abc import Iterable, Mapping, Sequence

from scheduling.problem import Person, Seat, Task


def cheapest_team(
    task: Task,
    here: Mapping[str, Sequence[Person]],
    cost: Mapping[str, int],
    fixed: Sequence[Seat] = (),
    fixed_genders: Iterable[str | None] = (),
) -> tuple[Seat, ...] | None:
    """The seats of a whole team, or None if there is none.

    ``here`` has the people who could fill each role, ``cost`` what a person costs by id (missing: 0), ``fixed`` are
    people who are on the team whatever they cost. Each role gets its min; one more joins only where ``needs_gender``
    asks for it and that is cheaper.
    """
    filling = _Filling(task, here, cost, fixed)
    base = filling.fill(())
    gender = task.needs_gender
    if base is None or gender is None or gender in fixed_genders or filling.has_gender(base, gender):
        return base
    inside = filling.fill_with_gender(gender)
    outside = filling.join_one(base, gender)
    teams = [team for team in (inside, outside) if team is not None]
    return min(teams, key=filling.cost_of, default=None)


class _Filling:
    """Seats to fill and the people who could."""

    def __init__(
        self, task: Task, here: Mapping[str, Sequence[Person]], cost: Mapping[str, int], fixed: Sequence[Seat]
    ) -> None:
        self._cost, self._fixed = cost, tuple(fixed)
        held = [seat.role for seat in fixed]
        self._needs = {role.id: max(0, role.min - held.count(role.id)) for role in task.roles}
        self._room = {role.id: role.max - max(role.min, held.count(role.id)) for role in task.roles}
        taken = {seat.person for seat in fixed}
        self._here = {role: [p for p in here.get(role, ()) if p.id not in taken] for role in self._needs}
        self._roles_of: dict[str, list[str]] = {}
        self._genders: dict[str, str | None] = {}
        for role, people in self._here.items():
            for person in people:
                self._genders[person.id] = person.gender
                if self._needs[role]:
                    self._roles_of.setdefault(person.id, []).append(role)
        self._order = sorted(self._roles_of, key=lambda p: cost.get(p, 0))

    def fill(self, first: Sequence[str]) -> tuple[Seat, ...] | None:
        """The cheapest filling of all seats that has the people ``first`` in it, or None."""
        filled: dict[str, list[str]] = {role: [] for role in self._needs}
        missing = sum(self._needs.values())
        for person in (*first, *(p for p in self._order if p not in first)):
            if not missing:
                break
            missing -= self._augment(person, filled, set())
        if missing:
            return None
        return (*self._fixed, *(Seat(person=p, role=role) for role, people in filled.items() for p in people))

    def fill_with_gender(self, gender: str) -> tuple[Seat, ...] | None:
        """The cheapest filling that has the cheapest person of this gender in a needed seat.

        Whoever can fill any needed seat can replace somebody in a whole team (matroid exchange), so one try is enough.
        """
        person = next((p for p in self._order if self._genders[p] == gender), None)
        return None if person is None else self.fill((person,))

    def join_one(self, team: tuple[Seat, ...], gender: str) -> tuple[Seat, ...] | None:
        """The team with the cheapest person of this gender added where a role has room, or None."""
        spare = [(p, role) for role, people in self._here.items() if self._room[role] > 0 for p in people]
        joiners = [(p, role) for p, role in spare if p.gender == gender]
        best = min(joiners, key=lambda pair: self._cost.get(pair[0].id, 0), default=None)
        return None if best is None else (*team, Seat(person=best[0].id, role=best[1]))

    def has_gender(self, team: tuple[Seat, ...], gender: str) -> bool:
        """True if somebody on the team has this gender."""
        return any(self._genders.get(seat.person) == gender for seat in team)

    def cost_of(self, team: tuple[Seat, ...]) -> int:
        """Sum of what the people cost."""
        return sum(self._cost.get(seat.person, 0) for seat in team)

    def _augment(self, person: str, filled: dict[str, list[str]], seen: set[str]) -> bool:
        """Seat the person, moving others to their other roles where that makes room."""
        for role in self._roles_of.get(person, ()):
            if role in seen:
                continue
            seen.add(role)
            people = filled[role]
            if len(people) < self._needs[role]:
                people.append(person)
                return True
            for i, other in enumerate(people):
                if self._augment(other, filled, seen):
                    people[i] = person
                    return True
        return False
