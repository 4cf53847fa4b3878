"""How long a solve may take, and how the time is shared."""

import time
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Clock:
    """Wall ``seconds`` from ``begun``; ``workers`` threads."""

    seconds: float
    workers: int = 2
    begun: float = field(default_factory=time.perf_counter)

    def __post_init__(self) -> None:
        if self.seconds < 0 or self.workers < 1:
            raise ValueError("Expected seconds >= 0 and workers >= 1.")

    @property
    def passed(self) -> float:
        """Seconds since the beginning."""
        return time.perf_counter() - self.begun

    @property
    def left(self) -> float:
        """Seconds that are left, never below 0."""
        return max(0.0, self.seconds - self.passed)

    def part(self, share: float) -> "Clock":
        """A clock that begins now with a share of what is left."""
        return Clock(seconds=self.left * share, workers=self.workers)
