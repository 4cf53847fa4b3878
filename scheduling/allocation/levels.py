"""The aims one after the other, each held at its least before the next, with a bound for each."""

from bisect import bisect_left
from dataclasses import asdict, dataclass, field

from scheduling.allocation.answer import Score
from scheduling.allocation.clock import Clock
from scheduling.allocation.model import Model
from scheduling.allocation.shape import Places, Shape

ORDER = ("short", "skills_missing", "peak", "spread", "moves", "commute")


@dataclass(frozen=True, kw_only=True)
class Floor:
    """A score and its bound, proven for this problem or for one with fewer rules (a looser limit of moves)."""

    score: Score
    bound: Score

    def under(self, aim: str, score: Score) -> int:
        """What the floor proves of an aim for allocations as good as ``score`` in every aim before it."""
        before = ORDER[: ORDER.index(aim)]
        holds = all(getattr(score, name) <= getattr(self.score, name) for name in before)
        return int(getattr(self.bound, aim)) if holds else 0


@dataclass(kw_only=True)
class Descent:
    """Goes down from places that hold every rule; ``bound`` fills up level by level."""

    shape: Shape
    model: Model
    places: Places
    floors: tuple[Floor, ...]
    clock: Clock
    bound: dict[str, int] = field(default_factory=dict)

    def run(self) -> tuple[Places, Score]:
        """The best places found, and the bound (``answer.Allocation`` says what it means)."""
        for i, aim in enumerate(ORDER):
            clock = self.clock.part(1 / (len(ORDER) - i))
            low = max((floor.under(aim, self.score) for floor in self.floors), default=0)
            if self._value(aim) > low:
                low = max(low, self._peak(low, clock) if aim == "peak" else self._aim(aim, clock))
            self.bound[aim] = low
            self.model.hold(aim, self._value(aim))
        return self.places, Score(**self.bound)

    @property
    def score(self) -> Score:
        """Of the best places so far."""
        return self.shape.score(self.places)

    def _value(self, aim: str) -> int:
        return int(asdict(self.score)[aim])

    def _aim(self, aim: str, clock: Clock) -> int:
        found = self.model.minimise(aim, self.places, clock)
        self._keep(found.places)
        return found.bound or 0

    def _peak(self, low: int, clock: Clock) -> int:
        """Halve what lies between the bound and the best; the peak proven when the time is over."""
        peaks = self.shape.peaks
        first, best = bisect_left(peaks, max(low, self._counted_peak())), bisect_left(peaks, self.score.peak)
        while first < best and clock.left > 0:
            middle = (first + best) // 2
            found = self.model.under_peak(peaks[middle], clock.part(1))
            self._keep(found.places)
            if found.places is not None:
                best = bisect_left(peaks, self.score.peak)
            elif found.impossible:
                first = middle + 1
            else:
                break
        return peaks[min(first, best)]

    def _counted_peak(self) -> int:
        """A peak below which not even all the staff together would be enough."""
        columns, staff = range(len(self.shape.rooms)), len(self.places)
        peaks = self.shape.peaks
        enough = [sum(self.shape.count_for(t, peaks[-1]) for t in columns) <= staff]
        if not enough[0]:
            return 0
        first, last = 0, len(peaks) - 1
        while first < last:
            middle = (first + last) // 2
            counts = [self.shape.count_for(t, peaks[middle]) for t in columns]
            held = all(n <= room for n, room in zip(counts, self.shape.rooms, strict=True)) and sum(counts) <= staff
            first, last = (first, middle) if held else (middle + 1, last)
        return peaks[first]

    def _keep(self, places: Places | None) -> None:
        if places is not None and self.shape.score(places) < self.score:
            self.places = places
