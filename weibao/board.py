"""A roster as its pages show it: one card for each task, by day, by village, by person."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from scheduling.audit.people import travelled
from scheduling.problem import Assignment as Row
from tenants.models import Assignment, Roster
from tenants.queries.rosters import PersonFacts, TaskFacts
from weibao import i18n
from weibao.explaining.names import Names
from weibao.explaining.rules import Warning
from weibao.planning import Draft
from weibao.say import _
from weibao.words import named


@dataclass(frozen=True, kw_only=True)
class SeatCard:
    """One person on a card; ``is_new`` against what is published."""

    person_id: str
    name: str
    role: str
    pinned: bool
    is_new: bool


@dataclass(frozen=True, kw_only=True)
class Card:
    """One task of a roster with its team. ``moved_from`` is the published start where it differs."""

    task: TaskFacts
    title: str
    village: str
    starts_at: datetime
    ends_at: datetime
    seats: tuple[SeatCard, ...]
    time_pinned: bool
    by_hand: bool
    moved_from: datetime | None
    dropped: tuple[str, ...]
    warnings: tuple[Warning, ...]

    @property
    def day(self) -> date:
        """The day on which it begins, on the county's clock."""
        return i18n.local(self.starts_at).date()

    @property
    def is_changed(self) -> bool:
        """Whether people who hold it by a published version would notice a difference."""
        return self.moved_from is not None or bool(self.dropped) or any(seat.is_new for seat in self.seats)


@dataclass(frozen=True, kw_only=True)
class Load:
    """What one person has in a roster; minutes of duties and of travel."""

    person: PersonFacts
    name: str
    cards: tuple[Card, ...]
    minutes: int
    travel: int

    @property
    def days(self) -> int:
        """On how many days."""
        return len({card.day for card in self.cards})


def cards_of(
    roster: Roster,
    names: Names,
    *,
    published: Mapping[str, Row] | None = None,
    warnings: Iterable[Warning] = (),
) -> list[Card]:
    """The cards of a roster by time; ``published`` is what people hold now, ``warnings`` what is wrong with tasks."""
    wrong: dict[str | None, list[Warning]] = defaultdict(list)
    for warning in warnings:
        wrong[warning.task].append(warning)
    held = published or {}
    cards = [
        _card(row, names, held.get(row.task_id), tuple(wrong[row.task_id]))
        for row in roster.assignments
        if row.task_id in names.tasks
    ]
    return sorted(cards, key=lambda card: (card.starts_at, card.village, card.title))


def _card(row: Assignment, names: Names, held: Row | None, warnings: tuple[Warning, ...]) -> Card:
    facts = names.tasks[row.task_id]
    before = {seat.person for seat in held.people} if held else set()
    old = names.moment(held.start) if held else row.starts_at
    return Card(
        task=facts,
        title=names.task(row.task_id),
        village=str(named(facts.village)),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        seats=tuple(
            SeatCard(
                person_id=seat.person_id,
                name=names.person(seat.person_id),
                role=seat.role,
                pinned=seat.pinned,
                is_new=held is not None and seat.person_id not in before,
            )
            for seat in sorted(row.seats, key=lambda seat: (seat.role != "lead", seat.role, seat.person_id))
        ),
        time_pinned=row.time_pinned,
        by_hand=row.by_hand,
        moved_from=old if old != row.starts_at else None,
        dropped=tuple(sorted(names.person(p) for p in before - {seat.person_id for seat in row.seats})),
        warnings=warnings,
    )


def by_day(cards: Iterable[Card]) -> list[tuple[date, list[Card]]]:
    """Cards under the day on which they begin, on the county's clock; they come sorted by time."""
    return [(day, list(held)) for day, held in groupby(cards, key=lambda card: card.day)]


def by_village(cards: Iterable[Card]) -> list[tuple[str, list[Card]]]:
    """Cards under their villages, by name."""
    villages: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        villages[card.village].append(card)
    return sorted(villages.items())


def by_person(cards: Iterable[Card], names: Names, travel: Mapping[str, int] | None = None) -> list[Load]:
    """What each person has, the fullest first."""
    mine: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        for seat in card.seats:
            mine[seat.person_id].append(card)
    loads = [
        Load(
            person=names.people[person],
            name=names.person(person),
            cards=tuple(held),
            minutes=sum(card.task.minutes for card in held),
            travel=(travel or {}).get(person, 0),
        )
        for person, held in mine.items()
        if person in names.people
    ]
    return sorted(loads, key=lambda load: (-load.minutes, load.name))


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A line fit for the notice board: a visit is one visit like another, so that no child can be told from it."""

    starts_at: datetime
    ends_at: datetime
    village: str
    work: str
    people: tuple[str, ...]

    @property
    def day(self) -> date:
        """The day on which it begins, on the county's clock."""
        return i18n.local(self.starts_at).date()


def notices_of(cards: Iterable[Card]) -> list[Notice]:
    """The lines of a roster for the notice board, by time."""
    return [
        Notice(
            starts_at=card.starts_at,
            ends_at=card.ends_at,
            village=card.village,
            work=_("Home visit") if card.task.is_visit else card.title,
            people=tuple(seat.name for seat in card.seats),
        )
        for card in cards
    ]


def travel_of(draft: Draft) -> dict[str, int]:
    """Minutes of travel of each person in a draft."""
    return travelled(draft.problem, draft.rows)


def idle(draft: Draft, names: Names) -> list[str]:
    """Ids of the people who are free in the period and have nothing to do, by name."""
    busy = {seat.person_id for row in draft.roster.assignments for seat in row.seats}
    free = [person.id for person in draft.problem.people if person.availability and person.id not in busy]
    return sorted(free, key=names.person)
