"""Which trips could take which seat, every other task put aside: listed once, so that the search looks nowhere else."""

from typing import Any

import numpy as np

from scheduling.search.compile import Compiled
from scheduling.search.jit import entry, kernel
from scheduling.search.model import (
    BARRED,
    GENDER,
    KNOWN,
    OPTION,
    PINNED,
    Array,
    Model,
    Table,
    records,
)

KEPT = 64
"""Options of a (slot, role) that are kept on problems of more than BROAD tasks: the cheapest for that task alone."""
BROAD = 600


@kernel
def _may_ever(m: Model, t: int, p: int, only: int) -> bool:
    """Rules that hang on the pair alone: barred, pinned elsewhere in the team, limits below the task's length."""
    flags = m.pair[p, t].marks
    if flags & BARRED or (flags & PINNED and only != p):
        return False
    person = m.person[p]
    return bool(person.max_tasks >= 1 and m.task[t].minutes <= min(person.max_day, person.max_week))


@kernel
def _vetted(m: Model, t: int, p: int, day: int) -> bool:
    return bool(m.task[t].vetting == 0 or m.person[p].vetted >= day + m.const[0].first_day)


@kernel
def _rank(m: Model, groups: Array, ends: Array, t: int, g: int, ranked: Array, keys: Array) -> int:
    """List the people who could ever fill a role, the cheapest for that task alone first; return how many."""
    place, only, found = m.task[t].place, m.role[g].only, 0
    for i in range(ends[m.role[g].group], ends[m.role[g].group + 1]):
        p = groups[i]
        if (only >= 0 and p != only) or not _may_ever(m, t, p, only):
            continue
        way = m.travel[m.person[p].home, place] + m.travel[place, m.person[p].home]
        fair = m.const[0].fairness * (2 * m.person[p].recent + 1) if m.person[p].volunteer else 0
        ranked[found] = p
        keys[found] = m.const[0].travel * way + fair + m.pair[p, t].cost
        found += 1
    order = np.argsort(keys[:found], kind="mergesort")
    ranked[:found] = ranked[order]
    return found


@kernel
def _describe(m: Model, option: Any, t: int, r: int) -> None:
    """Write an option, with what the search asks of its pair and its task to have it at hand."""
    p, place = m.trip[r].person, m.task[t].place
    option.trip, option.person = r, p
    option.way = m.travel[m.person[p].home, place] + m.travel[place, m.person[p].home]
    option.cost = m.pair[p, t].cost
    option.known = (m.pair[p, t].marks & KNOWN) != 0
    option.gender = (m.pair[p, t].marks & GENDER) != 0
    option.place, option.minutes = place, m.task[t].minutes


@kernel
def _scan(m: Model, n: int, ranked: Array, people: int, out: Table, begin: int, most: int, keep: bool) -> int:
    """Count (and, if told, write to ``out`` from ``begin`` on) up to ``most`` options in slot ``n``."""
    t, slot = m.slot[n].task, m.slot[n]
    minutes, place, metric = m.task[t].minutes, m.task[t].place, m.const[0].metric
    found = 0
    for i in range(people):
        p = ranked[i]
        if not _vetted(m, t, p, slot.day):
            continue
        there, back = m.travel[m.person[p].home, place], m.travel[place, m.person[p].home]
        for r in range(m.person[p].trips, m.person[p].trips_end):
            first = max(slot.first, m.trip[r].begin + (there if metric else 0))
            last = min(slot.last, m.trip[r].end - minutes - (back if metric else 0))
            if first > last or found == most:
                continue
            if keep:
                _describe(m, out[begin + found], t, r)
                out[begin + found].first, out[begin + found].last = first, last
            found += 1
        if found == most:
            break
    return found


@entry
def _list_options(m: Model, groups: Array, ends: Array, out: Table, most: int, keep: bool) -> int:
    """Set the range of each cell, and write the options if told; return how many there are in all."""
    total = 0
    ranked, keys = np.zeros(len(m.person), np.int64), np.zeros(len(m.person), np.int64)
    for t in range(len(m.task)):
        for g in range(m.task[t].roles, m.task[t].roles_end):
            people = _rank(m, groups, ends, t, g, ranked, keys)
            for n in range(m.task[t].slots, m.task[t].slots_end):
                c = m.slot[n].cells + g - m.task[t].roles
                m.cell[c].options = total
                total += _scan(m, n, ranked, people, out, total, most, keep)
                m.cell[c].options_end = total
    return total


def with_options(compiled: Compiled) -> Model:
    """The tables with each cell's options listed, cheapest first."""
    model, groups = compiled.model, compiled.groups
    most = KEPT if len(model.task) > BROAD else len(model.trip)
    count = _list_options(model, groups.people, groups.ends, model.option, most, False)
    option = records(OPTION, count)
    _list_options(model, groups.people, groups.ends, option, most, True)
    return model._replace(option=option)
