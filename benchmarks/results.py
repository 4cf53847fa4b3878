"""RESULTS.md: each benchmark writes its own section and leaves the others alone."""

import os
import platform
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def machine() -> str:
    """Where and when it was measured: processors, Python, day and the load of the minute before."""
    model = re.search(r"model name\s*:\s*(.+)", _text(Path("/proc/cpuinfo")))
    name = model[1] if model else platform.processor() or platform.machine()
    load = f", load average {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores of {name}, Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}{load}"


def put(section: str, text: str, path: Path = RESULTS) -> None:
    """Replace the section of that heading, or add it at the end."""
    whole = _text(path) or "# Results\n"
    made = f"## {section}\n\n{text.strip()}\n"
    pattern = re.compile(rf"^## {re.escape(section)}\n.*?(?=^## |\Z)", re.M | re.S)
    found = pattern.search(whole)
    whole = pattern.sub(lambda _: f"{made}\n", whole) if found else f"{whole.rstrip()}\n\n{made}"
    path.write_text(f"{whole.rstrip()}\n", "utf-8")


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""
