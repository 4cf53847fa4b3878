"""What is still unproven of a programme, by CP-SAT: in integers throughout."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from scheduling.allocation.clock import Clock
from scheduling.allocation.programme import Aim, Ints, Programme


@dataclass(frozen=True, kw_only=True)
class Proof:
    """``values`` is None where none were found; ``bound`` is proven, None without any."""

    values: Ints | None
    bound: int | None


def prove(programme: Programme, aim: Aim, start: Ints, clock: Clock) -> Proof:
    """The least value and its proof, in integers throughout."""
    model, variables = _integers(programme, aim)
    for variable, value in zip(variables, start.tolist(), strict=True):
        model.add_hint(variable, value)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = clock.workers
    solver.parameters.linearization_level = 2  # the model is nearly a flow: its linear relaxation is tight
    solver.parameters.max_time_in_seconds = clock.left
    found = solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    knows = math.isfinite(solver.best_objective_bound)
    return Proof(
        values=np.array([solver.value(variable) for variable in variables], np.int64) if found else None,
        bound=math.ceil(solver.best_objective_bound - 1e-6) if knows else None,
    )


def _integers(programme: Programme, aim: Aim) -> tuple[cp_model.CpModel, list[Any]]:
    model = cp_model.CpModel()
    ends = zip(programme.lower.tolist(), programme.upper.tolist(), strict=True)
    variables = [model.new_int_var(low, high, "") for low, high in ends]
    for row in programme.rows:
        terms = [variables[column] for column in row.columns]
        total = cp_model.LinearExpr.weighted_sum(terms, row.factors.tolist())
        model.add_linear_constraint(total, row.least, row.most)
    costs = np.flatnonzero(aim.cost)
    total = cp_model.LinearExpr.weighted_sum([variables[column] for column in costs], aim.cost[costs].tolist())
    model.minimize(total + aim.base)
    return model, variables
