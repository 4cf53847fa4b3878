"""Passwords that are tried first, in lower case."""

from functools import cache
from importlib.resources import files


@cache
def common() -> frozenset[str]:
    """The list, read once."""
    return frozenset((files("tenants") / "data" / "common_passwords.txt").read_text(encoding="utf-8").split())


def is_common(password: str) -> bool:
    """Whether a password, or what is left of it without digits and signs at its ends, is on the list."""
    lowered = password.lower()
    return lowered in common() or lowered.strip("0123456789!.@#") in common()
