"""A certificate of volunteer service as a PDF: what the page to print shows, with a Chinese font embedded.

The paper is one page unless its list of services is longer; the table's head is then repeated on the next.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import segno
from flask_babel import gettext as _

from tenants.errors import InvalidError
from tenants.models import Certificate, Township
from weibao.i18n import language, long_day
from weibao.message_words import time_served
from weibao.resources import FONT
from weibao.words import named

if TYPE_CHECKING:
    from fpdf import FPDF

MARGIN, WIDTH = 20.0, 170.0
"""Millimetres on A4: the margin on each side, and what is left between them."""
_LABEL, _LINE, _CODE = 45.0, 7.0, 32.0
_QUIET = 4
"""Light squares around a QR code (ISO/IEC 18004)."""
_FONT = "paper"
_INK, _PALE, _RULE = 0, 70, 150


@dataclass(frozen=True, kw_only=True)
class Item:
    """One service on the certificate."""

    day: date
    what: str
    place: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What stands on it, in words of the reader's language."""

    title: str
    number: str
    withdrawn: str
    facts: tuple[tuple[str, str], ...]
    items: tuple[Item, ...]
    issued: tuple[tuple[str, str], ...]
    address: str

    def texts(self) -> Iterator[str]:
        """Every text on it."""
        yield from (self.title, self.number, self.withdrawn, self.address)
        for pair in (*self.facts, *self.issued):
            yield from pair
        for item in self.items:
            yield from (item.what, item.place)


def items_of(paper: Certificate) -> tuple[Item, ...]:
    """The services as they were when the certificate was issued, in the reader's language."""
    english = language() == "en"
    return tuple(
        Item(
            day=date.fromisoformat(one["day"]),
            what=(english and one.get("title_en")) or one.get("title") or _("Home visit"),
            place=one["place"],
            minutes=one["minutes"],
        )
        for one in paper.items
    )


def code_of(paper: Certificate) -> str:
    """The verification code in groups of four."""
    code = paper.code or ""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def paper_of(certificate: Certificate, township: Township, address: str) -> Paper:
    """The words of an issued certificate; ``address`` is its verification page's."""
    if certificate.issued_at is None:
        raise ValueError("a certificate that is not issued has no paper")
    station = _("Protection station for minors of %(township)s", township=named(township))
    withdrawn = certificate.withdrawn_at
    return Paper(
        title=_("Certificate of volunteer service"),
        number=_("Number %(number)s.", number=certificate.number),
        withdrawn=f"{_('Withdrawn')}: {long_day(withdrawn)}" if withdrawn else "",
        facts=(
            (_("Volunteer"), named(certificate.person)),
            (_("Identity document"), _("kind ______________ number ____________________________")),
            (_("Period"), f"{long_day(certificate.from_day)} – {long_day(certificate.to_day)}"),
            (_("Hours of service"), time_served(certificate.minutes or 0)),
        ),
        items=items_of(certificate),
        issued=(
            (_("Issued by"), f"{station} {_('(seal)')}"),
            (_("Head"), certificate.head),
            (_("Handler"), certificate.handler),
            (_("Telephone"), certificate.phone or "–"),
            (_("Date of issue"), long_day(certificate.issued_at)),
            (_("Verification code"), code_of(certificate)),
        ),
        address=_("Verify at %(address)s", address=address),
    )


def render(paper: Paper, address: str) -> bytes:
    """The PDF, with title and language, and only the font's used characters in it.

    Raises:
        InvalidError: the paper has a character that the font lacks (an emoji, say).

    """
    from fpdf import FPDF  # noqa: PLC0415 -- with its font tools it takes a second, which the other pages need not wait

    pdf = FPDF(format="A4")
    pdf.add_font(_FONT, fname=FONT)
    held: Any = pdf.fonts[_FONT]
    with closing(held.ttfont):  # it reads the font's file as it goes
        _check(pdf, paper)
        _draw(pdf, paper, address)
        return bytes(pdf.output())


def _draw(pdf: "FPDF", paper: Paper, address: str) -> None:
    pdf.set_margins(MARGIN, MARGIN)
    pdf.set_auto_page_break(True, MARGIN)
    pdf.set_title(f"{paper.title} {paper.number}")
    pdf.set_lang("zh-Hans" if language() == "zh" else "en")
    pdf.set_producer("weibao")
    pdf.set_draw_color(_RULE)
    pdf.add_page()
    _heading(pdf, paper)
    _facts(pdf, paper.facts)
    _services(pdf, paper.items)
    _facts(pdf, paper.issued)
    _code(pdf, paper, address)


def _check(pdf: "FPDF", paper: Paper) -> None:
    held: Any = pdf.fonts[_FONT]
    if any(ord(letter) not in held.cmap for text in paper.texts() for letter in text):
        raise InvalidError("A character on this certificate is not in the PDF's font: print the page instead.")


def _heading(pdf: "FPDF", paper: Paper) -> None:
    pdf.set_font(_FONT, size=20)
    pdf.multi_cell(WIDTH, 12, paper.title, align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(_FONT, size=10)
    pdf.set_text_color(_PALE)
    pdf.multi_cell(WIDTH, _LINE, paper.number, align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.set_text_color(_INK)
    if paper.withdrawn:
        pdf.set_font(_FONT, size=14)
        pdf.multi_cell(WIDTH, 10, paper.withdrawn, border=1, align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)


def _facts(pdf: "FPDF", facts: Sequence[tuple[str, str]]) -> None:
    pdf.set_font(_FONT, size=11)
    for label, value in facts:
        pdf.set_text_color(_PALE)
        pdf.cell(_LABEL, _LINE, label)
        pdf.set_text_color(_INK)
        pdf.multi_cell(WIDTH - _LABEL, _LINE, value, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)


def _services(pdf: "FPDF", items: Sequence[Item]) -> None:
    from fpdf import FontFace  # noqa: PLC0415 -- see render

    pdf.set_font(_FONT, size=10)
    head = FontFace(emphasis="", fill_color=235)
    with pdf.table(
        width=WIDTH, col_widths=(26, 74, 46, 24), line_height=6, padding=1, headings_style=head,
        text_align=("LEFT", "LEFT", "LEFT", "RIGHT"),
    ) as table:  # fmt: skip
        table.row((_("Day"), _("What"), _("Place"), _("Service hours")))
        for item in items:
            table.row((item.day.isoformat(), item.what, item.place, time_served(item.minutes)))
    pdf.ln(4)


def _code(pdf: "FPDF", paper: Paper, address: str) -> None:
    """The QR code of the verification page, drawn as squares."""
    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
    if pdf.will_page_break(_CODE + 2 * _LINE):
        pdf.add_page()
    left, top = pdf.get_x(), pdf.get_y()
    side = _CODE / (len(rows) + 2 * _QUIET)
    pdf.set_fill_color(_INK)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                pdf.rect(left + (x + _QUIET) * side, top + (y + _QUIET) * side, side, side, style="F")
    pdf.set_xy(left, top + _CODE)
    pdf.set_font(_FONT, size=9)
    pdf.multi_cell(WIDTH, 5, paper.address, align="L", new_x="LMARGIN", new_y="NEXT")
