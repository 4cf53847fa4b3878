"""What a duty is called, on pages and in calendars: never more of a child than the case code."""

import unicodedata
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Protocol, TypeVar

from tenants.queries.duties import HeldDuty, TeamMember
from tenants.queries.feeds import FeedTask
from weibao.i18n import local
from weibao.say import _, listed
from weibao.words import role_label

SEPARATOR = " · "
Timed = TypeVar("Timed", HeldDuty, FeedTask)
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def plain(text: str, limit: int) -> str:
    """One line of printable text of at most ``limit`` characters: no control, format or line-separating character.

    A backslash is drawn full-width: icalendar takes the two characters ``\\N`` for the end of a line.
    """
    text = text.replace("\\", "＼")
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(c) in _UNPRINTABLE else c for c in text)
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


class Placed(Protocol):
    """A visit or an activity with its place, whoever holds it."""

    @property
    def visit_id(self) -> str | None:
        """Id of the visit; None: it is an activity."""

    @property
    def village(self) -> str:
        """Where it is."""

    @property
    def village_en(self) -> str:
        """The village's name in English, if it has one."""

    @property
    def township(self) -> str:
        """The neighbouring township that its holder is lent to; empty at home."""

    @property
    def township_en(self) -> str:
        """That township's name in English, if it has one."""

    @property
    def home(self) -> str | None:
        """The Children's Home of an activity."""

    @property
    def case_code(self) -> str | None:
        """Which file a visit is about, for whoever may know it."""

    @property
    def title(self) -> str | None:
        """What an activity is called."""

    @property
    def title_en(self) -> str | None:
        """Its English name, if it has one."""


def village(duty: Placed, language: str) -> str:
    """The village's name in a language."""
    return duty.village_en if language == "en" and duty.village_en else duty.village


def place(duty: Placed, language: str) -> str:
    """Where to go: the Children's Home of an activity, the village of a visit; the township too for who is lent."""
    if duty.home and language == "en":
        there = _("%(village)s Children's Home", village=village(duty, language))
    else:
        there = duty.home or village(duty, language)
    return SEPARATOR.join(filter(None, (township(duty, language), there)))


def township(duty: Placed, language: str) -> str:
    """The neighbouring township that the holder is lent to; empty at home."""
    return duty.township_en if language == "en" and duty.township_en else duty.township


def title(duty: Placed, language: str) -> str:
    """Kind, village and case code of a visit (no code for whoever may not know it); title and home of an activity."""
    if duty.visit_id:
        return SEPARATOR.join(
            filter(None, (_("Home visit"), township(duty, language), village(duty, language), duty.case_code))
        )
    name = duty.title_en if language == "en" and duty.title_en else duty.title
    return SEPARATOR.join((name or _("Activity"), place(duty, language)))


def person(member: TeamMember, language: str) -> str:
    """A team mate's name in a language."""
    return member.name_en if language == "en" and member.name_en else member.name


def team(members: Sequence[TeamMember], language: str) -> str:
    """Names and roles of the whole team."""
    named = [_("%(name)s (%(role)s)", name=person(m, language), role=role_label(m.role)) for m in members]
    return listed(named)


def by_day(duties: Sequence[Timed]) -> list[tuple[date, list[Timed]]]:
    """Duties under the day on which they begin, on the county's clock; they come sorted by time."""
    return [(day, list(held)) for day, held in groupby(duties, key=lambda duty: local(duty.starts_at).date())]
