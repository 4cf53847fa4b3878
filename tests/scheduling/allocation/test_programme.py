"""The programme says of every allocation what the rules and the aims say."""

from dataclasses import asdict

from scheduling.allocation.programme import Programme
from scheduling.allocation.shape import AIMS, Places, Shape
from tests.scheduling.allocation import build


def shape_and_places(seed: int) -> tuple[Shape, list[Places]]:
    """A small problem, and each allocation that breaks none of its rules."""
    shape = Shape.of(build.at_random(seed))
    return shape, [shape.places(posts) for posts in build.every_allocation(shape.problem)]


def test_every_allocation_holds_the_rows_and_each_aim_is_its_score() -> None:
    for seed in range(60):
        shape, every = shape_and_places(seed)
        programme = Programme.of(shape, shape.problem.max_moves)
        for places in every[:200]:
            values = programme.layout.values(places)
            score = asdict(shape.score(places))
            assert programme.holds(values), seed
            assert programme.layout.places(values) == places, seed
            assert {aim: programme.layout.aims[aim].of(values) for aim in AIMS} == {aim: score[aim] for aim in AIMS}


def test_what_is_held_shuts_out_what_is_worse_and_nothing_else() -> None:
    for seed in range(30):
        shape, every = shape_and_places(seed)
        whole = Programme.of(shape, None)
        best = min(map(shape.score, every))
        for aim in (*AIMS, "peak"):
            held = whole.hold(aim, getattr(best, aim))
            for places in every[:200]:
                kept = held.holds(whole.layout.values(places))
                assert kept == (getattr(shape.score(places), aim) <= getattr(best, aim)), (seed, aim)


def test_a_limit_of_moves_shuts_out_more() -> None:
    townships = [build.township("a", 5), build.township("b", 5)]
    shape = Shape.of(build.problem(townships, [build.worker("x", "a"), build.worker("y", "a")]))
    one_leaves, both_leave = (0, 1), (1, 1)
    programme = Programme.of(shape, 1)
    assert programme.holds(programme.layout.values(one_leaves))
    assert not programme.holds(programme.layout.values(both_leave))


def test_what_is_lacking_to_a_peak_is_nothing_for_those_under_it() -> None:
    for seed in range(30):
        shape, every = shape_and_places(seed)
        programme = Programme.of(shape, None)
        for peak in shape.peaks:
            lacking = programme.lacking(peak)
            for places in every[:50]:
                under = shape.score(places).peak <= peak
                reached = lacking is not None and lacking.of(programme.layout.values(places)) == 0
                assert reached == under, (seed, peak)
