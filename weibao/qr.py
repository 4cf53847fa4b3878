"""QR codes as inline SVG."""

import segno
from markupsafe import Markup


def picture(text: str) -> Markup:
    """A QR code, dark on white whatever the page's colours are."""
    svg = segno.make(text, error="m", micro=False).svg_inline(scale=5, light="white", lineclass=None, svgclass=None)
    return Markup(svg)  # noqa: S704 -- segno draws squares; the text itself does not stand in the SVG
