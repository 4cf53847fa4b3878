"""The aims one after the other, each held at its least before the next, with a bound for each."""

from bisect import bisect_left
from dataclasses import asdict, dataclass, field

from scheduling.allocation.answer import Score
from scheduling.allocation.clock import Clock
from scheduling.allocation.engines import good_values
from scheduling.allocation.programme import Aim, Ints, Programme
from scheduling.allocation.relaxation import relax
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
    programme: Programme
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
            self.programme = self.programme.hold(aim, self._value(aim))
        return self.places, Score(**self.bound)

    @property
    def score(self) -> Score:
        """Of the best places so far."""
        return self.shape.score(self.places)

    def _value(self, aim: str) -> int:
        return int(asdict(self.score)[aim])

    def _aim(self, aim: str, clock: Clock) -> int:
        """The least that is proven; what cannot be as good as the best is left out from here on."""
        of = self.programme.layout.aims[aim]
        low = 0
        for search in (self._good, self._proven):  # after the first, the relaxation of what is left is often tight
            if clock.left == 0:
                break
            relaxed = relax(self.programme, of, clock.left)
            low = max(low, relaxed.least if relaxed else 0)
            if low < self._value(aim):
                low = max(low, search(of, clock))
            if relaxed:
                self.programme = relaxed.below(self._value(aim))
            if low >= self._value(aim):
                break
        return low

    def _good(self, of: Aim, clock: Clock) -> int:
        self._keep_values(good_values(self.programme, of, clock.left / 2))
        return 0

    def _proven(self, of: Aim, clock: Clock) -> int:
        from scheduling.allocation.proof import prove  # noqa: PLC0415 -- slow to load, and seldom needed

        found = prove(self.programme, of, self.programme.layout.values(self.places), clock)
        self._keep_values(found.values)
        return found.bound or 0

    def _peak(self, low: int, clock: Clock) -> int:
        """Halve what lies between the bound and the best; the peak proven when the time is over."""
        peaks = self.shape.peaks
        first, best = bisect_left(peaks, low), bisect_left(peaks, self.score.peak)
        while first < best and clock.left > 0:
            middle = (first + best) // 2
            reached = self._reaches(peaks[middle], clock)
            if reached:
                best = bisect_left(peaks, self.score.peak)
            elif reached is False:
                first = middle + 1
            else:
                break
        return peaks[min(first, best)]

    def _reaches(self, peak: int, clock: Clock) -> bool | None:
        """Whether any places are under a peak, which are then the best; None if the time was not enough."""
        lacking = self.programme.lacking(peak)
        if lacking is None:
            return False
        relaxed = relax(self.programme, lacking, clock.left)
        if relaxed and relaxed.least > 0:
            return False
        self._keep_values(good_values(self.programme, lacking, clock.left / 2))
        if self.score.peak <= peak:
            return True
        bound = self._proven(lacking, clock)
        if self.score.peak <= peak:
            return True
        return False if bound else None

    def _keep_values(self, values: Ints | None) -> None:
        """Values are taken only if the rules hold, and never for a worse score."""
        if values is not None:
            places = self.programme.layout.places(values)
            held = self.programme.holds(self.programme.layout.values(places))
            if held and self.shape.score(places) < self.score:
                self.places = places
