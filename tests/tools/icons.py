"""Draw the icons of the installed program from `weibao/static/mark.svg`, from the root of the tree; needs Chromium.

The maskable one is a full square with the mark inside the circle of 80 % that every phone leaves (W3C, Web Application
Manifest, "maskable").
"""

from pathlib import Path

from tests.chromium import launched

STATIC = Path(__file__).resolve().parents[2] / "weibao" / "static"
GROUND = "#0f5666"
# name, side of the icon, side of the mark in it, what lies behind it (none: transparent)
ICONS = (
    ("icon-192.png", 192, 184, None),
    ("icon-512.png", 512, 492, None),
    ("icon-maskable-512.png", 512, 400, GROUND),
)


def main() -> None:
    """Write every icon."""
    mark = (STATIC / "mark.svg").read_text("utf-8")
    with launched() as browser:
        for name, side, drawn, ground in ICONS:
            page = browser.new_page(viewport={"width": side, "height": side})
            inset = (side - drawn) / 2
            page.set_content(
                f"<style>html{{background:{ground or 'transparent'}}}body{{margin:{inset}px}}"
                f"svg{{display:block;width:{drawn}px;height:{drawn}px}}</style>{mark}"
            )
            page.screenshot(path=STATIC / name, omit_background=ground is None)


if __name__ == "__main__":
    main()
