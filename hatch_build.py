"""Build hook: compile the message catalogues, and put templates and migrations inside the package of a wheel."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

INSIDE = ("templates", "migrations")


class WheelHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own generic is private
    """Both languages in every install; the two folders beside the package only where there is no checkout to read."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        for source in (root / "weibao" / "translations").rglob("*.po"):
            with source.open("rb") as po, source.with_suffix(".mo").open("wb") as mo:
                write_mo(mo, read_po(po, locale=source.parent.parent.name))
        if self.target_name == "wheel" and version == "standard":
            build_data["force_include"] |= {str(root / name): f"weibao/{name}" for name in INSIDE}
