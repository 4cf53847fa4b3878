"""A roster from outside becomes the search's own, with the score that the audit gives it."""

from hypothesis import HealthCheck, given, settings

from scheduling.audit import score_of
from scheduling.problem import Pin, Problem, Seat
from scheduling.reasons import serve_free
from scheduling.roster import Score
from scheduling.search.adopt import Places, place
from scheduling.search.engine import Search, score_of_state
from scheduling.search.model import State
from scheduling.search.work import new_work
from tests.scheduling.build import person, problem, role, served, task
from tests.scheduling.strategies import problems


def adopted(search: Search, rows: tuple) -> tuple[int, State]:
    """How many rows were placed, and the state."""
    state = search._empty()
    tables = Places(search.compiled, search.model).tables(rows)
    return int(place(search.model, state, new_work(search.model, 0), *tables)), state


def test_adopted_roster_is_the_best_if_it_is_better() -> None:
    given = problem([person("ann"), person("bob", base="far")], [task("t"), task("u")])
    search = Search(given)
    rows = (served("t", 540, "ann"), served("u", 600, "ann"))
    search.adopt(rows)
    assert score_of(given, search.rows())[0] <= score_of(given, rows)[0]


def test_row_that_does_not_fit_is_left_out_and_the_rest_is_kept() -> None:
    # bob cannot be at two places at once: the earlier row stands.
    tasks = [task("t", windows=((540, 600),)), task("u", place="far", windows=((540, 600),))]
    given = problem([person("bob")], tasks)
    count, state = adopted(Search(given), (served("t", 540, "bob"), served("u", 545, "bob")))
    assert (count, list(state.task.slot >= 0)) == (1, [True, False])


def test_pinned_person_takes_the_pinned_seat() -> None:
    pins = (Pin(task="t", people=(Seat(person="bob", role="lead"),)),)
    given = problem([person("ann"), person("bob")], [task("t", roles=(role(max=2),))], pins=pins)
    count, state = adopted(Search(given), (served("t", 540, "ann", "bob"),))
    assert (count, int(state.task.team[0])) == (1, 2)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(problems())
def test_adopted_roster_has_the_score_of_the_audit(odd: Problem) -> None:
    rows = serve_free(odd, ())
    count, state = adopted(Search(odd), rows)
    # The state keeps orders, not starts: a task may stand earlier in its slot, where nothing costs more.
    assert (count, score_of_state(state).medium) == (len(rows), _medium(odd, rows).medium)


def _medium(odd: Problem, rows: tuple) -> Score:
    """The medium score as the search counts it, where an unserved pinned task outweighs all."""
    search = Search(odd)
    open_tasks = {t.id for t in odd.tasks} - {row.task for row in rows}
    weights = dict(zip([t.id for t in odd.tasks], search.model.task.weight.tolist(), strict=True))
    return Score(medium=sum(weights[name] for name in open_tasks), soft=0)
