"""A problem as flat tables that compiled code can read: rows are numbered in the problem's own order.

Two things are split so that the kernels need no special cases. A task's windows are cut at midnight into *slots*, each
a range of starts inside one window and one day, so that lateness, vetting and the daily limits hang on the slot alone;
the published start is a slot of its own. A role with pinned people is cut into one role for each and one for the rest.
"""

from typing import Any, NamedTuple

import numpy as np

Table = np.recarray[Any, Any]
Array = np.ndarray[Any, np.dtype[Any]]

FAR = 1 << 30  # beyond every minute, limit and gap that a problem may state
PINNED_WEIGHT = 10_000_000  # an unserved pinned task outweighs all others together (5,000 tasks of 1,000)

BARRED, KNOWN, PINNED, GENDER = 1, 2, 4, 8  # flags of a (person, task) pair


def layout(fields: str, kind: type = np.int64) -> np.dtype[Any]:
    """A row with the named whole numbers: one width for all that kernels pass on, so that each is compiled once."""
    return np.dtype([(name, kind) for name in fields.split()])


TASK = layout(
    "minutes place weight base_cost floor slots slots_end roles roles_end seats seats_end "
    "needs_gender has_known vetting after min_gap max_gap dependent sibling"
)
SLOT = layout("task first last day cost cells")
ROLE = layout("task least most group seats only")
SEAT = layout("task role")
PERSON = layout("home volunteer recent max_day max_week max_tasks vetted trips trips_end")
TRIP = layout("person begin end home")
CELL = layout("options options_end")
OPTION = layout("trip person first last way cost known gender place minutes", np.int32)
PAIR = layout("cost marks", np.int32)
CONST = layout("travel fairness open_slot stranger first_day days metric")


class Model(NamedTuple):
    """The tables of one problem; a ``*_end`` column closes the half-open range of rows that its twin opens.

    Minutes count from the horizon's midnight; ``slot.day`` counts from ``const.first_day``. ``cell`` has one row for
    each (slot, role) and lists its ``option`` rows: the trips (availability windows) that could take the task alone.
    ``task.dependent`` and ``task.sibling`` chain the tasks that come after one. ``const`` has one row in all.
    """

    task: Table
    slot: Table
    role: Table
    seat: Table
    person: Table
    trip: Table
    cell: Table
    option: Table
    const: Table
    pair: Table
    near: Array
    travel: Array


class State(NamedTuple):
    """A roster in the making: which slot each task has, who sits where, and in which order each trip goes.

    ``task.slot`` is -1 for an unserved task; ``earliest`` and ``latest`` are the tightest starts that all orders allow.
    ``seat.trip`` is -1 for an empty seat; ``seat.before`` and ``seat.behind`` chain a trip's seats in order of time.
    ``load`` counts each person's service by column: the days, then the weeks, then all. ``total`` holds the medium and
    the soft score.
    """

    task: Table
    seat: Table
    role: Table
    trip: Table
    load: Table
    total: Array


TASK_STATE = layout("slot earliest latest team known gender")
SEAT_STATE = layout("trip before behind")
TRIP_STATE = layout("head")
ROLE_STATE = layout("count")
LOAD_STATE = layout("minutes tasks", np.int32)


def records(dtype: np.dtype[Any], rows: int | tuple[int, int]) -> Table:
    """A zeroed table whose rows have named fields, in Python as in compiled code."""
    return np.zeros(rows, dtype).view(np.recarray)


def empty_state(model: Model) -> State:
    """The roster that serves nothing; its total is still to be set by the caller."""
    days = int(model.const.days[0])
    state = State(
        task=records(TASK_STATE, len(model.task)),
        seat=records(SEAT_STATE, len(model.seat)),
        role=records(ROLE_STATE, len(model.role)),
        trip=records(TRIP_STATE, len(model.trip)),
        load=records(LOAD_STATE, (len(model.person), days + days // 7 + 2)),
        total=np.zeros(2, np.int64),
    )
    state.task.slot = -1
    for column in ("trip", "before", "behind"):
        state.seat[column] = -1
    state.trip.head = -1
    return state
