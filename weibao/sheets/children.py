"""The file of the children's ledger; identity goes in, sealed at once, and never comes out by this way."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from tenants.enums import ChildCategory, Gender, RiskLevel, SheetKind
from tenants.models import Child, Village
from tenants.queries import due
from tenants.services.identities import Identity
from tenants.services.imports.children import ChildRow
from weibao.sheets import cells
from weibao.sheets.layout import MARK, Column, Exported, Layout, Leaf, Line, chosen, joined, many
from weibao.sheets.people import villages_by_name

_LAW = _l("Personal Information Protection Law, art. 28, 31")
_FACTS = ("case_code", "pseudonym", "village_id", "birth_year", "gender", "needs_gender")
_IDENTITY = ("name", "id_number", "address", "guardian_phone")


def layout(villages: Sequence[Village]) -> Layout:
    """Its columns; villages are those of the township."""
    first = villages[0].name if villages else ""
    risks, genders = cells.words_of(RiskLevel), cells.words_of(Gender)
    columns = (
        Column(name="case_code", word=_l("Case code"), read=cells.text(20), example="示例-0001",
               hint=_l("Empty: found by the ID number, or the next free one.")),
        Column(name="pseudonym", word=_l("Pseudonym"), read=cells.text(40), required=True, example="小树（示例）",
               hint=_l("Never the real name.")),
        Column(name="village_id", word=_l("Village"), required=True, example=first, width=18,
               **chosen(villages_by_name(villages))),
        Column(name="birth_year", word=_l("Year of birth"), read=cells.whole(1990, 2100), required=True, example=2016),
        Column(name="gender", word=_l("Gender"), **chosen(genders)),
        Column(name="needs_gender", word=_l("Asks for a visitor who is"), **chosen(genders)),
        Column(name="categories", word=_l("Categories"), width=30, example=_first(ChildCategory),
               hint=_l("Several, parted by 、. A category that is left out here is not ended."),
               **many(cells.words_of(ChildCategory))),
        Column(name="level", word=_l("Risk"), example=next(iter(risks)), **chosen(risks)),
        Column(name="since", word=_l("Since"), read=cells.day, example=date(2026, 1, 1),
               hint=_l("Of new categories and of a new assessment.")),
        *_identity_columns(),
    )  # fmt: skip
    notes = (
        _l("Rows that are here already are changed, not doubled: they are found by case code, else by ID number."),
        _l("An empty cell leaves what is there."),
        _l("Delete this file when it has been taken in: the names in it are not protected here."),
    )
    leaf = Leaf(title=_l("Children's ledger"), columns=columns)
    return Layout(kind=SheetKind.CHILDREN, word=_l("Children's ledger"), leaves=(leaf,), notes=notes)


def _identity_columns() -> list[Column]:
    hint = _l("Only if it is needed; kept sealed.")
    facts: list[dict[str, Any]] = [
        {"name": "name", "word": _l("Child's name"), "read": cells.text(60)},
        {"name": "id_number", "word": _l("ID number"), "read": cells.text(20), "width": 22},
        {"name": "address", "word": _l("Address"), "read": cells.text(200), "width": 30},
        {"name": "guardian_phone", "word": _l("Guardian's phone"), "read": cells.text(30), "width": 16},
    ]
    return [Column(**fact, hint=hint, law=_LAW, secret=True) for fact in facts]


def _first(kind: type[ChildCategory]) -> str:
    return next(iter(cells.words_of(kind)))


def row_of(line: Line) -> ChildRow:
    """A line for the service."""
    facts = line.facts
    return ChildRow(
        mark=line.mark,
        facts={name: facts[name] for name in _FACTS if name in facts},
        categories=facts.get("categories", frozenset()),
        level=facts.get("level"),
        since=facts.get("since"),
        identity=Identity(**{name: facts[name] for name in _IDENTITY if name in facts}),
    )


def export(children: Sequence[Child], today: date) -> Exported:
    """Open files by code and pseudonym; the columns of identity are empty."""
    return [[_exported(child, today) for child in children]]


def _exported(child: Child, today: date) -> dict[str, Any]:
    risk = due.risk_on(child, today)
    return {
        MARK: child.id,
        "case_code": child.case_code,
        "pseudonym": child.pseudonym,
        "village_id": child.village.name,
        "birth_year": child.birth_year,
        "gender": cells.label_of(child.gender),
        "needs_gender": cells.label_of(child.needs_gender),
        "categories": joined(cells.label_of(period.category) for period in due.categories_on(child, today)),
        "level": cells.label_of(risk.level) if risk else None,
        "since": risk.from_day if risk else None,
    }
