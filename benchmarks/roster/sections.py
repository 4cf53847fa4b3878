"""The sections of RESULTS.md on rosters, each a table with what it was measured by."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from benchmarks.results import table
from benchmarks.roster import greedy, vroom
from benchmarks.roster.drops import better_for_nothing
from benchmarks.roster.runs import Run, problem_of, rival, run, weibao
from scheduling.explain import alternatives
from scheduling.io import read_problem
from scheduling.reasons import serve_free
from scheduling.solve import solve

Section = Callable[[Path], str]
PEERS = {"VROOM": "vroom", "Timefold": "timefold"}
FIRST = {"small": 1, "medium": 2, "large": 3}


def _runs(problem: Path, seconds: float, seeds: Sequence[int]) -> list[Run]:
    return [run(problem, weibao(seconds, seed=seed)) for seed in seeds]


def _middle(runs: Sequence[Run]) -> Run:
    """The run of the median score (the lower one of two)."""
    return sorted(runs, key=lambda one: (one.medium, one.soft))[(len(runs) - 1) // 2]


def _gap(made: Run) -> str:
    if made.bound is None or made.bound[0] != made.medium:
        return "-"
    return f"{100 * (made.soft - made.bound[1]) / abs(made.soft or 1):.1f} %" if made.bound[1] > 0 else "-"


def _proof(made: Run) -> str:
    if made.proven:
        return "optimal"
    if made.bound is None:
        return "none"
    least = "medium minimal" if made.bound[0] == made.medium else f"medium at least {made.bound[0]}"
    return f"{least}, soft at least {made.bound[1]}" if made.bound[1] > 0 else least


def quality(folder: Path, names: Sequence[str], seconds: float, seeds: Sequence[int]) -> str:
    """Soft cost against greedy's, and what is proven."""

    def rows() -> Iterator[Sequence[object]]:
        for name in names:
            path = problem_of(name, folder)
            hand, runs = run(path, rival("greedy", 0)), _runs(path, seconds, seeds)
            made = _middle(runs)
            spread = f"{min(r.soft for r in runs)}-{max(r.soft for r in runs)}"
            yield (
                name,
                f"{hand.medium}/{hand.soft}",
                f"{made.medium}/{made.soft}",
                spread,
                f"{made.soft / hand.soft:.3f}",
                _proof(made),
                _gap(made),
                f"{max(r.wall_seconds for r in runs):.1f}",
                f"{max(r.megabytes for r in runs):.0f}",
            )

    head = ("instance", "greedy", "weibao", "soft of all seeds", "soft ratio", "proven", "gap", "wall s", "MB")
    return table(head, rows())


def first_answers(folder: Path, names: Sequence[str]) -> str:
    """What there is after one, two or three seconds of solving, beside greedy's unserved weight."""

    def rows() -> Iterator[Sequence[object]]:
        for name in names:
            path, seconds = problem_of(name, folder), FIRST[name.split("-")[0]]
            hand, made = run(path, rival("greedy", 0)), run(path, weibao(seconds))
            yield name, seconds, hand.medium, made.medium, f"{made.stated_seconds:.2f}", f"{made.wall_seconds:.2f}"

    return table(("instance", "seconds asked", "greedy medium", "weibao medium", "stated s", "wall s"), rows())


def proofs(folder: Path, names: Sequence[str], seconds: float) -> str:
    """Optima of tiny instances."""

    def rows() -> Iterator[Sequence[object]]:
        for name in names:
            made = run(problem_of(name, folder), weibao(seconds))
            yield (
                name,
                f"{made.medium}/{made.soft}",
                _proof(made),
                f"{made.stated_seconds:.2f}",
                f"{made.wall_seconds:.2f}",
            )

    return table(("instance", "score", "proven", "stated s", "wall s"), rows())


def replanning(folder: Path, names: Sequence[str], long: float) -> str:
    """A short run against a long one, and whether anybody is disturbed for nothing."""

    def rows() -> Iterator[Sequence[object]]:
        for name in names:
            path = problem_of(name, folder)
            short = {"medium": 5.0, "large": 10.0}.get(name.split("-")[0], 3.0)
            quick, patient = _middle(_runs(path, short, (0, 1, 2))), run(path, weibao(long))
            problem = read_problem(path)
            tried, better = better_for_nothing(problem, solve(problem, seconds=short).assignments)
            control = better_for_nothing(problem, serve_free(problem, ()))
            yield (
                name,
                short,
                f"{quick.medium}/{quick.soft}",
                f"{patient.medium}/{patient.soft}",
                f"{100 * (quick.soft / patient.soft - 1):+.1f} %" if quick.medium == patient.medium else "-",
                f"{better} of {tried}",
                f"{control[1]} of {control[0]}",
            )

    head = ("instance", "s", "weibao", f"after {long:g} s", "soft", "changes dropped with gain", "control")
    return table(head, rows())


def peers(folder: Path, names: Sequence[str], seconds: float) -> str:
    """Greedy, plain CP-SAT and weibao on the same problems."""

    def rows() -> Iterator[Sequence[object]]:
        for name in names:
            path = problem_of(name, folder)
            hand = run(path, rival("greedy", 0))
            for title, command in (("plain CP-SAT", rival("plain", seconds)), ("weibao", weibao(seconds))):
                made = run(path, command)
                yield (
                    name,
                    title,
                    f"{made.medium}/{made.soft}",
                    f"{made.soft / hand.soft:.3f}",
                    _proof(made),
                    _gap(made),
                )

    return table(("instance", "solver", "medium/soft", "soft to greedy's", "proven", "gap"), rows())


def routing(folder: Path, names: Sequence[str], seconds: float) -> str:
    """VROOM, Timefold and weibao on the part of a problem that VROOM can express; those alone that are installed."""
    rivals = [(title, module) for title, module in PEERS.items() if find_spec(module) is not None]

    def rows() -> Iterator[Sequence[object]]:
        for name in names:
            data = vroom.expressible(json.loads(problem_of(name, folder).read_text("utf-8")))
            path = folder / f"{data['id']}.json"
            path.write_text(json.dumps(data), "utf-8")
            commands = [(title, rival(module, seconds)) for title, module in rivals]
            for title, command in (*commands, ("weibao", weibao(seconds))):
                made = run(path, command)
                stranger = made.parts["stranger"]
                yield (
                    name, len(data["tasks"]), title, f"{made.medium}/{made.soft}", made.parts["travel"], stranger,
                    made.parts["late"], f"{made.wall_seconds:.1f}",
                )  # fmt: skip

    head = ("instance", "tasks", "solver", "medium/soft", "travel min", "strangers", "days late", "wall s")
    absent = "".join(
        f"\n\n{title} was not installed (`pip install -e .[peers]`)." for title in set(PEERS) - {t for t, _ in rivals}
    )
    return table(head, rows()) + absent


def alternatives_for_a_seat(folder: Path, name: str) -> str:
    """How long the ranked alternatives for a seat take, in a warm process."""
    path = problem_of(name, folder)
    problem, rows = read_problem(path), greedy.rows_of(path)
    taken = []
    for row in rows:
        begun = time.perf_counter()
        alternatives(problem, rows, row.task, row.people[-1].role, row.people[-1].person)
        taken.append(1000 * (time.perf_counter() - begun))
    return table(
        ("instance", "seats", "median ms", "slowest ms"),
        [(name, len(taken), f"{median(taken):.0f}", f"{max(taken):.0f}")],
    )
