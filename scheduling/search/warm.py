"""One tiny problem that takes the search through every kernel, so that all are compiled and cached."""

from scheduling.problem import Horizon, Person, PersonKind, Place, Priority, Problem, Role, Service, Task, TaskKind
from scheduling.search.engine import Search, run


def small_problem() -> Problem:
    """One person and one visit."""
    role = Role(id="lead", min=1, max=1, kinds=frozenset({PersonKind.VOLUNTEER}))
    task = Task(
        id="t",
        name="t",
        kind=TaskKind.VISIT,
        service=Service.SOCIAL_WORK,
        place="p",
        minutes=30,
        windows=((0, 600),),
        priority=Priority.NORMAL,
        with_children=False,
        roles=(role,),
    )
    person = Person(id="a", name="a", kind=PersonKind.VOLUNTEER, gender=None, base="p", availability=((0, 600),))
    return Problem(
        id="warm-up",
        horizon=Horizon(start="2026-01-05", days=1),
        places=(Place(id="p", name="p", lat=0.0, lon=0.0),),
        travel_minutes=((0,),),
        people=(person,),
        tasks=(task,),
    )


def compile_kernels() -> None:
    """Run the search on the small problem for a moment."""
    search = Search(small_problem())
    run(search, workers=1, seconds=0.01, deterministic=True, on_tick=lambda: False)
    search.polish(1.0)
    search.adopt(search.rows())
