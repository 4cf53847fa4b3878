"""Geometry of the small charts that templates draw as SVG; each stands beside a table or words with its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10


@dataclass(frozen=True, kw_only=True)
class Bar:
    """Two bars of one place on the axis: a wide pale one behind a narrow dark one. Pixels from the top left."""

    x: float
    label: str
    back_y: float
    back_height: float
    front_y: float
    front_height: float
    is_short: bool


@dataclass(frozen=True, kw_only=True)
class BarChart:
    """Bars side by side over a zero line, with the value of the upper grid line."""

    width: int
    height: int
    slot: float
    floor: float
    ceiling: float
    top: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True, kw_only=True)
class LineChart:
    """Step lines over time as SVG paths; ``end`` marks the newest value of the first line."""

    width: int
    height: int
    low: float
    high: float
    last: float
    paths: tuple[str, ...]
    end: tuple[float, float] | None


_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 8, 14, 20


def bars(rows: Sequence[tuple[str, float, float]], *, width: int = 640, height: int = 150) -> BarChart:
    """A chart of (label, back, front): the front bar is what is needed, the back one what there is."""
    ceiling = _round_up(max([1.0, *(max(back, front) for _, back, front in rows)]))
    floor = height - _BOTTOM
    slot = (width - _LEFT - _RIGHT) / max(1, len(rows))
    scale = (floor - _TOP) / ceiling
    return BarChart(
        width=width,
        height=height,
        slot=round(slot, 1),
        floor=floor,
        ceiling=ceiling,
        top=_TOP,
        bars=tuple(
            Bar(
                x=round(_LEFT + slot * index, 1),
                label=label,
                back_y=round(floor - back * scale, 1),
                back_height=round(back * scale, 1),
                front_y=round(floor - front * scale, 1),
                front_height=round(front * scale, 1),
                is_short=front > back,
            )
            for index, (label, back, front) in enumerate(rows)
        ),
    )


def lines(
    series: Sequence[Sequence[tuple[float, float]]], *, until: float, width: int = 640, height: int = 170
) -> LineChart:
    """Step lines of (seconds, value), each drawn on to ``until``; the scale spans all values."""
    values = [value for line in series for _, value in line]
    low, high = min(values, default=0.0), max(values, default=1.0)
    margin = max(1.0, (high - low) * 0.06)
    low, high = low - margin, high + margin
    plot = _Plot(width=width, height=height, low=low, high=high, until=max(until, 0.1))
    first = series[0] if series else ()
    return LineChart(
        width=width,
        height=height,
        low=low,
        high=high,
        last=until,
        paths=tuple(plot.steps(line, until) for line in series if line),
        end=plot.at(until, first[-1][1]) if first else None,
    )


@dataclass(frozen=True, kw_only=True)
class _Plot:
    width: int
    height: int
    low: float
    high: float
    until: float

    def at(self, seconds: float, value: float) -> tuple[float, float]:
        inner_width, inner_height = self.width - _LEFT - _RIGHT, self.height - _TOP - _BOTTOM
        x = _LEFT + inner_width * min(1.0, seconds / self.until)
        y = _TOP + inner_height * (self.high - value) / (self.high - self.low)
        return round(x, 1), round(y, 1)

    def steps(self, line: Sequence[tuple[float, float]], until: float) -> str:
        x, y = self.at(*line[0])
        path = [f"M{x} {y}"]
        for seconds, value in line[1:]:
            x, y = self.at(seconds, value)
            path.append(f"H{x}V{y}")
        return "".join([*path, f"H{self.at(until, line[-1][1])[0]}"])


def _round_up(value: float) -> float:
    """The next round number (1, 2, 2.5 or 5 times a power of ten)."""
    power = 10.0 ** (ceil(log10(value)) - 1)
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= value)


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A falling step curve over whole numbers, with a mark for each point: (x, y, number, value)."""

    width: int
    height: int
    floor: float
    top: float
    ceiling: float
    path: str
    marks: tuple[tuple[float, float, int, float], ...]


