"""Take rows one by one inside a savepoint: any fault, or a trial, and none of them stays."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as made
from enum import StrEnum
from typing import TypeVar

from sqlalchemy.orm import Session

from tenants.errors import ConflictError, Fact, InvalidError

Row = TypeVar("Row")


class Verdict(StrEnum):
    """What a row does."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong with a row: its place in the list, the fact at fault (None: the row), and why, with its names."""

    place: int
    field: str | None
    message: str
    facts: Mapping[str, Fact] = made(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What rows do, in their order; with any problem nothing is done."""

    verdicts: tuple[Verdict, ...] = ()
    problems: tuple[Problem, ...] = ()

    def count(self, verdict: Verdict) -> int:
        """How many rows do that."""
        return sum(one is verdict for one in self.verdicts)


@dataclass(kw_only=True)
class Tally:
    """Grows while rows are taken."""

    verdicts: list[Verdict] = made(default_factory=list)
    problems: list[Problem] = made(default_factory=list)

    def outcome(self) -> Outcome:
        """The end of it."""
        return Outcome(verdicts=tuple(self.verdicts), problems=tuple(self.problems))


@contextmanager
def tried(session: Session, tally: Tally, *, trial: bool) -> Iterator[None]:
    """Keep what is written meanwhile, or nothing of it: for a trial, and as soon as the tally holds a problem."""
    nested = session.begin_nested()
    yield
    if trial or tally.problems:
        nested.rollback()
    else:
        nested.commit()


def take(session: Session, rows: Sequence[Row], one: Callable[[Row], Verdict], *, trial: bool) -> Outcome:
    """Take each row; a row that is refused leaves the others to be tried, so that all faults are told at once."""
    tally = Tally()
    with tried(session, tally, trial=trial):
        for place, row in enumerate(rows):
            try:
                tally.verdicts.append(one(row))
            except (InvalidError, ConflictError) as error:
                tally.problems.append(Problem(place=place, field=error.field, message=error.message, facts=error.facts))
    return tally.outcome()


class Once:
    """Refuses the second row of one file that means the same thing."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def meet(self, key: str, field_name: str) -> None:
        """Remember a key.

        Raises:
            InvalidError: another row of the file had it.

        """
        if key in self._seen:
            raise InvalidError("Another row of this file says the same one.", field=field_name)
        self._seen.add(key)
