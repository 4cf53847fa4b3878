"""The allocation as a CP-SAT model: any skills, any limit of moves, counts of staff in unary."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ortools.sat.python import cp_model

from scheduling.allocation.clock import Clock
from scheduling.allocation.shape import Places, Shape


@dataclass(frozen=True, kw_only=True)
class Found:
    """``places`` is None where no better ones were found; ``bound`` is proven, None without any."""

    places: Places | None
    bound: int | None
    impossible: bool


class Model:
    """Aims are held one after the other with ``hold``; each search starts from the places last kept."""

    def __init__(self, shape: Shape, max_moves: int | None) -> None:
        self.shape = shape
        self._model = cp_model.CpModel()
        self._stands = [{t: self._model.new_bool_var("") for t in columns} for columns in shape.options]
        self._at_least = [[self._model.new_bool_var("") for _ in range(room)] for room in shape.rooms]
        self._missing: list[tuple[int, str, Any]] = []
        for row, worker in enumerate(shape.problem.staff):
            self._add_once(row, worker.stays)
        for column in range(len(shape.rooms)):
            self._add_count(column)
            self._add_skills(column)
        self.aims = {
            "short": self._short(),
            "skills_missing": sum(variable for _, _, variable in self._missing),
            "spread": self._spread(),
            "moves": self._moves(),
            "commute": self._commute(),
        }
        if max_moves is not None:
            self._model.add(self.aims["moves"] <= max_moves)

    def hold(self, aim: str, value: int) -> None:
        """No allocation that is worse in this aim is looked at from here on."""
        if aim == "peak":
            self._hold_peak(self._model, value)
        else:
            self._model.add(self.aims[aim] <= value)

    def minimise(self, aim: str, places: Places, clock: Clock) -> Found:
        """The least value of an aim other than the peak, from places that hold everything."""
        self._hint(places)
        self._model.minimize(self.aims[aim])
        return self._run(self._model, clock)

    def under_peak(self, peak: int, clock: Clock) -> Found:
        """Any places under a peak."""
        probe = self._model.clone()
        probe.clear_objective()  # type: ignore[no-untyped-call]  # OR-Tools left it without types
        self._hold_peak(probe, peak)
        return self._run(probe, clock)

    def _run(self, model: cp_model.CpModel, clock: Clock) -> Found:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = clock.workers
        solver.parameters.linearization_level = 2  # the model is nearly a flow: its linear relaxation is tight
        solver.parameters.max_time_in_seconds = clock.seconds
        status = solver.solve(model)
        found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        knows = model.has_objective() and math.isfinite(solver.best_objective_bound)
        return Found(
            places=self._read(solver) if found else None,
            bound=math.ceil(solver.best_objective_bound - 1e-6) if knows else None,
            impossible=status == cp_model.INFEASIBLE,
        )

    def _read(self, solver: cp_model.CpSolver) -> Places:
        return tuple(
            next((column for column, variable in stands.items() if solver.boolean_value(variable)), None)
            for stands in self._stands
        )

    def _hint(self, places: Places) -> None:
        self._model.clear_hints()  # type: ignore[no-untyped-call]  # OR-Tools left it without types
        counts, have = [0] * len(self._at_least), dict[tuple[int, str], int]()
        for row, place in enumerate(places):
            for column, variable in self._stands[row].items():
                self._model.add_hint(variable, column == place)
            if place is not None:
                counts[place] += 1
                for skill in self.shape.problem.staff[row].skills:
                    have[place, skill] = have.get((place, skill), 0) + 1
        for column, variables in enumerate(self._at_least):
            for count, variable in enumerate(variables, start=1):
                self._model.add_hint(variable, counts[column] >= count)
        for column, skill, variable in self._missing:
            lacking = self.shape.skills[column][skill] - have.get((column, skill), 0)
            self._model.add_hint(variable, max(0, lacking))

    def _hold_peak(self, model: cp_model.CpModel, peak: int) -> None:
        for column, variables in enumerate(self._at_least):
            count = self.shape.count_for(column, peak)
            if count > len(variables):
                model.add_bool_or([])  # no room for so many: false
            model.add_bool_and(variables[:count])

    def _add_once(self, row: int, stays: bool) -> None:
        variables = list(self._stands[row].values())
        if stays:
            self._model.add_exactly_one(variables)
        else:
            self._model.add_at_most_one(variables)

    def _add_count(self, column: int) -> None:
        at_least = self._at_least[column]
        for fewer, more in pairwise(at_least):
            self._model.add_implication(more, fewer)
        self._model.add(sum(self._here(column)) == sum(at_least))

    def _add_skills(self, column: int) -> None:
        """A worker who is asked for is not missing; what is missing is no less than that."""
        for skill, count in self.shape.skills[column].items():
            missing = self._model.new_int_var(0, count, "")
            self._model.add(missing + sum(self._here(column, skill)) >= count)
            self._missing.append((column, skill, missing))

    def _here(self, column: int, skill: str | None = None) -> Sequence[Any]:
        rows = zip(self.shape.problem.staff, self._stands, strict=True)
        return [stands[column] for w, stands in rows if column in stands and (skill is None or skill in w.skills)]

    def _short(self) -> Any:
        townships = zip(self.shape.problem.townships, self._at_least, strict=True)
        return sum(township.min_staff - sum(variables[: township.min_staff]) for township, variables in townships)

    def _spread(self) -> Any:
        total: Any = 0
        for column, variables in enumerate(self._at_least):
            spread = [self.shape.spread(column, count) for count in range(len(variables) + 1)]
            gains = [before - after for before, after in pairwise(spread)]
            total += spread[0] - sum(gain * variable for gain, variable in zip(gains, variables, strict=True))
        return total

    def _moves(self) -> Any:
        rows = zip(self.shape.current, self._stands, strict=True)
        return sum(1 - stands.get(was, 0) for was, stands in rows if was is not None)

    def _commute(self) -> Any:
        rows = zip(self.shape.problem.commute_minutes, self._stands, strict=True)
        return sum(minutes[column] * variable for minutes, stands in rows for column, variable in stands.items())
