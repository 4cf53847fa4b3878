"""Take over a roster from outside: the state that serves the same tasks with the same teams in the same order."""

from collections.abc import Sequence

import numpy as np

from scheduling.problem import Assignment, Person, Seat
from scheduling.search.compile import Compiled
from scheduling.search.jit import entry
from scheduling.search.model import Array, Model, State
from scheduling.search.seats import close_task, empty_seat, open_task, sit
from scheduling.search.times import fit, settle
from scheduling.search.work import Work, new_move


@entry
def place(m: Model, s: State, w: Work, rows: Array, seats: Array) -> int:
    """Serve each row's task by its seats, in order of start; a row that does not fit is left out.

    ``rows`` hold task, start, first seat and end of seats, ``seats`` role and trip. Returns how many were placed.
    """
    placed = 0
    for i in range(len(rows)):
        t, start = rows[i, 0], rows[i, 1]
        u = m.task[t].after
        n = -1
        for k in range(m.task[t].slots, m.task[t].slots_end):
            if m.slot[k].first <= start <= m.slot[k].last and (n < 0 or m.slot[k].cost < m.slot[n].cost):
                n = k
        if n < 0 or (u >= 0 and s.task[u].slot < 0):
            continue
        new_move(w)
        open_task(m, s, w, t, n)
        whole = True
        for k in range(rows[i, 2], rows[i, 3]):
            j, r = empty_seat(m, seats[k, 0], s), seats[k, 1]
            if j < 0 or r < 0:
                whole = False
                break
            before, behind = -1, s.trip[r].head
            while behind >= 0:
                before, behind = behind, s.seat[behind].behind
            sit(m, s, w, j, r, before)
        if whole and fit(m, s, w, t):
            placed += 1
        else:
            close_task(m, s, w, t)
            settle(m, s, w)
    return placed


class Places:
    """Where the rows of a roster stand in the tables of its problem."""

    def __init__(self, compiled: Compiled, model: Model) -> None:
        self.problem = compiled.problem
        self.tasks = {task.id: number for number, task in enumerate(self.problem.tasks)}
        self.people = {person.id: number for number, person in enumerate(self.problem.people)}
        self.role_ids, self.model = compiled.role_ids, model

    def tables(self, rows: Sequence[Assignment]) -> tuple[Array, Array]:
        """The rows and the seats as ``place`` reads them."""
        starts: list[tuple[int, int, int, int]] = []
        seats: list[tuple[int, int]] = []
        for row in sorted(rows, key=lambda row: row.start):
            task = self.tasks[row.task]
            first = len(seats)
            for seat in row.people:
                seats.append((self._role(task, seat), self._trip(seat.person, row)))
            starts.append((task, row.start, first, len(seats)))
        return np.array(starts, np.int64).reshape(-1, 4), np.array(seats, np.int64).reshape(-1, 2)

    def _role(self, task: int, seat: Seat) -> int:
        """The row of the role: a pinned person has one of their own."""
        first, end = int(self.model.task.roles[task]), int(self.model.task.roles_end[task])
        mine = [g for g in range(first, end) if self.role_ids[g] == seat.role]
        own = [g for g in mine if self.model.role.only[g] == self.people[seat.person]]
        return (own or [g for g in mine if self.model.role.only[g] < 0] or mine)[0]

    def _trip(self, name: str, row: Assignment) -> int:
        """The row of the person's window that holds the task, or -1."""
        number = self.people[name]
        person: Person = self.problem.people[number]
        end = row.start + self.problem.task_of[row.task].minutes
        window = next((k for k, (a, b) in enumerate(person.availability) if a <= row.start and end <= b), None)
        return -1 if window is None else int(self.model.person.trips[number]) + window
