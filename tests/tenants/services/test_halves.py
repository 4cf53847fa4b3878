"""Half-days become free times and exceptions, and finer hours stay where their half-day stays ticked."""

from datetime import date, timedelta

from tenants.enums import DayPart, ExceptionKind
from tenants.services.availability import FreeTime
from tenants.services.halves import days_of, exceptions_of, half_of, key_of, ticked, week_of

MORNING, AFTERNOON, EVENING = DayPart
MONDAY = date(2026, 11, 30)
AWAY, EXTRA = ExceptionKind.AWAY, ExceptionKind.EXTRA


def free(weekday: int, start: int, end: int) -> FreeTime:
    return FreeTime(weekday=weekday, from_minute=start * 60, to_minute=end * 60)


def test_half_day_is_ticked_where_any_hour_of_it_is_free() -> None:
    assert ticked([free(0, 8, 20), free(5, 9, 11)]) == {(0, MORNING), (0, AFTERNOON), (0, EVENING), (5, MORNING)}
    assert ticked([free(2, 12, 18)]) == {(2, AFTERNOON)}


def test_finer_hours_stay_and_new_half_days_get_the_usual_ones() -> None:
    held = [free(0, 7, 20), free(5, 9, 11)]
    wanted = {(0, MORNING), (0, EVENING), (5, MORNING), (5, AFTERNOON)}
    # Monday's afternoon is cut out of one long window; Saturday keeps its two hours and gains an afternoon.
    assert week_of(held, wanted) == [free(0, 7, 12), free(0, 18, 20), free(5, 9, 11), free(5, 12, 18)]
    assert week_of(held, ticked(held)) == held
    assert week_of(held, set()) == []


def test_answer_is_away_for_what_is_not_ticked_and_free_for_the_hours_of_what_is() -> None:
    days = days_of(MONDAY, MONDAY + timedelta(days=3))
    rows = exceptions_of(days, {(MONDAY, MORNING), (MONDAY + timedelta(days=1), MORNING)})
    found = [(r.kind, (r.from_day - MONDAY).days, (r.to_day - MONDAY).days, r.from_minute, r.to_minute) for r in rows]
    # Two mornings alike are one row each of free and away; two days without a tick are away from midnight to midnight.
    assert found == [(EXTRA, 0, 1, 480, 720), (AWAY, 0, 1, 720, 1440), (AWAY, 2, 3, 0, 1440)]


def test_day_of_which_all_is_ticked_has_no_hour_away() -> None:
    rows = exceptions_of([MONDAY], {(MONDAY, part) for part in DayPart})
    assert [(row.kind, row.from_minute, row.to_minute) for row in rows] == [(EXTRA, 480, 1260)]


def test_half_day_is_read_as_it_is_written() -> None:
    assert half_of(key_of((MONDAY, EVENING))) == (MONDAY, EVENING)
    assert key_of((MONDAY, EVENING)) == "2026-11-30/evening"
