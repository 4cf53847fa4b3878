"""Could a task be done, every other one put aside? The definitions of FORMAT's first two reasons, to the letter."""

from collections.abc import Iterator

from scheduling.problem import DAY, DEDICATED_SERVICES, Person, Problem, Role, Span, Task


def can_start(problem: Problem, person: Person, role: Role, task: Task) -> bool:
    """True if the person could fill the role at some start."""
    return next(_starts(problem, person, role, task), None) is not None


def team_exists(problem: Problem, task: Task) -> bool:
    """True if at some start a whole team can come together, with the gender asked for.

    Only the first starts of somebody's ranges are tried: any other start of a team can be moved back to one.
    """
    able: dict[str, tuple[Person, dict[str, list[Span]]]] = {}
    for role in task.roles:
        for person in problem.people:
            spans = list(_starts(problem, person, role, task))
            if spans:
                able.setdefault(person.id, (person, {}))[1][role.id] = spans
    firsts = {first for _, roles in able.values() for spans in roles.values() for first, _ in spans}
    return any(_team_at(task, list(able.values()), start) for start in firsts)


def _starts(problem: Problem, person: Person, role: Role, task: Task) -> Iterator[Span]:
    """The [first, last] starts at which the person, alone, could fill the role."""
    if person.kind not in role.kinds or role.skills - person.skills or not _may(person, task):
        return
    there, back = problem.travel(person.base, task.place), problem.travel(task.place, person.base)
    for begin, end in person.availability:
        for opens, closes in task.windows:
            first = max(begin + there, opens)
            last = min(end - back, closes) - task.minutes
            if task.with_children and person.vetted_through is not None:
                last = min(last, DAY * (person.vetted_through + 1) - 1)
            if first <= last:
                yield first, last


def _may(person: Person, task: Task) -> bool:
    if task.id in person.barred_tasks:
        return False
    if person.dedicated and task.service not in DEDICATED_SERVICES:
        return False
    if task.with_children and person.vetted_through is None:
        return False
    needs = [
        (person.max_tasks_per_day, 1),
        (person.max_minutes_per_day, task.minutes),
        (person.max_minutes_per_week, task.minutes),
    ]
    return not any(limit is not None and limit < need for limit, need in needs)


def _team_at(task: Task, able: list[tuple[Person, dict[str, list[Span]]]], start: int) -> bool:
    """Go through the people; a state is how far each role is filled, whether the gender is there, and one joined.

    Whoever joins beyond a role's min counts only for the gender, and one is enough.
    """
    roles = [role for role in task.roles if role.min > 0]
    spare = {role.id for role in task.roles if role.max > role.min}
    goal = tuple(role.min for role in roles)
    states = {((0,) * len(roles), task.needs_gender is None)}
    for person, spans in able:
        fits = {role for role, ranges in spans.items() if any(first <= start <= last for first, last in ranges)}
        match = task.needs_gender in (None, person.gender)
        new = {(filled, True) for filled, _ in states if match and fits & spare}
        for filled, there in states:
            for i, role in enumerate(roles):
                if role.id in fits and filled[i] < goal[i]:
                    new.add(((*filled[:i], filled[i] + 1, *filled[i + 1 :]), there or match))
        states |= new
        if (goal, True) in states:
            return True
    return False
