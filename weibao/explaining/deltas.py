"""What publishing changes, in people's words: who is new, who is dropped, whose time moved."""

from collections import defaultdict
from dataclasses import dataclass

from tenants.enums import DutyState
from tenants.models import Assignment, Duty, Seat
from tenants.services.publishing import Delta
from weibao import i18n
from weibao.explaining.names import Names
from weibao.say import _
from weibao.words import role_label


@dataclass(frozen=True, kw_only=True)
class News:
    """What one person will be told, line by line in the order of time."""

    person: str
    lines: tuple[str, ...]


def news_of(delta: Delta, names: Names) -> list[News]:
    """What each person who is concerned will be told, by name."""
    lines: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for row, seat in delta.given:
        lines[seat.person_id].append((row.starts_at.timestamp(), _new(row, seat, names)))
    for duty, row, seat, new_team in delta.changed:
        lines[seat.person_id].append((row.starts_at.timestamp(), _changed(duty, row, seat, names, new_team=new_team)))
    for duty in delta.dropped:
        lines[duty.person_id].append((duty.starts_at.timestamp(), _dropped(duty, names)))
    told = [
        News(person=names.person(person), lines=tuple(line for _at, line in sorted(said)))
        for person, said in lines.items()
    ]
    return sorted(told, key=lambda news: news.person)


def _new(row: Assignment, seat: Seat, names: Names) -> str:
    return _(
        "New: %(when)s, %(task)s as %(role)s",
        when=i18n.moment(row.starts_at),
        task=names.task(row.task_id),
        role=role_label(seat.role),
    )


def _changed(duty: Duty, row: Assignment, seat: Seat, names: Names, *, new_team: bool) -> str:
    task, when = names.task(row.task_id), i18n.moment(row.starts_at)
    if duty.state is DutyState.CANCELLED:
        return _("Back again: %(when)s, %(task)s as %(role)s", when=when, task=task, role=role_label(seat.role))
    if duty.starts_at != row.starts_at:
        return _("Moved: %(task)s from %(old)s to %(when)s", task=task, old=i18n.moment(duty.starts_at), when=when)
    if duty.role != seat.role:
        return _("Other role: %(when)s, %(task)s now as %(role)s", when=when, task=task, role=role_label(seat.role))
    if new_team:
        return _("Other team mates: %(when)s, %(task)s", when=when, task=task)
    return _("Other length: %(when)s, %(task)s", when=when, task=task)


def _dropped(duty: Duty, names: Names) -> str:
    return _("Dropped: %(when)s, %(task)s", when=i18n.moment(duty.starts_at), task=names.task(duty.task_id))
