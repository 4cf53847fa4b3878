"""Have a file of somebody's read by a program of ours in a process of its own, without a key or an address."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, TypeVar

from flask_babel import LazyString

REFUSED = 3
"""The status with which such a process refuses; the reason is the last word on its standard error."""


class NotTakenError(ValueError):
    """A file that is not taken; ``word`` says why: "empty", "size", "time", "memory", or the process's own word.

    Each kind of file has a class of its own with the sentences for these words, "unreadable" among them.
    """

    reasons: ClassVar[Mapping[str, LazyString]]

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word

    @property
    def reason(self) -> LazyString:
        """Why, in the user's language, for the person who sent it."""
        return self.reasons.get(self.word, self.reasons["unreadable"])


NotTaken = TypeVar("NotTaken", bound=NotTakenError)


def run(program: Path, content: bytes, error: type[NotTaken], *, largest: int, seconds: float, most: int) -> bytes:
    """What a program answers on content of at most ``largest`` bytes, within seconds and in at most ``most`` bytes.

    Raises:
        NotTakenError: as ``error``: there is nothing or too much, or it was refused, took too long, or broke off.

    """
    if not content:
        raise error("empty")
    if len(content) > largest:
        raise error("size")
    command = [sys.executable, "-I", "-X", "utf8", str(program)]
    system = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}  # no key, no address
    try:
        done = subprocess.run(  # noqa: S603 -- our own file, nothing of the user's in the command
            command, input=content, capture_output=True, timeout=seconds, env=system, check=False
        )
    except subprocess.TimeoutExpired:
        raise error("time") from None
    if done.returncode == REFUSED:
        raise error(done.stderr.decode(errors="replace")[-20:])
    if done.returncode != 0 or len(done.stdout) > most:
        raise error("time" if done.returncode < 0 else "memory")
    return done.stdout
