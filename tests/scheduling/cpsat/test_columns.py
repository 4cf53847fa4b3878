"""The soft bound by column generation: tight where the relaxation is, monotone news, limits kept."""

import pytest

from scheduling.cpsat import soft_bound
from scheduling.cpsat.columns import ColumnGeneration, trips_of
from scheduling.cpsat.master import scaled_bound
from scheduling.cpsat.rows import relax
from scheduling.cpsat.solving import Limits
from scheduling.problem import DAY, Problem, Weights
from tests.scheduling.build import person, problem, role, served, task


def two_trips() -> Problem:
    """Four visits in the other village, two on each of two days."""
    windows = {n: ((n // 2 * DAY + 540, n // 2 * DAY + 800),) for n in range(4)}
    return problem([person("p"), person("q")], [task(f"t{n}", place="far", windows=w) for n, w in windows.items()])


def test_soft_bound_is_the_optimum_where_no_team_has_to_meet() -> None:
    # Each day one trip of 60 minutes serves both visits: 120 travel. Fairness is least if each does two: 2 x (4 + 4).
    assert soft_bound(two_trips(), medium=0, seconds=120.0) == 136


def test_soft_bound_is_lower_where_starts_may_differ() -> None:
    # The lead can come before 10:00, the helper after it; in one slot they "meet", so the relaxation serves the visit
    # for 60 + 2. A bound need not be reached, but must not be above the cost of leaving nothing out.
    people = [person("p", availability=((480, 600),)), person("q", availability=((600, 720),))]
    given = problem(people, [task("t", roles=(role(), role("helper")))], weights=Weights(fairness=1))
    assert soft_bound(given, medium=0, seconds=120.0) == 2


def test_soft_bound_news_rise_to_the_bound() -> None:
    news: list[int] = []
    bound = soft_bound(two_trips(), medium=0, seconds=120.0, on_bound=news.append)
    assert news == sorted(set(news))
    assert news[-1] == bound


def test_soft_bound_stops_at_the_incumbent() -> None:
    rows = [served(f"t{n}", n // 2 * DAY + 540 + n % 2 * 60, "pq"[n // 2]) for n in range(4)]
    assert soft_bound(two_trips(), medium=0, pool=[rows], incumbent=1, seconds=120.0) in range(1, 137)


@pytest.mark.parametrize("seconds", [-1.0])
def test_negative_seconds_are_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="Expected seconds >= 0"):
        soft_bound(two_trips(), medium=0, seconds=seconds)


def test_trips_of_reads_a_roster_by_person_and_window() -> None:
    relaxation = relax(two_trips(), medium=0)
    rows = [served("t0", 600, "p"), served("t1", 540, "p"), served("t2", DAY + 540, "q")]
    ways = [
        [
            (relaxation.task(option).id, relaxation.person(option).id)
            for option in map(relaxation.options.__getitem__, c.options)
        ]
        for c in trips_of(relaxation, rows)
    ]
    assert sorted(ways) == [[("t1", "p"), ("t0", "p")], [("t2", "q")]]


def test_bound_is_proven_again_by_its_own_duals() -> None:
    # What the generation keeps must prove what it says: the same duals, priced thoroughly, give no lower bound.

    generation = ColumnGeneration(relax(two_trips(), medium=0))
    generation.run(Limits(seconds=120.0))
    assert generation.duals is not None
    assert generation.scaled is not None
    generation.pricing.effort = 3
    again = scaled_bound(generation.relaxation, generation.duals, generation.pricing(generation.duals, 1))
    assert again >= generation.scaled
