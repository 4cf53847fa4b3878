"""Every hard rule and the score recomputed from the problem alone; the solver shares nothing with this file."""

from collections.abc import Iterator
from dataclasses import dataclass

from scheduling.allocation.answer import Allocation, Posts, Score
from scheduling.allocation.problem import AllocationProblem, Township, Worker


@dataclass(frozen=True, kw_only=True)
class Breach:
    """A rule that an allocation breaks; ``worker`` and ``township`` are ids where they say something."""

    rule: str
    worker: str | None = None
    township: str | None = None


def audit(problem: AllocationProblem, allocation: Allocation) -> list[Breach]:
    """Every breach of a hard rule, and a score that is stated wrong; empty for a sound allocation."""
    if allocation.problem != problem.id:
        return [Breach(rule="other_problem")]
    if set(allocation.posts) != {worker.id for worker in problem.staff}:
        return [Breach(rule="not_each_worker_once")]
    found = [b for row, _ in enumerate(problem.staff) for b in _worker_breaches(problem, row, allocation.posts)]
    if found and any(breach.rule == "unknown_township" for breach in found):
        return found
    found += [
        Breach(rule="over_max_staff", township=township.id)
        for township in problem.townships
        if len(_staff_at(problem, township, allocation.posts)) > township.max_staff
    ]
    score = score_of(problem, allocation.posts)
    if problem.max_moves is not None and score.moves > problem.max_moves:
        found.append(Breach(rule="over_max_moves"))
    if score != allocation.score:
        found.append(Breach(rule="score"))
    return found


def score_of(problem: AllocationProblem, posts: Posts) -> Score:
    """The six aims of posts that name every worker and no unknown township."""
    short = missing = peak = spread = commute = 0
    for column, township in enumerate(problem.townships):
        here, demand = _staff_at(problem, township, posts), problem.demand[column]
        short += max(0, township.min_staff - len(here))
        missing += sum(max(0, n - sum(skill in w.skills for w in here)) for skill, n in township.skills.items())
        peak = max(peak, -(-100 * demand // len(here)) if here else 200 * demand)
        spread += 100 * demand**2 // len(here) if here else 200 * demand**2
    for row, worker in enumerate(problem.staff):
        post = posts[worker.id]
        if post is not None:
            commute += problem.commute_minutes[row][problem.column_of[post]]
    moves = sum(worker.current is not None and posts[worker.id] != worker.current for worker in problem.staff)
    return Score(short=short, skills_missing=missing, peak=peak, spread=spread, moves=moves, commute=commute)


def _worker_breaches(problem: AllocationProblem, row: int, posts: Posts) -> Iterator[Breach]:
    worker = problem.staff[row]
    post = posts[worker.id]
    if worker.current is not None and post != worker.current and not worker.movable:
        yield Breach(rule="not_movable", worker=worker.id)
    if post is None:
        return
    if post not in problem.column_of:
        yield Breach(rule="unknown_township", worker=worker.id, township=post)
        return
    if post in worker.barred:
        yield Breach(rule="barred", worker=worker.id, township=post)
    limit, minutes = problem.max_commute_minutes, problem.commute_minutes[row][problem.column_of[post]]
    if limit is not None and minutes > limit and post != worker.current:
        yield Breach(rule="too_far", worker=worker.id, township=post)


def _staff_at(problem: AllocationProblem, township: Township, posts: Posts) -> list[Worker]:
    return [worker for worker in problem.staff if posts[worker.id] == township.id]
