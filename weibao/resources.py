"""Where the program's own files lie: in a wheel inside the package, in a checkout beside it."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder of templates or migrations."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


TRANSLATIONS = _PACKAGE / "translations"
STATIC = _PACKAGE / "static"
FONT = _PACKAGE / "fonts" / "NotoSansCJKsc-Regular-subset.otf"
"""What printed papers are set in; made as its README says."""
