"""The coming holidays as the page lists them, with what the person has said."""

from dataclasses import dataclass

from tenants.calendar import Span
from tenants.models import Person
from tenants.queries.calendar import calendar_of
from tenants.services import holiday_answers as services
from tenants.services.holiday_answers import Parts
from weibao.access import me
from weibao.db import db
from weibao.i18n import today


@dataclass(frozen=True, kw_only=True)
class HolidayRow:
    """One holiday; ``free`` None: nothing is said, and then ``inside`` names the holiday around it that is answered.

    ``provisional``: its days may still change.
    """

    holiday: Span
    key: str
    free: Parts | None
    inside: Span | None
    provisional: bool

    @property
    def anchor(self) -> str:
        """The row's id on the page."""
        return f"holiday-{self.key.replace('/', '-')}"

    @property
    def all_day(self) -> bool:
        """Whether the person is free on every half-day."""
        return self.free == services.ALL_DAY


def rows_of(person: Person) -> list[HolidayRow]:
    """A row for each holiday of the coming year."""
    calendar = calendar_of(db.session(), me().county_id)
    holidays = services.coming(db.session(), me().county_id, today())
    said = services.answers(person, holidays)
    rows = []
    for holiday in holidays:
        key = services.key_of(holiday)
        around = (one for one in holidays if services.key_of(one) in said and one.days > holiday.days)
        inside = next((one for one in around if holiday.first in one), None)
        tables = calendar.tables_on(holiday.first)
        rows.append(
            HolidayRow(
                holiday=holiday,
                key=key,
                free=said.get(key),
                inside=inside if key not in said else None,
                provisional=any(table.provisional and holiday in table.spans for table in tables),
            )
        )
    return rows
