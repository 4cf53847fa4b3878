"""The rows of the relaxation: what ties trips, slots and tasks together."""

from collections import defaultdict
from collections.abc import Iterable

from scheduling.cpsat.relaxation import AT_LEAST, AT_MOST, EXACTLY, Relaxation
from scheduling.problem import DAY, WEEK_DAYS, PersonKind, Problem, Task, TaskKind

Terms = Iterable[tuple[int, int]]
"""Variables (index, coefficient) of a row."""


def relax(problem: Problem, *, medium: int) -> Relaxation:
    """The relaxation of a problem for one of its scores; ``medium`` limits the weight that may be left out."""
    relaxation = Relaxation(problem)
    RowBuilder(relaxation).build(medium)
    return relaxation


class RowBuilder:
    """Adds statics and rows to a relaxation; one method for each kind of row."""

    def __init__(self, relaxation: Relaxation) -> None:
        self.relaxation = relaxation
        self.problem = relaxation.problem
        self.at_slot: dict[int, list[int]] = defaultdict(list)
        self.of_person: dict[int, list[int]] = defaultdict(list)
        for index, option in enumerate(relaxation.options):
            self.at_slot[option.slot].append(index)
            self.of_person[option.person].append(index)
        self.slots_of: dict[str, list[int]] = defaultdict(list)
        for index, slot in enumerate(relaxation.slots):
            self.slots_of[self.problem.tasks[slot.task].id].append(index)

    def build(self, medium: int) -> None:
        """All rows, in the order of FORMAT."""
        self.serve()
        self.fill_roles()
        self.sit_once()
        self.limit_days()
        self.limit_weeks()
        self.hold_gender()
        self.follow()
        self.keep_pins()
        self.leave_out(medium)
        self.know_household()
        self.share_fairly()

    def _row(self, sense: int, rhs: int, statics: Terms, options: Terms, *, lazy: bool = False) -> None:
        relaxation = self.relaxation
        row = relaxation.rows.add(sense, rhs, lazy=lazy)
        for index, value in statics:
            relaxation.statics.coefficients.add(index, row, value)
        for index, value in options:
            relaxation.coefficients.add(index, row, value)

    def serve(self) -> None:
        """R1_window: a task uses one slot or is left out; a used slot costs its lateness and all of its places."""
        relaxation = self.relaxation
        for slot in relaxation.slots:
            cost = slot.cost + self.problem.weights.open_slot * _places(self.problem.tasks[slot.task])
            relaxation.used.append(relaxation.statics.add(cost))
        for task in self.problem.tasks:
            relaxation.left_out.append(relaxation.statics.add(0))
            choices = (*(relaxation.used[slot] for slot in self.slots_of[task.id]), relaxation.left_out[-1])
            self._row(EXACTLY, 1, [(static, 1) for static in choices], [])

    def leave_out(self, medium: int) -> None:
        """The weight of the tasks left out is at most ``medium``."""
        weights = [task.priority.weight for task in self.problem.tasks]
        self._row(AT_MOST, medium, zip(self.relaxation.left_out, weights, strict=True), [])

    def fill_roles(self) -> None:
        """R2_role_count: a used slot has from min to max people in each role."""
        for index, slot in enumerate(self.relaxation.slots):
            used = self.relaxation.used[index]
            for role in self.problem.tasks[slot.task].roles:
                filled = [
                    (option, 1) for option in self.at_slot[index] if self.relaxation.options[option].role == role.id
                ]
                if role.min == role.max:
                    self._row(EXACTLY, 0, [(used, -role.min)], filled)
                    continue
                self._row(AT_LEAST, 0, [(used, -role.min)], filled)
                self._row(AT_MOST, 0, [(used, -role.max)], filled)

    def sit_once(self) -> None:
        """R2_twice: one person fills at most one place of a slot, and only of a used one (a cut where max is 1)."""
        for index, slot in enumerate(self.relaxation.slots):
            task = self.problem.tasks[slot.task]
            if _places(task) == 1:
                continue
            people: dict[int, list[int]] = defaultdict(list)
            for option in self.at_slot[index]:
                people[self.relaxation.options[option].person].append(option)
            for mine in people.values():
                if len(mine) > 1 or task.role_of[self.relaxation.options[mine[0]].role].max > 1:
                    places = [(option, -1) for option in mine]
                    self._row(AT_LEAST, 0, [(self.relaxation.used[index], 1)], places, lazy=True)

    def limit_days(self) -> None:
        """R5_day_minutes and R5_day_tasks where trips share a day or span two; else the pricing holds them."""
        for person, mine in self.of_person.items():
            who = self.problem.people[person]
            for options in self._by_day(mine, 1).values():
                if self._is_one_trip(options):
                    continue
                self._limit(options, who.max_minutes_per_day)
                if who.max_tasks_per_day is not None:
                    self._row(AT_MOST, who.max_tasks_per_day, [], [(option, 1) for option in options])

    def _is_one_trip(self, options: list[int]) -> bool:
        trips = {self.relaxation.options[option].trip for option in options}
        person, window = self.relaxation.windows[next(iter(trips))]
        begin, end = self.problem.people[person].availability[window]
        return len(trips) == 1 and begin // DAY == (end - 1) // DAY

    def limit_weeks(self) -> None:
        """R5_week_minutes."""
        for person, mine in self.of_person.items():
            for options in self._by_day(mine, WEEK_DAYS).values():
                self._limit(options, self.problem.people[person].max_minutes_per_week)

    def _by_day(self, options: list[int], days: int) -> dict[int, list[int]]:
        groups: dict[int, list[int]] = defaultdict(list)
        for option in options:
            groups[self.relaxation.slots[self.relaxation.options[option].slot].day // days].append(option)
        return groups

    def _limit(self, options: list[int], limit: int | None) -> None:
        minutes = [(option, self.relaxation.task(self.relaxation.options[option]).minutes) for option in options]
        if limit is not None and sum(value for _, value in minutes) > limit:
            self._row(AT_MOST, limit, [], minutes)

    def hold_gender(self) -> None:
        """R8_gender: somebody of the gender asked for is at a used slot."""
        for index, slot in enumerate(self.relaxation.slots):
            gender = self.problem.tasks[slot.task].needs_gender
            if gender is not None:
                fitting = [
                    (option, 1)
                    for option in self.at_slot[index]
                    if self.relaxation.person(self.relaxation.options[option]).gender == gender
                ]
                self._row(AT_LEAST, 0, [(self.relaxation.used[index], -1)], fitting)

    def follow(self) -> None:
        """R9_after: a successor's slot needs a slot of its predecessor within the gap."""
        slots, used = self.relaxation.slots, self.relaxation.used
        for task in self.problem.tasks:
            if (rule := task.after) is None:
                continue
            for later in self.slots_of[task.id]:
                before = [
                    (used[slot], 1)
                    for slot in self.slots_of[rule.task]
                    if slots[slot].meets(slots[later], rule.min_gap, rule.max_gap)
                ]
                self._row(AT_LEAST, 0, [(used[later], -1), *before], [])

    def keep_pins(self) -> None:
        """R10_pin: a pinned task is not left out (its start is its only slot) and the pinned people are on its team."""
        number = {task.id: index for index, task in enumerate(self.problem.tasks)}
        for pin in self.problem.pins:
            self._row(AT_MOST, 0, [(self.relaxation.left_out[number[pin.task]], 1)], [])
            for seat in pin.people:
                held = [
                    (index, 1)
                    for slot in self.slots_of[pin.task]
                    for index in self.at_slot[slot]
                    if (option := self.relaxation.options[index]).role == seat.role
                    and self.relaxation.person(option).id == seat.person
                ]
                self._row(EXACTLY, 1, [], held)

    def know_household(self) -> None:
        """Stranger: somebody whom the household knows is at a used slot, or the cost is paid."""
        for index, slot in enumerate(self.relaxation.slots):
            task = self.problem.tasks[slot.task]
            if task.known_by and task.kind is TaskKind.VISIT:
                stranger = self.relaxation.statics.add(self.problem.weights.stranger)
                familiar = [
                    (option, 1)
                    for option in self.at_slot[index]
                    if self.relaxation.person(self.relaxation.options[option]).id in task.known_by
                ]
                self._row(AT_LEAST, 0, [(self.relaxation.used[index], -1), (stranger, 1)], familiar)

    def share_fairly(self) -> None:
        """Fairness: a volunteer's k-th task costs (recent + k)^2 - (recent + k - 1)^2, a rising step."""
        weight = self.problem.weights.fairness
        for person, mine in self.of_person.items():
            who = self.problem.people[person]
            if who.kind is PersonKind.VOLUNTEER:
                tasks = {self.relaxation.slots[self.relaxation.options[option].slot].task for option in mine}
                costs = (weight * (2 * (who.recent_tasks + k) + 1) for k in range(len(tasks)))
                steps = [(self.relaxation.statics.add(cost), -1) for cost in costs]
                self._row(EXACTLY, 0, steps, [(option, 1) for option in mine])


def _places(task: Task) -> int:
    return sum(role.max for role in task.roles)
