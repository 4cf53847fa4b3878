"""From bytes to decoded JSON and back."""

import json
from pathlib import Path
from typing import NoReturn

from scheduling.errors import Fault, FaultsError
from scheduling.limits import MAX_BYTES


def decode(source: str | bytes | Path, error: type[FaultsError]) -> dict[str, object]:
    """The JSON object in a text, or in the file at a Path (UTF-8, at most ``MAX_BYTES``).

    Raises: ``error`` with one fault, which names the file, if it cannot be read.
    """
    try:
        data = _bytes(source)
        if len(data) > MAX_BYTES:
            raise _UnreadableError(f"is larger than {MAX_BYTES} bytes")
        value = json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant)
        if not isinstance(value, dict):
            raise _UnreadableError("must be an object")
        return value
    except OSError as fault:
        message = f"cannot be read: {fault.strerror or fault}"
    except _UnreadableError as fault:
        message = str(fault)
    except (ValueError, RecursionError) as fault:
        message = f"is no JSON: {fault}"
    raise error([Fault(path=str(source) if isinstance(source, Path) else "", message=message)])


def encode(data: object) -> str:
    """One line of JSON, keys in the order of FORMAT."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"


class _UnreadableError(Exception):
    """Carries the message of a fault that is no OSError and no ValueError."""


def _bytes(source: str | bytes | Path) -> bytes:
    if isinstance(source, Path):
        with source.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    return source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")
