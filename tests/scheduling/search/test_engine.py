"""Threads over one problem: each walks on a roster of its own."""

import threading

import numpy as np
import pytest

from scheduling.search import engine
from scheduling.search.engine import Search
from scheduling.search.model import State
from scheduling.search.work import copied
from tests.scheduling.build import many_visits


def test_a_walk_begins_on_one_roster_though_another_thread_betters_the_best_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With two rosters mixed, the orders of trips run in circles after a while, and a move never ends."""
    search = Search(many_visits())
    better = Search(many_visits())
    engine.run(better, workers=1, seconds=0.3, deterministic=True, on_tick=lambda: False)
    first = search.best.state

    def bettered_meanwhile(state: State) -> State:
        made = copied(state)
        search.best.state = better.best.state
        return made

    assert better.best.score < search.best.score
    with monkeypatch.context() as patch:
        patch.setattr(engine, "copied", bettered_meanwhile)
        walk = engine._Walk(search, 0)
    assert search.best.state is not first
    for name, kept in first._asdict().items():
        for own in (walk.state, walk.base, walk.best):
            assert np.array_equal(getattr(own, name), kept)


def test_many_threads_that_begin_at_once_end_in_time() -> None:
    search, done = Search(many_visits()), threading.Event()

    def run() -> None:
        engine.run(search, workers=8, seconds=0.5, deterministic=False, on_tick=lambda: False)
        done.set()

    threading.Thread(target=run, daemon=True).start()
    assert done.wait(60)
