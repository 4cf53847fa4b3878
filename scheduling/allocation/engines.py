"""The solvers of a programme in floating point: GLOP for multipliers, SCIP for good values; neither proves."""

from typing import Any

from ortools.linear_solver import pywraplp

from scheduling.allocation.programme import FAR, Aim, Ints, Programme, Row


def multipliers(programme: Programme, aim: Aim, seconds: float) -> list[float] | None:
    """For each row its dual value in the linear relaxation, None if it was not solved in time."""
    loaded = _Linear("GLOP", programme, aim)
    if loaded.solve(seconds) != pywraplp.Solver.OPTIMAL:
        return None
    return [0.0 if row is None else row.dual_value() for row in loaded.rows]


def good_values(programme: Programme, aim: Aim, seconds: float) -> Ints | None:
    """Values near the least, rounded: the rules are not checked with integers, and nothing is proven."""
    loaded = _Linear("SCIP", programme, aim)
    if loaded.solve(seconds) not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
        return None
    values = programme.lower.copy()
    for column, variable in loaded.open.items():
        values[column] = round(variable.solution_value())
    return values


class _Linear:
    """Open columns only; what fixed ones add is taken from the rows, so that numbers stay small."""

    def __init__(self, engine: str, programme: Programme, aim: Aim) -> None:
        self._solver: Any = pywraplp.Solver.CreateSolver(engine)
        lower, upper = programme.lower.tolist(), programme.upper.tolist()
        new = self._solver.NumVar if engine == "GLOP" else self._solver.IntVar
        self.open = {
            column: new(low, high, "")
            for column, (low, high) in enumerate(zip(lower, upper, strict=True))
            if low < high
        }
        self.rows = [self._row(row, lower) for row in programme.rows]
        objective = self._solver.Objective()
        for column, variable in self.open.items():
            if aim.cost[column]:
                objective.SetCoefficient(variable, float(aim.cost[column]))
        objective.SetMinimization()

    def solve(self, seconds: float) -> int:
        """The status; no gap between bound and value is small enough to stop."""
        wanted = pywraplp.MPSolverParameters()
        wanted.SetDoubleParam(pywraplp.MPSolverParameters.RELATIVE_MIP_GAP, 0.0)
        self._solver.SetTimeLimit(max(1, int(1000 * seconds)))
        return int(self._solver.Solve(wanted))

    def _row(self, row: Row, lower: list[int]) -> Any:
        """The row over open columns, None where there is none."""
        terms = list(zip(row.columns.tolist(), row.factors.tolist(), strict=True))
        fixed = sum(factor * lower[column] for column, factor in terms if column not in self.open)
        terms = [(column, factor) for column, factor in terms if column in self.open]
        if not terms:
            return None
        far = self._solver.infinity()
        least = -far if row.least == -FAR else float(row.least - fixed)
        made = self._solver.Constraint(least, far if row.most == FAR else float(row.most - fixed))
        for column, factor in terms:
            made.SetCoefficient(self.open[column], float(factor))
        return made
