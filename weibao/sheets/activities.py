"""The file of activities, each with up to three roles."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from tenants.enums import ActivityKind, PersonKind, Priority, Service, SheetKind
from tenants.models import Activity, Home
from tenants.roles import LARGEST_TEAM, WORD_LENGTH, RoleWanted
from tenants.services.activities import ActivityFacts, facts_of
from tenants.services.imports.activities import ActivityRow
from weibao.sheets import cells
from weibao.sheets.cells import Shown
from weibao.sheets.layout import MARK, Column, Exported, Layout, Leaf, Line, chosen, joined, many, yes_no
from weibao.sheets.people import skills_by_word
from weibao.words import ROLES, SKILLS

MOST_ROLES = 3


def layout(homes: Sequence[Home]) -> Layout:
    """Its columns; homes are those of the township in which activities are held."""
    kinds = cells.words_of(ActivityKind)
    columns = (
        Column(name="home_id", word=_l("Children's Home"), required=True, width=24, example=_first_home(homes),
               **chosen({home.name: home.id for home in homes})),
        Column(name="title", word=_l("Title"), read=cells.text(80), required=True, width=28,
               example="防溺水小课堂（示例）"),
        Column(name="day", word=_l("Day"), read=cells.day, required=True, example=date(2026, 1, 3)),
        Column(name="start", word=_l("From"), read=cells.clock, required=True, example=time(9, 30)),
        Column(name="end", word=_l("Until"), read=cells.clock, required=True, example=time(11)),
        Column(name="kind", word=_l("Kind"), required=True, example=next(iter(kinds)), **chosen(kinds)),
        Column(name="service", word=_l("Service"), **chosen(cells.words_of(Service))),
        Column(name="priority", word=_l("Priority"), **chosen(cells.words_of(Priority))),
        Column(name="with_children", word=_l("Children take part"), **yes_no()),
        Column(name="children_expected", word=_l("Children expected"), read=cells.whole(0, 500)),
        Column(name="title_en", word=_l("Title in English"), read=cells.text(120), width=24),
        *(column for place in range(MOST_ROLES) for column in _role_columns(place)),
    )  # fmt: skip
    notes = (
        _l("Rows that are here already are changed, not doubled: they are found by home, title and beginning."),
        _l("An empty cell leaves what is there."),
        _l("A new activity without roles asks for one who leads and one to three helpers."),
    )
    leaf = Leaf(title=_l("Activities"), columns=columns, named_by="title")
    return Layout(kind=SheetKind.ACTIVITIES, word=_l("Activities"), leaves=(leaf,), notes=notes)


def _first_home(homes: Sequence[Home]) -> str:
    return homes[0].name if homes else ""


def _role_columns(place: int) -> list[Column]:
    number = place + 1
    roles = {cells.in_chinese(word): key for key, word in ROLES.items()}
    return [
        Column(name=f"roles-{place}-role", word=_l("Role %(number)d", number=number), read=_role_word(roles),
               offers=tuple(roles)),
        Column(name=f"roles-{place}-minimum", word=_l("Role %(number)d: fewest", number=number),
               read=cells.whole(0, LARGEST_TEAM)),
        Column(name=f"roles-{place}-maximum", word=_l("Role %(number)d: most", number=number),
               read=cells.whole(1, LARGEST_TEAM)),
        Column(name=f"roles-{place}-kinds", word=_l("Role %(number)d: who", number=number), width=24,
               hint=_l("Several, parted by 、."), **many(cells.words_of(PersonKind))),
        Column(name=f"roles-{place}-skills", word=_l("Role %(number)d: skills", number=number), width=20,
               hint=_l("Several, parted by 、."), **many(skills_by_word(), free=WORD_LENGTH)),
    ]  # fmt: skip


def _role_word(roles: Mapping[str, str]) -> cells.Reader:
    read = cells.text(WORD_LENGTH)

    def _read(cell: Any) -> str:
        found = read(cell)
        return roles.get(found, found)

    return _read


def row_of(line: Line) -> ActivityRow:
    """A line for the service; what a new activity needs besides stands in for what the row leaves out."""
    facts = {name: value for name, value in line.facts.items() if not name.startswith("roles-")}
    roles = tuple(role for place in range(MOST_ROLES) if (role := _role(line.facts, place)) is not None)
    return ActivityRow(mark=line.mark, facts={**facts, "roles": roles} if roles else facts)


def _role(facts: Mapping[str, Any], place: int) -> RoleWanted | None:
    held = {name: facts.get(f"roles-{place}-{name}") for name in ("role", "minimum", "maximum", "kinds", "skills")}
    if all(value is None for value in held.values()):
        return None
    minimum = 1 if held["minimum"] is None else held["minimum"]
    return RoleWanted(
        role=held["role"] or "helper",
        minimum=minimum,
        maximum=held["maximum"] or max(1, minimum),
        kinds=held["kinds"] or frozenset(),
        skills=held["skills"] or frozenset(),
    )


def export(activities: Sequence[Activity], zone: ZoneInfo) -> Exported:
    """Activities with the first three roles of their teams."""
    return [[_exported(activity, facts_of(activity, zone)) for activity in activities]]


def _exported(activity: Activity, facts: ActivityFacts) -> dict[str, Shown]:
    found: dict[str, Shown] = {
        MARK: activity.id,
        "home_id": activity.home.name,
        "with_children": cells.in_chinese(cells.YES if facts.with_children else cells.NO),
        **{name: getattr(facts, name) for name in ("title", "day", "start", "end", "children_expected", "title_en")},
        **{name: cells.label_of(getattr(facts, name)) for name in ("kind", "service", "priority")},
    }
    if len(facts.roles) <= MOST_ROLES:
        for place, wanted in enumerate(facts.roles):
            found.update(_exported_role(place, wanted))
    return found


def _exported_role(place: int, wanted: RoleWanted) -> dict[str, Shown]:
    return {
        f"roles-{place}-role": cells.in_chinese(ROLES.get(wanted.role, wanted.role)),
        f"roles-{place}-minimum": wanted.minimum,
        f"roles-{place}-maximum": wanted.maximum,
        f"roles-{place}-kinds": joined(cells.label_of(kind) for kind in sorted(wanted.kinds)),
        f"roles-{place}-skills": joined(cells.in_chinese(SKILLS.get(word, word)) for word in sorted(wanted.skills)),
    }
