"""A roster as a board: people by days, or villages by days, every seat with what has become of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tenants.calendar import CountyCalendar
from tenants.models import Roster
from tenants.queries.rosters import TaskFacts
from tenants.queries.seats import Holding, Place, SeatState
from weibao.board import Card, SeatCard
from weibao.explaining.names import Names
from weibao.words import label, named

_OF_THE_SAME_TIME = frozenset({SeatState.PUBLISHED, SeatState.ACCEPTED})


@dataclass(frozen=True, kw_only=True)
class BoardSeat:
    """One person on a card, and what has become of it."""

    seat: SeatCard
    state: SeatState


@dataclass(frozen=True, kw_only=True)
class Block:
    """One task in a cell: with one seat (by person) or with its whole team (by village)."""

    card: Card
    seats: tuple[BoardSeat, ...]


@dataclass(frozen=True, kw_only=True)
class BoardDay:
    """A column."""

    day: date
    free: bool


@dataclass(frozen=True, kw_only=True)
class BoardLine:
    """A row: a person (``id``) with their post, or a village with the tasks that are left open in it."""

    id: str
    title: str
    post: str
    count: int
    minutes: int
    open: tuple[TaskFacts, ...]
    cells: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Board:
    """Rows by days; ``states`` are those that occur, in the order of a seat's life."""

    days: tuple[BoardDay, ...]
    lines: tuple[BoardLine, ...]
    states: tuple[SeatState, ...]
    by_person: bool

    @property
    def has_open(self) -> bool:
        """Whether any line has a task that is left open."""
        return any(line.open for line in self.lines)


class BoardMaker:
    """Makes the boards of one roster from its cards; ``held`` is what has become of the duties of its tasks."""

    def __init__(
        self, roster: Roster, cards: Iterable[Card], held: Mapping[Place, Holding], calendar: CountyCalendar
    ) -> None:
        self._published = roster.version is not None
        self._held = held
        days = [roster.starts_on + timedelta(days=index) for index in range(roster.days)]
        self._days = tuple(BoardDay(day=day, free=calendar.is_free(day)) for day in days)
        self._blocks = [self._block(card) for card in cards]

    def people(self, names: Names, idle: Iterable[str] = ()) -> Board:
        """A row for each person with a seat, by post and name; then the ``idle``, by id."""
        mine: dict[str, list[Block]] = defaultdict(list)
        for block in self._blocks:
            for seat in block.seats:
                mine[seat.seat.person_id].append(Block(card=block.card, seats=(seat,)))
        lines = [self._person(person, names, mine[person]) for person in names.people if person in mine]
        return self._board([*lines, *(self._person(person, names, []) for person in idle)], by_person=True)

    def villages(self, left: Iterable[TaskFacts] = ()) -> Board:
        """A row for each village with a task, by name, those with a task that is left open (``left``) first."""
        blocks: dict[str, list[Block]] = defaultdict(list)
        waiting: dict[str, list[TaskFacts]] = defaultdict(list)
        for block in self._blocks:
            blocks[block.card.village].append(block)
        for task in left:
            waiting[str(named(task.village))].append(task)
        names = sorted({*blocks, *waiting}, key=lambda name: (name not in waiting, name))
        lines = [self._line("", name, "", blocks[name], tuple(waiting[name])) for name in names]
        return self._board(lines, by_person=False)

    def _person(self, person: str, names: Names, blocks: list[Block]) -> BoardLine:
        return self._line(person, names.person(person), str(label(names.people[person].kind)), blocks, ())

    def _line(self, key: str, title: str, post: str, blocks: list[Block], left: tuple[TaskFacts, ...]) -> BoardLine:
        of_day: dict[date, list[Block]] = defaultdict(list)
        for block in blocks:
            of_day[block.card.day].append(block)
        return BoardLine(
            id=key,
            title=title,
            post=post,
            count=len(blocks),
            minutes=sum(block.card.task.minutes for block in blocks),
            open=left,
            cells=tuple(tuple(of_day[day.day]) for day in self._days),
        )

    def _board(self, lines: list[BoardLine], *, by_person: bool) -> Board:
        found = {seat.state for block in self._blocks for seat in block.seats}
        states = tuple(state for state in SeatState if state in found)
        return Board(days=self._days, lines=tuple(lines), states=states, by_person=by_person)

    def _block(self, card: Card) -> Block:
        return Block(card=card, seats=tuple(BoardSeat(seat=seat, state=self._state(card, seat)) for seat in card.seats))

    def _state(self, card: Card, seat: SeatCard) -> SeatState:
        """A draft proposes whatever its holder does not hold at that very time."""
        held = self._held.get((card.task.id, seat.person_id))
        if held is None:
            return SeatState.PUBLISHED if self._published else SeatState.PROPOSED
        moved = held.state in _OF_THE_SAME_TIME and held.starts_at != card.starts_at
        again = held.state is SeatState.DROPPED or moved
        return SeatState.PROPOSED if again and not self._published else held.state
