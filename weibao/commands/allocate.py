"""Propose from a file which purchased-service worker serves which township, without a database."""

from dataclasses import asdict
from pathlib import Path

import click

from scheduling.allocation import (
    Allocation,
    Frontier,
    Score,
    allocation_to_json,
    frontier_to_json,
    read_allocation_problem,
)
from scheduling.io import encode
from weibao.commands.roster import FILE, Seconds, need_writable, write


@click.command("allocate")
@click.argument("problem", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, help="Where the allocation is written.")
@click.option("--frontier", "every_move", is_flag=True, help="The best allocation for every number of moves.")
@click.option("--seconds", type=Seconds(0.1, 86400), default=60.0, show_default=True, help="Wall time.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Threads.")
def allocate_command(problem: Path, output: Path, every_move: bool, seconds: float, workers: int) -> None:
    """Allocate the staff of PROBLEM (JSON) to its townships and write who goes where."""
    from scheduling.allocation.frontier import frontier  # noqa: PLC0415 -- no other command waits for the solver
    from scheduling.allocation.solve import solve  # noqa: PLC0415 -- as above

    read = read_allocation_problem(problem)
    need_writable(output)
    if every_move:
        answer = frontier(read, seconds=seconds, workers=workers)
        write(output, encode(frontier_to_json(answer)))
        click.echo(_frontier_summary(answer))
    else:
        allocation = solve(read, seconds=seconds, workers=workers)
        write(output, encode(allocation_to_json(allocation)))
        click.echo(_summary(allocation))


def _frontier_summary(answer: Frontier) -> str:
    proven = "every number of moves proven" if answer.complete else "not every number of moves could be proven in time"
    lines = [f"{len(answer.points)} points, {proven}", *(_summary(point) for point in answer.points)]
    return "\n".join(lines)


def _summary(allocation: Allocation) -> str:
    """Each aim in its order, with its bound where that is not reached."""
    aims = (_aim(name, value, allocation.bound) for name, value in asdict(allocation.score).items())
    return f"{allocation.status.value}: {', '.join(aims)}; {allocation.seconds:.2f} s"


def _aim(name: str, value: int, bound: Score) -> str:
    least = getattr(bound, name)
    return f"{name} {value}" if least == value else f"{name} {value} (at least {least})"
