"""Why tasks are unserved: true reasons by FORMAT's definitions, and a finishing touch that leaves none without one.

A task that could be done alone has the reason ``competing`` only if something is served that competes with it. So a
solver must not leave a task unserved that could still be served as things are: ``serve_free`` serves all of those, and
after it no unserved task is without a reason.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from scheduling.duties import Duties
from scheduling.eligibility import Candidates, Eligibility
from scheduling.problem import Assignment, Person, Pin, Problem, Task
from scheduling.roster import Reason, ReasonCode, Unserved
from scheduling.teams import cheapest_team

FEW = 12
"""People of each role who are looked at first."""
MOST_TEAMS = 60
"""Starts with a whole team that are looked at for what competes with one task; those that keep its gap come first."""


def unserved_reasons(problem: Problem, assignments: Sequence[Assignment]) -> tuple[Unserved, ...]:
    """Each unserved task, in the order of the problem, with every true reason.

    ``competing`` is given where nothing else applies: the tasks that would have to go for the task to be done by the
    team and at the start where fewest would. The rows must keep the hard rules.
    """
    eligibility, duties = Eligibility(problem), Duties(problem, assignments)
    return tuple(
        Unserved(task=task.id, reasons=_reasons(eligibility.candidates(task), duties))
        for task in problem.tasks
        if task.id not in duties.starts
    )


def reasons_of(problem: Problem, duties: Duties, task: Task) -> tuple[Reason, ...]:
    """Every true reason of one unserved task."""
    return _reasons(Eligibility(problem).candidates(task), duties)


def serve_free(problem: Problem, assignments: Sequence[Assignment]) -> tuple[Assignment, ...]:
    """The rows with every task added that can be served as things are, weightiest first; pins are kept.

    Each added task lowers the medium score and breaks no hard rule if the rows broke none.
    """
    eligibility, duties, rows = Eligibility(problem), Duties(problem, assignments), list(assignments)
    pins = {pin.task: pin for pin in problem.pins}
    waiting = sorted((t for t in problem.tasks if t.id not in duties.starts), key=lambda t: -t.priority.weight)
    added = True
    while added:
        added = False
        for task in [task for task in waiting if task.id not in duties.starts]:
            candidates, pin = eligibility.candidates(task), pins.get(task.id, Pin(task=task.id))
            row = free_row(candidates.few(FEW), duties, pin) or free_row(candidates, duties, pin)
            if row is not None:
                duties.add(row)
                rows.append(row)
                added = True
    return tuple(rows)


def team_is_possible(candidates: Candidates) -> bool:
    """True if at some start a whole team could come together, every other task put aside."""
    task = candidates.task
    return any(cheapest_team(task, candidates.here(start), {}) is not None for start in candidates.first_starts())


def _reasons(candidates: Candidates, duties: Duties) -> tuple[Reason, ...]:
    task = candidates.task
    reasons = [
        Reason(code=ReasonCode.NO_ELIGIBLE_PERSON, role=role.id) for role in task.roles if not candidates.enough(role)
    ]
    few = candidates.few(FEW)
    if not reasons and not team_is_possible(few) and not team_is_possible(candidates):
        reasons.append(Reason(code=ReasonCode.NO_POSSIBLE_TEAM))
    if task.after is not None and task.after.task not in duties.starts:
        reasons.append(Reason(code=ReasonCode.PREDECESSOR_UNSERVED))
    if not reasons:
        instead = min(_ways(candidates, few, duties), key=len) or tuple(sorted(duties.starts))[:1]
        reasons += [Reason(code=ReasonCode.COMPETING, instead=instead)] if instead else []
    return tuple(reasons)


def _ways(candidates: Candidates, few: Candidates, duties: Duties) -> Iterator[tuple[str, ...]]:
    """What competes for a few people, and if these would give up more than one task, for all."""
    way = competing(few, duties)
    if way is not None:
        yield way
    if way is None or len(way) > 1:
        yield competing(candidates, duties) or ()


def competing(candidates: Candidates, duties: Duties) -> tuple[str, ...] | None:
    """Fewest served tasks found that would have to go, or move, for this task to be served.

    () if none would, None if no whole team was found. Where the start breaks the gap to the predecessor, the
    predecessor is one of them.
    """
    best: set[str] | None = None
    for found in islice(_ways_by_start(candidates, duties), MOST_TEAMS):
        if best is None or len(found) < len(best):
            best = found
        if len(best) <= 1:
            break
    return None if best is None else tuple(sorted(best))


def _ways_by_start(candidates: Candidates, duties: Duties) -> Iterator[set[str]]:
    """At each start with a whole team: the tasks in the way of the team that gives up fewest."""
    task = candidates.task
    for start in starts_beside(candidates, duties):
        here = candidates.here(start)
        people = {person.id: person for able in here.values() for person in able}
        ways = {name: duties.in_the_way(person, task, start) for name, person in people.items()}
        team = cheapest_team(task, here, {name: len(way) for name, way in ways.items()})
        if team is not None:
            yield {other for seat in team for other in ways[seat.person]} | set(broken_gap(task, duties, start))


def free_row(candidates: Candidates, duties: Duties, pin: Pin) -> Assignment | None:
    """The task served by people who are free, at the first start at which a whole team is; None if there is none."""
    task, problem = candidates.task, duties.problem
    if task.after is not None and task.after.task not in duties.starts:
        return None
    pinned = [problem.person_of[seat.person] for seat in pin.people]
    for start in starts_beside(candidates, duties) if pin.start is None else [pin.start]:
        if broken_gap(task, duties, start):
            continue
        here = _free_here(candidates, duties, pinned, start)
        if here is not None:
            team = cheapest_team(task, here, {}, pin.people, [person.gender for person in pinned])
            if team is not None:
                return Assignment(task=task.id, start=start, people=team)
    return None


def _free_here(
    candidates: Candidates, duties: Duties, pinned: Sequence[Person], start: int
) -> dict[str, list[Person]] | None:
    """People who are free for each role at this start; None as soon as a pinned one is not or a role has too few."""
    task = candidates.task
    here = candidates.here(start)
    came = {person.id for people in here.values() for person in people}
    if any(person.id not in came or duties.in_the_way(person, task, start) for person in pinned):
        return None
    free: dict[str, list[Person]] = {}
    for role in sorted(task.roles, key=lambda role: len(here[role.id])):
        free[role.id] = [person for person in here[role.id] if not duties.in_the_way(person, task, start)]
        if len(free[role.id]) < role.min:
            return None
    return free


def starts_beside(candidates: Candidates, duties: Duties) -> list[int]:
    """First starts of everything that could let the task be served: ranges, the gap's end, people coming free.

    If a team could do the task beside some of its people's duties, it could at one of these: any other start can be
    moved back to one of them. Those that keep the gap to the predecessor come first.
    """
    task, travel = candidates.task, duties.problem.travel
    starts = set(candidates.first_starts())
    everyone = {person.id for people in candidates.able_by_role.values() for person in people}
    starts |= {duty.end + travel(duty.task.place, task.place) for name in everyone for duty in duties.of(name)}
    if task.after is not None and task.after.task in duties.starts:
        starts.add(duties.starts[task.after.task] + task.after.min_gap)
    fitting = [s for s in starts if any(opens <= s and s + task.minutes <= closes for opens, closes in task.windows)]
    return sorted(fitting, key=lambda start: (bool(broken_gap(task, duties, start)), start))


def broken_gap(task: Task, duties: Duties, start: int) -> tuple[str, ...]:
    """The served predecessor, if this start breaks the gap to it."""
    if task.after is None or task.after.task not in duties.starts:
        return ()
    gap = start - duties.starts[task.after.task]
    too_long = task.after.max_gap is not None and gap > task.after.max_gap
    return (task.after.task,) if gap < task.after.min_gap or too_long else ()
