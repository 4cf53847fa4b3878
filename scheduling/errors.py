"""What scheduling raises when it is misused; a poor or partial roster is returned, never raised."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from scheduling.limits import MAX_FAULTS
from scheduling.rules import RuleId


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault of a problem: where it stands and which law it breaks.

    ``path`` points into the JSON form, for example ``tasks[3].windows[1]``; ``rule`` is the hard rule that a pin
    breaks, None for every other fault.
    """

    path: str
    message: str
    rule: RuleId | None = None

    def __str__(self) -> str:
        text = f"{self.path}: {self.message}" if self.path else self.message
        return f"{text} ({self.rule})" if self.rule else text

    def under(self, path: str) -> "Fault":
        """The same fault, seen from the object that holds this one at ``path``."""
        if not self.path:
            return replace(self, path=path)
        joint = "" if not path or self.path.startswith("[") else "."
        return replace(self, path=f"{path}{joint}{self.path}")


class FaultsError(ValueError):
    """Data that breaks its own laws; ``faults`` lists every fault found, not only the first."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


class ProblemError(FaultsError):
    """A problem that breaks its own laws."""


class RosterError(FaultsError):
    """A file that is no roster (a roster that breaks a hard rule is for the audit to judge)."""


@dataclass(kw_only=True)
class Faults:
    """Collects faults, the first ``MAX_FAULTS`` of them."""

    found: list[Fault] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.found)

    def add(self, path: str, message: str, rule: RuleId | None = None) -> None:
        """Note a fault."""
        self.extend([Fault(path=path, message=message, rule=rule)])

    def need(self, holds: bool, path: str, message: str) -> bool:
        """Note a fault unless ``holds``; returns ``holds``."""
        if not holds:
            self.add(path, message)
        return holds

    def extend(self, faults: Iterable[Fault], *, under: str = "") -> None:
        """Take over faults, their paths prefixed."""
        room = MAX_FAULTS - len(self.found)
        for fault in faults:
            if room <= 0:
                return
            room -= 1
            self.found.append(fault.under(under))
            if room == 0:
                self.found.append(Fault(path="", message=f"more than {MAX_FAULTS} faults; the rest is left out"))

    def raise_problem(self) -> None:
        """Raise ProblemError if there is any fault."""
        if self.found:
            raise ProblemError(self.found)
