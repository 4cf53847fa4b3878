"""People's own limits in words: more duties in a month than they take or wish, less notice than they need."""

from collections.abc import Sequence
from datetime import date

from scheduling.problem import Assignment
from weibao import i18n
from weibao.explaining.names import Names
from weibao.explaining.rules import Warning
from weibao.planning.months import Months, Over
from weibao.say import ngettext


def over_most(months: Months, rows: Sequence[Assignment], names: Names) -> list[Warning]:
    """Who has more duties in a month than they take at most."""
    return [_most(over, names) for over in months.over_most(rows)]


def over_wish(months: Months, rows: Sequence[Assignment], names: Names) -> list[Warning]:
    """Who has more duties in a month than they wish."""
    return [_wish(over, names) for over in months.over_wish(rows)]


def made_too_many(
    months: Months, before: Sequence[Assignment], rows: Sequence[Assignment], names: Names
) -> list[Warning]:
    """Whom a change would give more than they take at most: it is refused."""
    had = months.counts(before)
    made = (over for over in months.over_most(rows) if over.number > had[over.person, over.month])
    return [_most(over, names) for over in made]


def made_too_soon(
    months: Months, before: Sequence[Assignment], rows: Sequence[Assignment], names: Names, today: date
) -> list[Warning]:
    """Whom a change would give a duty on less notice than they need: the planner may, once they have asked."""
    return [
        _warning(
            ngettext(
                "%(person)s asks for %(num)d day of notice. Call first.",
                "%(person)s asks for %(num)d days of notice. Call first.",
                months.limits[seat.person].notice,
                person=names.person(seat.person),
            ),
            seat.person,
        )
        for seat in months.too_soon(before, rows, today)
    ]


def _most(over: Over, names: Names) -> Warning:
    text = ngettext(
        "%(person)s has %(num)d duty in %(month)s and takes %(limit)d at most.",
        "%(person)s has %(num)d duties in %(month)s and takes %(limit)d at most.",
        over.number,
        **_facts(over, names),
    )
    return _warning(text, over.person)


def _wish(over: Over, names: Names) -> Warning:
    text = ngettext(
        "%(person)s has %(num)d duty in %(month)s and wishes for %(limit)d.",
        "%(person)s has %(num)d duties in %(month)s and wishes for %(limit)d.",
        over.number,
        **_facts(over, names),
    )
    return _warning(text, over.person)


def _facts(over: Over, names: Names) -> dict[str, str | int]:
    return {"person": names.person(over.person), "month": i18n.month(over.month), "limit": over.limit}


def _warning(text: str, person: str) -> Warning:
    return Warning(text=text, law="", task=None, person=person)
