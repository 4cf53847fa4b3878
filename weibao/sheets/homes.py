"""The file of Children's Homes."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from tenants.enums import SheetKind
from tenants.models import Village
from tenants.services.homes import HOURS_LENGTH
from tenants.services.imports.homes import HomeRow
from weibao.sheets import cells
from weibao.sheets.layout import MARK, Column, Exported, Layout, Leaf, Line, chosen, yes_no
from weibao.sheets.people import villages_by_name


def layout(villages: Sequence[Village]) -> Layout:
    """Its columns; villages are those of the township."""
    first = villages[0].name if villages else ""
    columns = (
        Column(name="village_id", word=_l("Village"), required=True, example=first, width=20,
               **chosen(villages_by_name(villages))),
        Column(name="opened", word=_l("The home is open"), example=cells.in_chinese(cells.YES), **yes_no()),
        Column(name="opening_hours", word=_l("Opening hours"), read=cells.text(HOURS_LENGTH), width=44,
               example="周六、周日及节假日 9:00–17:00（示例）"),
    )  # fmt: skip
    notes = (
        _l("There is one Children's Home to a village: its row is changed, not doubled."),
        _l("An empty cell leaves what is there."),
    )
    leaf = Leaf(title=_l("Children's Homes"), columns=columns)
    return Layout(kind=SheetKind.HOMES, word=_l("Children's Homes"), leaves=(leaf,), notes=notes)


def row_of(line: Line) -> HomeRow:
    """A line for the service."""
    facts = {name: value for name, value in line.facts.items() if name != "village_id"}
    return HomeRow(village_id=line.facts["village_id"], facts=facts)


def export(villages: Sequence[Village]) -> Exported:
    """Every village, also one without a home yet."""
    return [
        [
            {
                MARK: village.id,
                "village_id": village.name,
                "opened": cells.in_chinese(cells.YES if village.home.opened else cells.NO) if village.home else None,
                "opening_hours": village.home.opening_hours if village.home else None,
            }
            for village in villages
        ]
    ]
