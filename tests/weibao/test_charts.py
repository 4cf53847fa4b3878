"""The geometry of small charts."""

import random

from weibao.charts import SMALLEST, bars, columns, lines, spread, trend, trends


def test_bars_grow_from_the_floor_to_a_round_ceiling() -> None:
    chart = bars([("a", 8, 4), ("b", 2, 6)], width=242, height=134)
    assert (chart.ceiling, chart.floor, chart.top) == (10, 114, 14)
    first, second = chart.bars
    assert (first.back_y, first.back_height, first.front_height) == (34, 80, 40)
    assert (first.is_short, second.is_short, second.x - first.x) == (False, True, chart.slot)


def test_no_bars_make_an_empty_chart() -> None:
    assert bars([]).bars == ()


def test_a_line_steps_from_value_to_value_and_runs_on_to_the_present() -> None:
    """Costs fall from 200 to 100 after half of ten seconds: down by the whole height, less a margin on each side."""
    chart = lines([[(0, 200), (5, 100)], []], until=10, width=142, height=134)
    assert chart.paths == ("M34.0 19.4H84.0V108.6H134.0",)
    assert (chart.end, chart.low, chart.high) == ((134, 108.6), 94, 206)


def test_a_line_without_values_is_left_out() -> None:
    assert lines([[], []], until=0).paths == ()


def test_columns_carry_their_mean_and_as_many_labels_as_there_is_room() -> None:
    """Seven columns, mean 4 of 10: 200 high, from 14 to 176, so the mean lies at 176 - 162 * 0.4."""
    chart = columns([(str(n), n + 1) for n in range(7)], with_mean=True)
    assert (chart.ceiling, chart.floor, chart.top, chart.mean) == (10, 176, 14, 111.2)
    assert [one.label for one in chart.columns] == ["0", "", "2", "", "4", "", "6"]
    assert chart.columns[-1].height == round(162 * 0.7, 1)
    assert columns([]).mean is None


def test_a_trend_goes_through_the_middles_of_its_columns() -> None:
    assert trend(columns([("a", 0), ("b", 10)])) == "M143.5 176.0L362.5 14.0"


def test_lines_break_where_a_value_is_not_told_and_share_a_scale() -> None:
    """Five steps from 38 to 228, 10 at the top: from 14 to 96. The third value is a gap, the last stands alone."""
    chart = trends([[0, 10, None, 5, None], [None] * 5], ["a", "b", "c", "d", "e"], size=SMALLEST, ceiling=9)
    assert (chart.ceiling, chart.floor, chart.top) == (10, 96, 14)
    assert [line.path for line in chart.lines] == ["M38.0 96.0L85.5 14.0M180.5 55.0", ""]
    assert [place for _x, _y, place in chart.lines[0].points] == [0, 1, 3]
    assert chart.ticks == ((38, "a"), (228, "e"))
    assert trends([], []).lines == ()


def overlaps(points: tuple[tuple[float, float], ...]) -> list[object]:
    pairs = [(a, b) for i, a in enumerate(points) for b in points[i + 1 :]]
    return [pair for pair in pairs for a, b in (pair,) if abs(a[0] - b[0]) < 86 and abs(a[1] - b[1]) < 64]


def test_villages_lie_as_on_a_map_and_their_words_do_not_overlap() -> None:
    chart = spread([(35.6, 112.4), (35.5, 112.4), (35.5, 112.41), (35.5, 112.4)])
    north, south, beside, same = chart.points
    assert north[1] < min(south[1], beside[1], same[1])
    assert south[0] < beside[0]
    assert (overlaps(chart.points), chart.height) == ([], 420)
    assert spread([]).points == ()


def test_many_villages_make_a_taller_map_and_stay_apart() -> None:
    rng = random.Random(7)
    chart = spread([(35 + rng.random(), 112 + rng.random()) for _ in range(40)])
    assert chart.height == 90 + 84 * 10
    assert all(50 <= x <= 430 and 30 <= y <= chart.height - 60 for x, y in chart.points)
    assert overlaps(chart.points) == []
