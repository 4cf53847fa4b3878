"""The rows of a team's roles, for activities and visit rules alike."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, SelectField

from tenants.roles import RoleWanted
from weibao.forms.fields import Row, kinds_field, skills_field, whole_number
from weibao.words import ROLES, SKILLS


class RoleRow(Row):
    """One role; a role or skill that is in use already stays choosable, whatever its word."""

    role = SelectField(_l("Role"))
    minimum = whole_number(_l("Fewest"), 0, 50, default=1)
    maximum = whole_number(_l("Most"), 1, 50, default=1)
    kinds = kinds_field()
    skills = skills_field(_l("Skills that each must have"))

    def offer(self, roles: Sequence[str], skills: Sequence[str]) -> None:
        """Set the choices."""
        self.role.choices = [(word, ROLES.get(word, word)) for word in roles]
        self.skills.choices = [(word, SKILLS.get(word, word)) for word in skills]


def role_rows() -> FieldList:
    """The list of rows."""
    return FieldList(FormField(RoleRow, label=""), _l("Team"), max_entries=8)


def show_roles(rows: FieldList, wanted: Sequence[RoleWanted]) -> None:
    """Fill the rows in."""
    for role in wanted:
        rows.append_entry(
            {
                "role": role.role,
                "minimum": role.minimum,
                "maximum": role.maximum,
                "kinds": sorted(role.kinds),
                "skills": sorted(role.skills),
            }
        )


def offer_words(rows: FieldList, wanted: Sequence[RoleWanted], skills_in_use: Sequence[str]) -> None:
    """Give every row its choices: the known words, those in use, and those of the present team."""
    roles = list(dict.fromkeys([*ROLES, *(role.role for role in wanted)]))
    held = [skill for role in wanted for skill in sorted(role.skills)]
    skills = list(dict.fromkeys([*SKILLS, *skills_in_use, *held]))
    for row in rows:
        row.form.offer(roles, skills)


def roles_of(rows: FieldList) -> list[RoleWanted]:
    """What was entered."""
    return [
        RoleWanted(
            role=row.form.role.data,
            minimum=row.form.minimum.data,
            maximum=row.form.maximum.data,
            kinds=frozenset(row.form.kinds.data or []),
            skills=frozenset(row.form.skills.data or []),
        )
        for row in rows
    ]
