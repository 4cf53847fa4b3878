"""The one calendar: the library's days, the county's versions over them, school holidays, festivals by name."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from tenants.calendar import (
    CountyCalendar,
    DayKind,
    Span,
    SpanKind,
    Subject,
    Table,
    example_terms,
    festivals,
    library_table,
)

LIBRARY = CountyCalendar()


def table(*spans: Span, year: int = 2027, since: date = date(2027, 1, 1), number: int = 1, **facts: object) -> Table:
    subject = Subject.HOLIDAYS if spans[0].kind in {SpanKind.HOLIDAY, SpanKind.MAKE_UP} else Subject.TERMS
    values = {"provisional": False, "source": "通知", **facts}
    return Table(subject=subject, year=year, spans=spans, since=since, number=number, **values)  # type: ignore[arg-type]


def span(kind: SpanKind, first: date, last: date | None = None, name: str = "日") -> Span:
    return Span(kind=kind, first=first, last=last or first, name=name)


def test_the_librarys_table_is_the_state_councils_notice_of_2026() -> None:
    """国办发明电 of November 2025: seven holidays, six make-up working days."""
    found = library_table(2026)
    assert [(s.name, s.first, s.days) for s in found.spans if s.kind is SpanKind.HOLIDAY] == [
        ("元旦", date(2026, 1, 1), 3),
        ("春节", date(2026, 2, 15), 9),
        ("清明节", date(2026, 4, 4), 3),
        ("劳动节", date(2026, 5, 1), 5),
        ("端午节", date(2026, 6, 19), 3),
        ("中秋节", date(2026, 9, 25), 3),
        ("国庆节", date(2026, 10, 1), 7),
    ]
    assert [s.first for s in found.spans if s.kind is SpanKind.MAKE_UP] == [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ]
    assert found.provisional is False


def test_two_festivals_in_one_holiday_give_it_both_names() -> None:
    october = next(s for s in library_table(2025).spans if s.first == date(2025, 10, 1))
    assert (october.name, october.name_en, october.days) == ("国庆节、中秋节", "National Day, Mid-Autumn Festival", 8)


def test_a_year_that_nobody_has_announced_is_provisional() -> None:
    assert library_table(2090).provisional is True
    assert LIBRARY.is_provisional(2090) is True
    assert LIBRARY.is_provisional(2026) is False


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 12, 8), DayKind.SCHOOL),  # a Tuesday
        (date(2026, 12, 12), DayKind.FREE),  # a Saturday
        (date(2026, 10, 10), DayKind.SCHOOL),  # a make-up Saturday
        (date(2026, 10, 5), DayKind.FREE),  # a Monday of the National Day holiday
    ],
)
def test_without_a_table_of_the_county_the_library_answers(day: date, kind: DayKind) -> None:
    assert LIBRARY.kind(day) is kind


def test_the_countys_table_stands_in_place_of_the_librarys() -> None:
    """Saturday 9 January 2027 makes up for Monday the 4th; the library knows nothing of either."""
    made_up, off = date(2027, 1, 9), date(2027, 1, 4)
    own = CountyCalendar(tables=(table(span(SpanKind.MAKE_UP, made_up), span(SpanKind.HOLIDAY, off)),))
    assert (LIBRARY.kind(made_up), own.kind(made_up)) == (DayKind.FREE, DayKind.SCHOOL)
    assert (LIBRARY.kind(off), own.kind(off)) == (DayKind.SCHOOL, DayKind.FREE)
    assert own.make_up_days(date(2027, 1, 4), date(2027, 1, 10)) == [made_up]


def test_a_version_holds_from_its_day_on_and_not_before() -> None:
    """Version 2, from June on, has neither holiday of version 1: January's stays, July's goes."""
    january, july = date(2027, 1, 5), date(2027, 7, 6)
    first = table(span(SpanKind.HOLIDAY, january), span(SpanKind.HOLIDAY, july))
    second = table(span(SpanKind.HOLIDAY, date(2027, 8, 3)), since=date(2027, 6, 1), number=2)
    own = CountyCalendar(tables=(first, second))
    assert (own.is_free(january), own.is_free(july), own.is_free(date(2027, 8, 3))) == (True, False, True)


def test_there_is_no_school_in_the_winter_holiday_not_even_on_a_make_up_day() -> None:
    winter = table(span(SpanKind.WINTER, date(2027, 1, 20), date(2027, 2, 20)), year=2026, since=date(2026, 8, 1))
    work = table(span(SpanKind.MAKE_UP, date(2027, 1, 30)))
    own = CountyCalendar(tables=(winter, work))
    assert own.is_free(date(2027, 1, 27)) is True  # a Wednesday
    assert own.is_free(date(2027, 1, 30)) is True
    assert own.is_free(date(2027, 2, 24)) is False


def test_example_terms_follow_one_another_without_a_gap() -> None:
    for year in range(2024, 2040):
        spans = example_terms(year).spans
        assert [s.kind for s in spans] == [SpanKind.TERM, SpanKind.WINTER, SpanKind.TERM, SpanKind.SUMMER]
        for one, other in pairwise(spans):
            assert other.first - one.last == timedelta(days=1)
        assert any(day in festivals(year + 1) for day in spans[1])


def test_lunar_festivals_have_names_in_both_languages() -> None:
    assert {day: zh for day, (zh, _en) in festivals(2026).items()} == {
        date(2026, 2, 16): "农历除夕",
        date(2026, 2, 17): "春节",
        date(2026, 3, 3): "元宵节",
        date(2026, 4, 5): "清明节",
        date(2026, 6, 19): "端午节",
        date(2026, 9, 25): "中秋节",
        date(2026, 10, 18): "重阳节",
    }
    assert festivals(2026)[date(2026, 10, 18)][1] == "Double Ninth Festival"


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (date(2026, 9, 23), (date(2026, 9, 25), 3)),  # Mid-Autumn, Friday to Sunday
        (date(2026, 9, 17), (date(2026, 9, 19), 1)),  # the Sunday is made up for
        (date(2026, 12, 12), (date(2026, 12, 19), 2)),  # a Saturday: the next weekend
        (date(2026, 10, 3), (date(2026, 10, 4), 4)),  # the rest of the National Day holiday
    ],
)
def test_the_next_free_days_begin_where_school_ends(after: date, expected: tuple[date, int]) -> None:
    assert LIBRARY.next_free_days(after) == expected


def test_a_week_is_suggested_by_its_first_free_day() -> None:
    assert LIBRARY.first_free(date(2026, 10, 5), 7) == date(2026, 10, 5)
    assert LIBRARY.first_free(date(2026, 10, 12), 7) == date(2026, 10, 17)
