"""The lock files and docs/DEPENDENCIES.md follow pyproject.toml."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower() for requirement in requirements}


def pins(lock: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", (ROOT / lock).read_text("utf-8"), re.M):
        found.setdefault(name, set()).add(version)
    return found


def test_every_dependency_is_locked() -> None:
    assert names(PROJECT["dependencies"]) - pins("requirements.lock").keys() == set()
    assert names(PROJECT["optional-dependencies"]["dev"]) - pins("requirements-dev.lock").keys() == set()


def test_development_uses_the_versions_that_are_shipped() -> None:
    development = pins("requirements-dev.lock")

    assert {
        name: versions for name, versions in pins("requirements.lock").items() if development[name] != versions
    } == {}


def test_every_pin_has_hashes_and_no_address() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text("utf-8")
        blocks = re.split(r"^(?=[\w.-]+(?:\[[\w,-]+\])?==)", text, flags=re.M)[1:]

        assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
        assert "://" not in text


def test_every_dependency_says_why_it_is_there() -> None:
    told = set(re.findall(r"^\| (\w[\w.-]*) \|", (ROOT / "docs" / "DEPENDENCIES.md").read_text("utf-8"), re.M))

    wanted = names(PROJECT["dependencies"]).union(*map(names, PROJECT["optional-dependencies"].values()))
    assert wanted - told == set()
    assert told - wanted == {"package", "hatchling", "babel", "htmx.org", "bootstrap", "fullcalendar", "axe-core"}
