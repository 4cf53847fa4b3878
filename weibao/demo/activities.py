"""Activities at the Children's Homes on free days, held and coming, and what volunteers wish."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tenants.enums import ActivityKind, ActivityState, PersonKind, Priority, Service
from tenants.models import Activity, ActivityRole, Wish
from weibao.demo.names import data
from weibao.demo.people import Cast
from weibao.demo.rows import FORTNIGHT, Ground

_STARTS = (540, 570, 870, 900)  # minutes of the day
_LEADS = [PersonKind.SOCIAL_WORKER.value, PersonKind.CHILD_DIRECTOR.value, PersonKind.VOLUNTEER.value]
_HELPERS = [PersonKind.VOLUNTEER.value, PersonKind.CHILD_DIRECTOR.value]
_AIDERS = [PersonKind.VOLUNTEER.value, PersonKind.SOCIAL_WORKER.value]


@dataclass(frozen=True, kw_only=True)
class Template:
    """An activity to hold: one lead with ``skills``, helpers from the lower to the higher number."""

    kind: ActivityKind
    title: str
    title_en: str
    minutes: int
    skills: tuple[str, ...] = ()
    helpers: tuple[int, int] = (1, 3)
    children: int = 15
    service: Service = Service.CHILD_PROTECTION
    priority: Priority = Priority.NORMAL
    first_aid: bool = False


@dataclass(frozen=True, kw_only=True)
class Held:
    """An activity row with its template."""

    activity: Activity
    template: Template
    roles: tuple[dict[str, Any], ...]


def templates() -> list[Template]:
    """The kinds that the notice names (2.3), as a Children's Home might offer them."""
    return [
        Template(
            **{
                **entry,
                "kind": ActivityKind(entry["kind"]),
                "skills": tuple(entry["skills"]),
                "helpers": tuple(entry["helpers"]),
                "service": Service(entry.get("service", Service.CHILD_PROTECTION)),
                "priority": Priority(entry.get("priority", Priority.NORMAL)),
            }
        )
        for entry in data("activities")
    ]


def add_activities(ground: Ground) -> list[Held]:
    """Two fortnights that are over and three that are to come, from tomorrow on."""
    count = 10 if ground.main else min(9, 3 + len(ground.villages) // 4)
    found: list[Held] = []
    for block in range(-2, 3):
        days = ground.free_days(block * FORTNIGHT or 1, (block + 1) * FORTNIGHT)
        found += _spread(ground, days, count)
    return found


def _spread(ground: Ground, days: list[date], count: int) -> list[Held]:
    rng = ground.rng
    chosen = rng.sample(templates(), min(count, len(templates()))) if days else []
    taken: set[tuple[int, date]] = set()
    found = []
    for position, template in enumerate(chosen):
        day = days[position % len(days)]
        home = rng.choice([n for n in range(len(ground.homes)) if (n, day) not in taken] or [0])
        taken.add((home, day))
        found.append(add_activity(ground, template, day, rng.choice(_STARTS), home))
    return found


def add_activity(ground: Ground, template: Template, day: date, minute: int, home: int) -> Held:
    """One activity with its roles; held already when its day is over."""
    start = ground.at(day, minute)
    activity = ground.add(
        Activity,
        home_id=ground.homes[home].id,
        title=template.title,
        title_en=template.title_en,
        kind=template.kind,
        service=template.service,
        priority=template.priority,
        starts_at=start,
        ends_at=start + timedelta(minutes=template.minutes),
        with_children=True,
        children_expected=template.children,
        state=ActivityState.HELD if day < ground.today else ActivityState.PLANNED,
    )
    roles = tuple(_roles(template))
    for position, role in enumerate(roles):
        ground.add(
            ActivityRole,
            activity_id=activity.id,
            position=position,
            role=role["id"],
            minimum=role["min"],
            maximum=role["max"],
            kinds=role["kinds"],
            skills=role["skills"],
        )
    return Held(activity=activity, template=template, roles=roles)


def _roles(template: Template) -> Iterator[dict[str, Any]]:
    """Roles in the form of the visit rules; purchased-service staff are not asked for other work (notice 3.2)."""
    leads = _LEADS[1:] if template.service is Service.OTHER else list(_LEADS)
    yield {"id": "lead", "min": 1, "max": 1, "kinds": leads, "skills": list(template.skills)}
    least, most = template.helpers
    yield {"id": "helper", "min": least, "max": most, "kinds": list(_HELPERS), "skills": []}
    if template.first_aid:
        yield {"id": "first_aid", "min": 1, "max": 1, "kinds": list(_AIDERS), "skills": ["first_aid"]}


def add_wishes(ground: Ground, cast: Cast, activities: list[Held]) -> None:
    """Many volunteers name one to three activities that they would like, some name one that they would not."""
    rng = ground.rng
    coming = [held.activity for held in activities if held.activity.state is ActivityState.PLANNED]
    for member in cast.volunteers:
        liked = rng.sample(coming, min(len(coming), rng.choice((0, 0, 1, 2, 3))))
        disliked = rng.sample(coming, min(len(coming), rng.choice((0, 0, 0, 1))))
        for activity in liked:
            ground.add(Wish, person_id=member.person.id, activity_id=activity.id, wants=True)
        for activity in (a for a in disliked if a not in liked):
            ground.add(Wish, person_id=member.person.id, activity_id=activity.id, wants=False)
