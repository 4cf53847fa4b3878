"""Choose among the plans of a run: fewer people disturbed, or less cost."""

from dataclasses import dataclass
from functools import cached_property

from flask import flash, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from tenants.services import rosters
from weibao import charts, hx
from weibao.access import me
from weibao.db import db
from weibao.explaining.names import Names
from weibao.forms.planner import WayForm
from weibao.planning import open_draft
from weibao.planning.calm import Choice, choices_of, plan_of_choice, within
from weibao.say import listed
from weibao.typed import number_of
from weibao.views.planner.common import blueprint, locked, names_of, opened
from weibao.views.planner.pages import DraftPage


@dataclass(frozen=True, kw_only=True)
class WaysPage:
    """The plans to choose from, the calmest first, and the one that is looked at."""

    choices: tuple[Choice, ...]
    chosen: Choice
    names: Names

    @property
    def most(self) -> int:
        """People whom the cheapest plan disturbs."""
        return len(self.choices[-1].people)

    @property
    def least(self) -> int:
        """People whom even the calmest plan disturbs."""
        return len(self.choices[0].people)

    @property
    def who(self) -> str:
        """The people whom the chosen plan disturbs, by name."""
        return listed(sorted(self.names.person(person) for person in self.chosen.people))

    @cached_property
    def chart(self) -> charts.LineChart:
        """Cost by people disturbed, of the plans that leave as little open as the best one."""
        best = min(choice.medium for choice in self.choices)
        points = [(float(len(c.people)), float(c.soft)) for c in self.choices if c.medium == best]
        return charts.lines([points], until=float(max(self.most, 1)))


def ways_page(page: DraftPage, most: int | None = None) -> WaysPage | None:
    """What the draft's page shows of its last run's plans; None if there is nothing to choose."""
    choices = choices_of(page.last)
    if not choices or page.active:
        return None
    chosen = within(choices, len(choices[-1].people) if most is None else most)
    return WaysPage(choices=choices, chosen=chosen, names=page.names)


@blueprint.get("/<roster_id>/ways")
def ways(roster_id: str) -> str | BaseResponse:
    """The best plan that disturbs at most ``?people=``, as the slider asks for it."""
    found = opened(roster_id)
    page = DraftPage(draft=found, names=names_of(found), tab="day")
    shown = ways_page(page, request.args.get("people", type=number_of))
    if shown is None or not hx.wants_fragment():
        return hx.redirect(url_for("planner.draft", roster_id=roster_id))
    return render_template("planner/_way.html", ways=shown, roster=found.roster)


@blueprint.post("/<roster_id>/ways")
def take_way(roster_id: str) -> BaseResponse:
    """Let the draft hold the best plan that disturbs at most so many people."""
    form = WayForm()
    roster = locked(roster_id, form)
    found = open_draft(db.session(), roster)
    page = DraftPage(draft=found, names=names_of(found), tab="day")
    choice = within(choices_of(page.last), form.people.data or 0)
    plan = plan_of_choice(found.problem, choice, found.clock)
    rosters.keep_plan(db.session(), me().actor, roster, plan)
    count = len(choice.people)
    flash(ngettext("Taken: %(num)d person is disturbed.", "Taken: %(num)d people are disturbed.", count), "success")
    return hx.redirect(url_for("planner.draft", roster_id=roster_id))
