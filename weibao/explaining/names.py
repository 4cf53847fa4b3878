"""What people, tasks, places and times are called on the planner's pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tenants.queries.rosters import PersonFacts, TaskFacts
from weibao import i18n
from weibao.planning.clock import Clock
from weibao.say import _
from weibao.words import named


def sentence(text: str) -> str:
    """The text with a capital to begin with."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, kw_only=True)
class Names:
    """Names of a township's people and of a roster's tasks, and the clock of its period.

    A child is called by the case code, never by more: sentences may be read aloud in an office.
    """

    people: Mapping[str, PersonFacts]
    tasks: Mapping[str, TaskFacts]
    clock: Clock

    def person(self, person_id: str | None) -> str:
        """A person's name."""
        facts = self.people.get(person_id or "")
        return str(named(facts)) if facts else _("somebody who is gone")

    def task(self, task_id: str | None) -> str:
        """A visit by its case code, an activity by its title."""
        facts = self.tasks.get(task_id or "")
        if facts is None:
            return _("a task that is gone")
        if facts.is_visit:
            return _("visit %(code)s", code=facts.case_code)
        return i18n.of_both(facts.title, facts.title_en)

    def village(self, task_id: str) -> str:
        """The village of a task."""
        facts = self.tasks.get(task_id)
        return str(named(facts.village)) if facts else ""

    def moment(self, minute: int) -> datetime:
        """The time of a minute of the period."""
        return self.clock.moment(minute)

    def when(self, minute: int) -> str:
        """Day and time of a minute of the period."""
        return i18n.moment(self.clock.moment(minute))

    def time(self, minute: int) -> str:
        """The time of day of a minute of the period."""
        return i18n.clock(self.clock.moment(minute))

    def day(self, index: int) -> str:
        """A day of the period."""
        return i18n.day(self.date(index))

    def date(self, index: int) -> date:
        """The date of a day of the period."""
        return self.clock.moment(index * 1440).date()
