"""The file of people."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from tenants.enums import Gender, PersonKind, SheetKind
from tenants.models import Person, Village
from tenants.services.imports.people import CheckRow, PersonRow
from tenants.services.people import SKILL_LENGTH
from weibao.sheets import cells
from weibao.sheets.layout import MARK, Column, Exported, Layout, Leaf, Line, chosen, joined, many, yes_no
from weibao.words import SKILLS

_LAW = _l("Law on the Protection of Minors, art. 62")
_CODE = _l("Civil Code, art. 19")
_CHECK = frozenset({"checked_on", "valid_through", "reference"})
NOTES = (
    _l("Rows that are here already are changed, not doubled: they are found by name and phone."),
    _l("An empty cell leaves what is there."),
)


def villages_by_name(villages: Sequence[Village]) -> dict[str, str]:
    """Ids by name."""
    return {village.name: village.id for village in villages}


def skills_by_word() -> dict[str, str]:
    """The known skills by their Chinese words."""
    return {cells.in_chinese(word): key for key, word in SKILLS.items()}


def layout(villages: Sequence[Village]) -> Layout:
    """Its columns; villages are those of the township."""
    posts = cells.words_of(PersonKind)
    columns = (
        Column(name="name", word=_l("Name"), read=cells.text(60), required=True, example="王小梅"),
        Column(name="kind", word=_l("Post"), required=True, example=next(iter(posts)), **chosen(posts)),
        Column(name="phone", word=_l("Phone"), read=cells.text(30), example="13800000000", width=16),
        Column(name="gender", word=_l("Gender"), **chosen(cells.words_of(Gender))),
        Column(name="base_village_id", word=_l("Base village"), hint=_l("Empty: the township's seat."), width=18,
               **chosen(villages_by_name(villages))),
        Column(name="skills", word=_l("Skills"), hint=_l("Several, parted by 、; your own words too."), width=24,
               **many(skills_by_word(), free=SKILL_LENGTH)),
        Column(name="dedicated", word=_l("Purchased-service staff"), law=_l("Notice, section 3.2"), **yes_no()),
        Column(name="max_minutes_per_day", word=_l("Service minutes a day at most"), read=cells.whole(1, 1440)),
        Column(name="max_minutes_per_week", word=_l("Service minutes a week at most"), read=cells.whole(1, 10080)),
        Column(name="max_tasks_per_day", word=_l("Tasks a day at most"), read=cells.whole(1, 50)),
        Column(name="name_en", word=_l("Name in Latin letters"), read=cells.text(80), width=18),
        Column(name="birth_date", word=_l("Day of birth"), read=cells.day,
               hint=_l("Needed for volunteers under 18; may stay empty else.")),
        Column(name="guardian_name", word=_l("Guardian's name"), read=cells.text(60), law=_CODE),
        Column(name="guardian_phone", word=_l("Guardian's phone"), read=cells.text(30), width=16, law=_CODE),
        Column(name="guardian_agreed_on", word=_l("Guardian agreed on"), read=cells.day, law=_CODE),
        Column(name="checked_on", word=_l("Checked on"), read=cells.day, law=_LAW,
               hint=_l("A check in which nothing was found. A barring result is entered on the person's page.")),
        Column(name="valid_through", word=_l("Valid through"), read=cells.day, law=_LAW,
               hint=_l("A year later at most; repeated yearly.")),
        Column(name="reference", word=_l("Reference of the reply"), read=cells.text(80), width=18),
    )  # fmt: skip
    return Layout(
        kind=SheetKind.PEOPLE, word=_l("People"), leaves=(Leaf(title=_l("People"), columns=columns),), notes=NOTES
    )


def row_of(line: Line) -> PersonRow:
    """A line for the service."""
    facts = {name: value for name, value in line.facts.items() if name not in _CHECK}
    stated = {name: line.facts.get(name) for name in _CHECK}
    check = CheckRow(
        checked_on=stated["checked_on"], valid_through=stated["valid_through"], reference=stated["reference"] or ""
    )  # fmt: skip
    return PersonRow(mark=line.mark, facts=facts, check=check if any(stated.values()) else None)


def export(people: Sequence[Person]) -> Exported:
    """Everybody's facts; no check, since a result is not everybody's to know."""
    return [
        [
            {
                MARK: person.id,
                "name": person.name,
                "kind": cells.label_of(person.kind),
                "phone": person.phone,
                "gender": cells.label_of(person.gender),
                "base_village_id": person.base_village.name if person.base_village else None,
                "skills": joined(cells.in_chinese(SKILLS.get(row.skill, row.skill)) for row in person.skills),
                "dedicated": cells.in_chinese(cells.YES if person.dedicated else cells.NO),
                "max_minutes_per_day": person.max_minutes_per_day,
                "max_minutes_per_week": person.max_minutes_per_week,
                "max_tasks_per_day": person.max_tasks_per_day,
                "name_en": person.name_en,
                "birth_date": person.birth_date,
                "guardian_name": person.guardian_name,
                "guardian_phone": person.guardian_phone,
                "guardian_agreed_on": person.guardian_agreed_on,
            }
            for person in people
        ]
    ]
