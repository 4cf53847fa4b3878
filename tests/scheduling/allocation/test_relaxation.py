"""Bounds by relaxation are below every allocation, and what they leave out is worse than asked."""

import numpy as np
import pytest

from scheduling.allocation import relaxation
from scheduling.allocation.programme import FAR, Ints, Programme
from scheduling.allocation.shape import AIMS, Shape
from tests.scheduling.allocation import build


def programme_and_every(seed: int) -> tuple[Programme, list[Ints]]:
    """The programme of a small problem, and the values of each allocation that breaks none of its rules."""
    shape = Shape.of(build.at_random(seed))
    programme = Programme.of(shape, shape.problem.max_moves)
    every = (shape.places(posts) for posts in build.every_allocation(shape.problem))
    return programme, [programme.layout.values(places) for places in every]


def test_bounds_are_below_every_allocation_and_nothing_as_good_as_asked_is_left_out() -> None:
    left_out = 0
    for seed in range(80):
        programme, every = programme_and_every(seed)
        for name in AIMS:
            aim = programme.layout.aims[name]
            relaxed = relaxation.relax(programme, aim, 10)
            assert relaxed is not None
            least = min(aim.of(values) for values in every)
            assert relaxed.least <= least, (seed, name)
            near = relaxed.below(least)
            assert all(near.holds(values) for values in every if aim.of(values) <= least), (seed, name)
            left_out += sum(not near.holds(values) for values in every)
    assert left_out > 1000  # it does leave out


def test_multipliers_from_nowhere_bound_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    # The proof is the integers' alone: floating-point prices may be as wrong as they like.
    rng = np.random.default_rng(5)
    monkeypatch.setattr(
        relaxation, "multipliers", lambda programme, aim, seconds: rng.normal(0, 50, len(programme.rows)).tolist()
    )
    for seed in range(60):
        programme, every = programme_and_every(seed)
        for name in AIMS:
            aim = programme.layout.aims[name]
            relaxed = relaxation.relax(programme, aim, 1)
            least = min(aim.of(values) for values in every)
            assert relaxed is not None
            assert relaxed.least <= least
            assert all(relaxed.below(least).holds(values) for values in every if aim.of(values) <= least)


def test_the_price_of_a_row_of_large_numbers_is_not_rounded_away() -> None:
    # Four townships of one demand, two workers at each of the first two, two moves: with the spread held, no
    # allocation has fewer moves. The price of the spread's row is less than a billionth of a move.
    townships = [build.township(name, 4_000, min_staff=0) for name in "abcd"]
    staff = [build.worker(f"s{i}", "ab"[i % 2]) for i in range(4)]
    shape = Shape.of(build.problem(townships, staff))
    programme = Programme.of(shape, 2)
    spread = shape.score((0, 1, 2, 3)).spread
    relaxed = relaxation.relax(programme.hold("spread", spread), programme.layout.aims["moves"], 10)
    assert relaxed is not None
    assert relaxed.least == 2


def test_a_price_on_a_side_without_a_limit_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    shape = Shape.of(build.problem([build.township("a", 5, skills={"law": 1})], [build.worker("x", "a")]))
    programme = Programme.of(shape, None)
    assert any(row.most == FAR for row in programme.rows)
    monkeypatch.setattr(relaxation, "multipliers", lambda programme, aim, seconds: [-1.0] * len(programme.rows))
    relaxed = relaxation.relax(programme, programme.layout.aims["commute"], 1)
    assert relaxed is not None
    assert relaxed.least <= 0