def curve(points: Sequence[tuple[int, float]], *, width: int = 440, height: int = 260) -> Curve:
    """A curve of (number, value), numbers rising; the scale begins at 0 on both axes."""
    ceiling = _round_up(max([1.0, *(value for _, value in points)]))
    most = max([1, *(number for number, _ in points)])
    floor, right = height - _BOTTOM - 14, width - _RIGHT - 14
    left = _LEFT + 14

    def at(number: int, value: float) -> tuple[float, float]:
        x = left + (right - left) * number / most
        return round(x, 1), round(floor - (floor - _TOP) * value / ceiling, 1)

    marks = tuple((*at(number, value), number, value) for number, value in points)
    path = "".join(f"{'H' if i else 'M'}{x}{'V' if i else ' '}{y}" for i, (x, y, _, _) in enumerate(marks))
    return Curve(width=width, height=height, floor=floor, top=_TOP, ceiling=ceiling, path=path, marks=marks)


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its left edge, its label ("" where there is no room), top and height, and what it is worth."""

    x: float
    label: str
    y: float
    height: float
    value: float


@dataclass(frozen=True, kw_only=True)
class ColumnChart:
    """Columns side by side over a zero line; ``mean`` is where the line of their mean lies, None without one."""

    width: int
    height: int
    slot: float
    floor: float
    top: float
    ceiling: float
    columns: tuple[Column, ...]
    mean: float | None


SMALL, MOST_LABELS = (480, 200), 6
"""Width and height of a chart that is read on a phone too, and how many labels it has room for."""


def every(count: int, most: int = MOST_LABELS) -> int:
    """Each how manieth label is written, so that there are ``most`` at most."""
    return max(1, ceil(count / most))


def columns(rows: Sequence[tuple[str, float]], *, with_mean: bool = False) -> ColumnChart:
    """A chart of (label, value) in the order given."""
    width, height = SMALL
    ceiling = _round_up(max([1.0, *(value for _, value in rows)]))
    floor, slot = height - _BOTTOM - 4, (width - _LEFT - _RIGHT) / max(1, len(rows))
    scale, step = (floor - _TOP) / ceiling, every(len(rows))
    mean = sum(value for _, value in rows) / len(rows) if rows and with_mean else None
    return ColumnChart(
        width=width,
        height=height,
        slot=round(slot, 2),
        floor=floor,
        top=_TOP,
        ceiling=ceiling,
        columns=tuple(
            Column(
                x=round(_LEFT + slot * index, 1),
                label="" if index % step else label,
                y=round(floor - value * scale, 1),
                height=round(value * scale, 1),
                value=value,
            )
            for index, (label, value) in enumerate(rows)
        ),
        mean=None if mean is None else round(floor - mean * scale, 1),
    )


def trend(chart: ColumnChart) -> str:
    """The path through the middles of a chart's columns, for what is a state at a time and not an amount."""
    points = [(round(one.x + chart.slot / 2, 1), one.y) for one in chart.columns]
    return "".join(f"{'L' if index else 'M'}{x} {y}" for index, (x, y) in enumerate(points))


@dataclass(frozen=True, kw_only=True)
class TrendLine:
    """A line: its path, broken where a value is not known, and its points by their place on the axis."""

    path: str
    points: tuple[tuple[float, float, int], ...]


@dataclass(frozen=True, kw_only=True)
class TrendChart:
    """Lines over the same steps and on one scale from 0; ``ticks`` are the labels that there is room for."""

    width: int
    height: int
    floor: float
    top: float
    ceiling: float
    ticks: tuple[tuple[float, str], ...]
    lines: tuple[TrendLine, ...]


SMALLEST = (240, 120)
"""Width and height of one of many small charts."""


