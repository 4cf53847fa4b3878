"""Plan from a file and explain the plan, without a database (the interchange format)."""

import json
import math
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from scheduling.explain import explain
from scheduling.io import encode, read_problem, read_roster, roster_to_json
from scheduling.roster import Roster
from weibao.told import ToldError

FILE = click.Path(path_type=Path)


class Seconds(click.FloatRange):
    """Wall time within bounds; ``nan`` lies within none, though it lies outside of none either."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number of seconds; what is none ends the command in click's own words."""
        seconds = float(super().convert(value, param, ctx))
        if math.isnan(seconds):
            self.fail(f"{value!r} is not a valid number of seconds.", param, ctx)
        return seconds


class OutputError(ToldError, OSError):
    """A file that cannot be written; the message is one line."""


@click.command("solve")
@click.argument("problem", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, help="Where the roster is written.")
@click.option("--seconds", type=Seconds(0.1, 86400), default=60.0, show_default=True, help="Wall time.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Threads.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
@click.option("--deterministic", is_flag=True, help="The same work for the same seed, seconds and workers.")
def solve_command(problem: Path, output: Path, seconds: float, workers: int, seed: int, deterministic: bool) -> None:
    """Plan PROBLEM (JSON) and write the roster; Ctrl+C keeps the best one found so far."""
    from scheduling.solve import solve  # noqa: PLC0415 -- no other command waits for the solver's packages

    read = read_problem(problem)
    need_writable(output)
    with _stop_on_interrupt() as stop:
        roster = solve(
            read,
            seconds=seconds,
            workers=workers,
            seed=seed,
            deterministic=deterministic,
            should_stop=stop.is_set,
        )
    write(output, encode(roster_to_json(roster)))
    click.echo(_summary(roster))


@click.command("explain")
@click.argument("problem", type=FILE)
@click.argument("roster", type=FILE)
@click.option("--task", help="Id of a task: why it is open, or who else could do it.")
@click.option("--person", help="Id of a person: what they do, and what it costs.")
def explain_command(problem: Path, roster: Path, task: str | None, person: str | None) -> None:
    """Print (JSON) what ROSTER costs and why tasks of PROBLEM are open; with both options, one person on one task."""
    answer = explain(read_problem(problem), read_roster(roster), task=task, person=person)
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def _summary(roster: Roster) -> str:
    score, bound = roster.score, roster.bound
    proven = f"bound {bound.medium}/{bound.soft}" if bound else "no bound"
    tasks = len(roster.assignments) + len(roster.unserved)
    return (
        f"{roster.status.value}: score {score.medium}/{score.soft} (medium/soft), {proven}, "
        f"{len(roster.assignments)} of {tasks} tasks served, {roster.seconds:.1f} s"
    )


@contextmanager
def _stop_on_interrupt() -> Iterator[threading.Event]:
    """An event that Ctrl+C sets; a second Ctrl+C ends the program as usual."""
    stop, usual = threading.Event(), signal.getsignal(signal.SIGINT)

    def _stop(*_: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, usual)

    signal.signal(signal.SIGINT, _stop)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, usual)


def need_writable(path: Path) -> None:
    """Refuse before the work begins what could not be written after it.

    Raises:
        OutputError: the path is a folder, or lies in none that can be written to.

    """
    folder = path.resolve().parent
    if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise OutputError(f"{path}: cannot be written: no file in a folder that can be written to")


def write(path: Path, text: str) -> None:
    """Write beside the file and put it in place, so that a full disk leaves no half of one.

    Raises:
        OutputError: it cannot be written.

    """
    beside = path.with_name(f"{path.name}.part")
    try:
        beside.write_text(text, "utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from None
