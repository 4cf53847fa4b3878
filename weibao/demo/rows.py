"""Rows of the demonstration: ids from the seed, so that the same seed gives the same county."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tenants.calendar import CountyCalendar
from tenants.models import Home, Township, TownshipOwned, Village

FORTNIGHT = 14
COMING = 3 * FORTNIGHT  # days ahead for which activities and exceptions are entered
ZONE = ZoneInfo("Asia/Shanghai")
_Row = TypeVar("_Row", bound=TownshipOwned)


def seeded_id(rng: Random) -> str:
    """An id of the usual form out of the demonstration's own random numbers."""
    return base64.b32encode(rng.randbytes(16)).decode().rstrip("=").lower()


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A township to be filled: its places, the day that counts as today, and its own random numbers.

    ``villages`` and ``homes`` stand in the same order. ``main`` is the township that the log-ins belong to.
    """

    session: Session
    rng: Random
    township: Township
    villages: tuple[Village, ...]
    homes: tuple[Home, ...]
    calendar: CountyCalendar
    today: date
    number: int
    main: bool

    def add(self, model: Callable[..., _Row], **values: Any) -> _Row:
        """Add one row of this township."""
        row = model(township_id=self.township.id, id=seeded_id(self.rng), **values)
        self.session.add(row)
        return row

    def day(self, offset: int) -> date:
        """The day that many days from today."""
        return self.today + timedelta(days=offset)

    def free_days(self, begin: int, end: int) -> list[date]:
        """Days without school from ``begin`` days after today up to, not including, ``end`` days after."""
        days = [self.day(offset) for offset in range(begin, end)]
        return [day for day in days if self.calendar.is_free(day)]

    def at(self, day: date, minute: int) -> datetime:
        """A minute of a day on the county's clock."""
        return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=ZONE)
