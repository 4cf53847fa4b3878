"""Why somebody sits where they sit: what speaks for them, and what the next best would cost."""

from weibao.explaining.names import Names
from weibao.explaining.reasons import post_in_words
from weibao.explaining.rules import hours
from weibao.planning import Draft
from weibao.say import _, ngettext


def why_on(draft: Draft, names: Names, task_id: str, person_id: str, best: tuple[int, str] | None) -> list[str]:
    """What speaks for a person on a task; ``best`` is the cost and the name of the best other who breaks no rule."""
    task, person = draft.problem.task_of[task_id], draft.problem.person_of.get(person_id)
    if person is None:
        return [_("Takes no longer part: somebody else is needed.")]
    row = draft.row_of[task_id]
    role = next(task.role_of[seat.role] for seat in row.people if seat.person == person_id)
    mine = [other for other in draft.rows if any(seat.person == person_id for seat in other.people)]
    minutes = sum(draft.problem.task_of[other.task].minutes for other in mine)
    road = draft.problem.travel(person.base, task.place)
    said = [_("Holds the post and the skills: %(post)s.", post=post_in_words(role.kinds, role.skills))]
    if person_id in task.known_by:
        said.append(_("Is known to the household."))
    if task_id in person.wants:
        said.append(_("Has asked for it."))
    if task_id in person.avoids:
        said.append(_("Would rather not, or has declined it."))
    if person.vetted_through is not None and task.with_children:
        end = names.day(min(person.vetted_through, draft.clock.days - 1))
        said.append(_("Holds a valid criminal-record check, in this period until %(day)s.", day=end))
    said.append(_("The way from home takes %(minutes)s.", minutes=hours(road)))
    said.append(
        ngettext(
            "Has %(num)d duty in this period, %(hours)s in all.",
            "Has %(num)d duties in this period, %(hours)s in all.",
            len(mine),
            hours=hours(minutes),
        )
    )
    return [*said, _next_best(best)]


def _next_best(best: tuple[int, str] | None) -> str:
    if best is None:
        return _("Nobody else could do it without breaking a rule.")
    cost, name = best
    if cost > 0:
        return _("The next best, %(name)s, would cost the plan %(cost)d more.", name=name, cost=cost)
    if cost < 0:
        return _("%(name)s would cost the plan %(cost)d less.", name=name, cost=-cost)
    return _("%(name)s would cost the plan the same.", name=name)
