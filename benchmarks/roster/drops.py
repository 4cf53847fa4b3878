"""Whether a re-planned roster disturbs anybody for nothing: every single change dropped, the published seat kept."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from scheduling.audit import hard_violations, score_of
from scheduling.problem import Assignment, Problem, Seat

Rows = tuple[Assignment, ...]


def dropped_changes(problem: Problem, rows: Sequence[Assignment]) -> Iterator[Rows]:
    """The rosters in which one change is dropped: a start put back, a person put back on their seat, or both."""
    row_of = {row.task: row for row in rows}
    for old in problem.published:
        row = row_of.get(old.task)
        if row is None:
            yield (*rows, old)
            continue
        for variant in dict.fromkeys((*_starts(old, row), *_seats(old, row))):
            yield tuple(variant if other is row else other for other in rows)


def _starts(old: Assignment, row: Assignment) -> Iterator[Assignment]:
    if row.start != old.start:
        yield replace(row, start=old.start)
        yield old


def _seats(old: Assignment, row: Assignment) -> Iterator[Assignment]:
    here, before = {seat.person for seat in row.people}, {seat.person for seat in old.people}
    for seat in old.people:
        if seat.person in here:
            continue
        for start in {row.start, old.start}:
            yield replace(row, start=start, people=(*row.people, seat))
            for other in row.people:
                if other.person not in before:
                    kept = tuple(s for s in row.people if s is not other)
                    yield replace(row, start=start, people=(*kept, seat))
                    yield replace(row, start=start, people=(*kept, Seat(person=seat.person, role=other.role)))
    for seat in row.people:
        if seat.person not in before and len(row.people) > 1:
            yield replace(row, people=tuple(s for s in row.people if s is not seat))


def better_for_nothing(problem: Problem, rows: Sequence[Assignment]) -> tuple[int, int]:
    """How many changes were dropped, and how many of these rosters are valid and better: it should be none."""
    score, tried, better = score_of(problem, tuple(rows))[0], 0, 0
    for variant in dropped_changes(problem, rows):
        tried += 1
        if score_of(problem, variant)[0] < score and not hard_violations(problem, variant):
            better += 1
    return tried, better