def trends(
    series: Sequence[Sequence[float | None]],
    labels: Sequence[str],
    *,
    size: tuple[int, int] = SMALL,
    ceiling: float = 0.0,
) -> TrendChart:
    """Lines over labelled steps; None is a gap. ``ceiling`` lets charts beside each other share a scale."""
    width, height = size
    top = _round_up(max([1.0, ceiling, *(value for line in series for value in line if value is not None)]))
    floor, left, right = height - _BOTTOM - 4, _LEFT + 4, width - _RIGHT - 4
    last = max(1, len(labels) - 1)

    def at(place: int, value: float) -> tuple[float, float]:
        return round(left + (right - left) * place / last, 1), round(floor - (floor - _TOP) * value / top, 1)

    def drawn(line: Sequence[float | None]) -> TrendLine:
        points = [(*at(place, value), place) for place, value in enumerate(line) if value is not None]
        steps = [("L" if place and line[place - 1] is not None else "M", x, y) for x, y, place in points]
        return TrendLine(path="".join(f"{step}{x} {y}" for step, x, y in steps), points=tuple(points))

    room = 2 if width < SMALL[0] else MOST_LABELS
    step = max(1, ceil(last / (room - 1)))
    ticks = tuple((at(place, 0)[0], label) for place, label in enumerate(labels) if (last - place) % step == 0)
    return TrendChart(
        width=width,
        height=height,
        floor=floor,
        top=_TOP,
        ceiling=top,
        ticks=ticks,
        lines=tuple(drawn(line) for line in series),
    )


@dataclass(frozen=True, kw_only=True)
class MapChart:
    """Places on a map, in the order given: pixels from the top left."""

    width: int
    height: int
    points: tuple[tuple[float, float], ...]


_SIDE, _ABOVE, _BELOW = 50, 30, 60
_APART = (94.0, 72.0)
_ROW, _EACH_ROW = 84, 4
_STEPS, _NEAR = 300, 6


def spread(spots: Sequence[tuple[float, float]]) -> MapChart:
    """Places by latitude and longitude, moved apart where their words would overlap; lined up where that is not enough.

    True enough for a township; the order from north to south and from west to east is kept as far as there is room.
    """
    width, height = SMALL[0], max(420, _ABOVE + _BELOW + _ROW * ceil(len(spots) / _EACH_ROW))
    if not spots:
        return MapChart(width=width, height=height, points=())
    lats, lons = [lat for lat, _ in spots], [lon for _, lon in spots]
    scale_x = (width - 2 * _SIDE) / ((max(lons) - min(lons)) or 1.0)
    scale_y = (height - _ABOVE - _BELOW) / ((max(lats) - min(lats)) or 1.0)
    at = [[_SIDE + scale_x * (lon - min(lons)), _ABOVE + scale_y * (max(lats) - lat)] for lat, lon in spots]
    bounds = ((_SIDE, width - _SIDE), (_ABOVE, height - _BELOW))
    for _step in range(_STEPS):
        if not sum(_push(a, b, bounds) for i, a in enumerate(at) for b in at[i + 1 :]):
            break
    if any(min(_missing(a, b)) > _NEAR for i, a in enumerate(at) for b in at[i + 1 :]):
        _line_up(at, bounds)
    return MapChart(width=width, height=height, points=tuple((round(x, 1), round(y, 1)) for x, y in at))


def _missing(a: list[float], b: list[float]) -> list[float]:
    """How much two places lack of lying apart, by axis; they overlap where both are positive."""
    return [apart - abs(a[axis] - b[axis]) for axis, apart in enumerate(_APART)]


def _push(a: list[float], b: list[float], bounds: tuple[tuple[float, float], tuple[float, float]]) -> bool:
    """Move two places apart where they overlap, along the axis on which less is missing; whether they did."""
    missing = _missing(a, b)
    if min(missing) <= 0:
        return False
    axis = 0 if missing[0] < missing[1] else 1
    sign = -1 if a[axis] < b[axis] or (a[axis] == b[axis] and axis) else 1
    low, high = bounds[axis]
    for point, way in ((a, sign), (b, -sign)):
        point[axis] = min(high, max(low, point[axis] + way * (missing[axis] / 2 + 0.5)))
    return True


def _line_up(at: list[list[float]], bounds: tuple[tuple[float, float], tuple[float, float]]) -> None:
    """Put crowded places in rows from north to south, each row from west to east."""
    (left, right), (above, _below) = bounds
    ordered = sorted(at, key=lambda point: point[1])
    for row in range(0, len(ordered), _EACH_ROW):
        for place, point in enumerate(sorted(ordered[row : row + _EACH_ROW], key=lambda point: point[0])):
            point[:] = left + (right - left) * place / (_EACH_ROW - 1), above + _ROW * row / _EACH_ROW
