"""The master: the relaxation's linear programme over the trips found so far (GLOP), and what its duals prove."""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from scheduling.cpsat.pricing import Column, Prices, Pricing
from scheduling.cpsat.relaxation import AT_LEAST, AT_MOST, EXACTLY, SCALE, Ints, Relaxation
from scheduling.cpsat.solving import POLL_SECONDS, Limits

Floats = NDArray[np.float64]

FIRST_PENALTY = 300
"""Cost of a row's unit that the trips found so far do not hold; it also boxes the duals in, which steadies them."""
STIFFER = 4
EPSILON = 1e-6


@dataclass(frozen=True, kw_only=True)
class Solution:
    """Objective (the relaxation's constant included), duals of all rows, and whether a row is broken at a penalty."""

    objective: float
    duals: Floats
    broken: bool


class Master:
    """A linear programme that trips and broken lazy rows are added to; solved by GLOP's primal simplex, warm."""

    def __init__(self, relaxation: Relaxation, pricing: Pricing) -> None:
        self.relaxation = relaxation
        self.pricing = pricing
        self.columns: dict[Column, pywraplp.Variable] = {}
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        self._solver.SetSolverSpecificParametersAsString("use_preprocessing: false")
        self._objective = self._solver.Objective()
        self._statics = [self._variable(cost, upper=1.0) for cost in relaxation.statics.costs]
        self._static_terms = terms_by_row(relaxation.statics.coefficients.arrays)
        self._option_terms = terms_by_row(relaxation.coefficients.arrays)
        self._costs = relaxation.option_costs.tolist()
        self._rows: dict[int, pywraplp.Constraint] = {}
        self._slacks: list[pywraplp.Variable] = []
        self._penalty = FIRST_PENALTY
        for row, lazy in enumerate(relaxation.rows.lazy):
            if not lazy:
                self._add_row(row)
        self._trips = [self._solver.Constraint(-self._solver.infinity(), 1.0) for _ in relaxation.windows]

    def _variable(self, cost: int, upper: float | None = None) -> pywraplp.Variable:
        variable = self._solver.NumVar(0.0, self._solver.infinity() if upper is None else upper, "")
        self._objective.SetCoefficient(variable, cost)
        return variable

    def _add_row(self, row: int) -> None:
        sense, rhs = self.relaxation.rows.senses[row], self.relaxation.rows.rhs[row]
        infinity = self._solver.infinity()
        self._rows[row] = self._solver.Constraint(rhs if sense >= 0 else -infinity, rhs if sense <= 0 else infinity)
        for sign in (1, -1):
            # A row with right-hand side 0 is held by leaving all its variables at 0, so it needs no way out.
            if sense != -sign and (rhs != 0 or sense == EXACTLY):
                self._slacks.append(self._variable(self._penalty))
                self._rows[row].SetCoefficient(self._slacks[-1], sign)
        for static, value in self._static_terms[row]:
            self._rows[row].SetCoefficient(self._statics[static], value)

    def add(self, columns: Iterable[Column]) -> int:
        """Add trips; returns how many were new."""
        before = len(self.columns)
        for column in columns:
            if column not in self.columns:
                self._add_column(column)
        return len(self.columns) - before

    def _add_column(self, column: Column) -> None:
        travel = self.relaxation.travel_cost * self.pricing.travel(column)
        variable = self._variable(travel + sum(self._costs[option] for option in column.options))
        self.columns[column] = variable
        self._trips[column.trip].SetCoefficient(variable, 1.0)
        coefficients: dict[int, int] = defaultdict(int)
        for option in column.options:
            for row, value in self.relaxation.coefficients.of_column[option]:
                coefficients[row] += value
        for row, value in coefficients.items():
            if row in self._rows:
                self._rows[row].SetCoefficient(variable, value)

    def solve(self, limits: Limits) -> Solution | None:
        """Solve to the end, with every lazy row held; None where the limits forbid it."""
        while self._solve_once(limits):
            if not (broken := self._broken_rows()):
                return self._solution()
            for row in broken:
                self._add_lazy_row(row)
        return None

    def _solve_once(self, limits: Limits) -> bool:
        self._solver.SetTimeLimit(max(1, int(limits.left * 1000)))
        with _interruption(self._solver, limits):
            return bool(self._solver.Solve() == pywraplp.Solver.OPTIMAL)

    def _solution(self) -> Solution:
        duals = np.zeros(len(self.relaxation.rows.rhs))
        for row, constraint in self._rows.items():
            duals[row] = constraint.dual_value()
        objective = self._objective.Value() + self.relaxation.constant
        broken = any(slack.solution_value() > EPSILON for slack in self._slacks)
        return Solution(objective=objective, duals=duals, broken=broken)

    def _broken_rows(self) -> list[int]:
        lazy = np.array(self.relaxation.rows.lazy)
        lazy[list(self._rows)] = False
        statics = np.array([variable.solution_value() for variable in self._statics])
        activity = _activity(self.relaxation.statics.coefficients.arrays, statics, len(lazy))
        activity += _activity(self.relaxation.coefficients.arrays, self._option_values(), len(lazy))
        return [int(row) for row in np.flatnonzero(lazy & (activity < -EPSILON))]

    def _option_values(self) -> Floats:
        values = np.zeros(len(self.relaxation.options))
        for column, variable in self.columns.items():
            if (value := variable.solution_value()) > EPSILON:
                values[list(column.options)] += value
        return values

    def _add_lazy_row(self, row: int) -> None:
        self._add_row(row)
        terms = dict(self._option_terms[row])
        for column, variable in self.columns.items():
            if value := sum(terms.get(option, 0) for option in column.options):
                self._rows[row].SetCoefficient(variable, value)

    def stiffen(self) -> None:
        """Raise the penalty of broken rows."""
        self._penalty *= STIFFER
        for slack in self._slacks:
            self._objective.SetCoefficient(slack, self._penalty)


def terms_by_row(arrays: tuple[Ints, Ints, Ints]) -> dict[int, list[tuple[int, int]]]:
    """(column, value) pairs of each row."""
    terms: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for column, row, value in zip(*(part.tolist() for part in arrays), strict=True):
        terms[row].append((column, value))
    return terms


def _activity(arrays: tuple[Ints, Ints, Ints], values: Floats, rows: int) -> Floats:
    columns, row, coefficients = arrays
    return np.bincount(row, weights=coefficients * values[columns], minlength=rows).astype(np.float64)


@contextmanager
def _interruption(solver: pywraplp.Solver, limits: Limits) -> Iterator[None]:
    """Interrupt the solver when asked to stop."""
    done = threading.Event()

    def watch() -> None:
        while limits.should_stop is not None and not done.wait(POLL_SECONDS):
            if limits.should_stop():
                solver.InterruptSolve()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def rounded(relaxation: Relaxation, duals: Floats) -> Ints:
    """Duals times SCALE, rounded, with the signs that their rows ask for."""
    out = np.rint(duals * SCALE).astype(np.int64)
    senses = np.array(relaxation.rows.senses)
    out[(senses == AT_LEAST) & (out < 0)] = 0
    out[(senses == AT_MOST) & (out > 0)] = 0
    return out


def scaled_bound(relaxation: Relaxation, duals: Ints, prices: Prices) -> int:
    """SCALE times the lower bound that these duals prove, whatever they are (weak duality), in exact integers."""
    statics = np.minimum(relaxation.statics.reduced(duals), 0)
    return relaxation.dual_value(duals) + int(statics.sum()) + int(prices.least.sum())
