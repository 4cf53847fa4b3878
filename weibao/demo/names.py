"""Invented names: surnames that are no surnames, so that nobody bears one by chance; telephone numbers of zeros."""

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tenants.enums import Gender

DATA = Path(__file__).parent / "data"


@cache
def data(name: str) -> Any:
    """A data file of the demonstration."""
    return json.loads((DATA / f"{name}.json").read_text("utf-8"))


@dataclass(frozen=True, kw_only=True)
class FullName:
    """A name in both scripts."""

    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class NameSource:
    """Gives every person of the county a name and a number that no other one has."""

    rng: Random
    _used: set[str] = field(default_factory=set)
    _numbers: list[int] = field(default_factory=lambda: [0])

    def person(self, gender: Gender) -> FullName:
        """A new name."""
        lists = data("names")
        while True:
            surname = self.rng.choice(lists["surnames"])
            first, last = self.rng.choice(lists["given"]), self.rng.choice(lists["last"][gender.value])
            name = FullName(zh=surname[0] + first[0] + last[0], en=f"{surname[1]} {first[1].title()}{last[1]}")
            if name.zh not in self._used and surname[0] != last[0]:
                self._used.add(name.zh)
                return name

    def phone(self) -> str:
        """A new number that no exchange gives out."""
        self._numbers[0] += 1
        return f"000-0000-{self._numbers[0]:04}"


def pseudonym(rng: Random, number: int) -> str:
    """What a child is called in the ledger: a plant or a star, and a number."""
    return f"{rng.choice(data('names')['pseudonyms'])}{number:02}"
