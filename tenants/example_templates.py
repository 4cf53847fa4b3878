"""Templates to begin with: one for each kind of activity that the notice names (2.3), for a station to change."""

from datetime import time
from typing import Any

from tenants.enums import ActivityKind, PersonKind, Priority, Service
from tenants.models import ActivityTemplate

_WORKER, _DIRECTOR = PersonKind.SOCIAL_WORKER.value, PersonKind.CHILD_DIRECTOR.value
_VOLUNTEER, _STAFF = PersonKind.VOLUNTEER.value, PersonKind.STATION_STAFF.value
_MORNING, _AFTERNOON = time(9, 30), time(14, 30)


def _team(skills: tuple[str, ...] = (), *, helpers: tuple[int, int] = (1, 3)) -> list[dict[str, Any]]:
    """One lead with the skills, and helpers."""
    return [
        {"id": "lead", "min": 1, "max": 1, "kinds": [_DIRECTOR, _WORKER, _VOLUNTEER], "skills": list(skills)},
        {"id": "helper", "min": helpers[0], "max": helpers[1], "kinds": [_VOLUNTEER, _DIRECTOR, _STAFF], "skills": []},
    ]


_KINDS: tuple[tuple[ActivityKind, str, str, time, int, int, list[dict[str, Any]]], ...] = (
    (ActivityKind.MORAL_PRACTICE, "敬老爱亲实践", "An afternoon with our elders", _AFTERNOON, 90, 12, _team()),
    (ActivityKind.PROTECTION, "未成年人保护法小课堂", "Protection knowledge for children", _MORNING, 60, 20, _team()),
    (
        ActivityKind.PARENTS_SCHOOL,
        "家长课堂",
        "Parents' school",
        _AFTERNOON,
        90,
        0,
        _team(("counselling",), helpers=(0, 1)),
    ),
    (ActivityKind.SAFETY, "安全教育与演练", "Safety lesson and drill", _MORNING, 90, 24, _team(helpers=(1, 4))),
    (ActivityKind.ARTS, "儿童绘画", "Painting", _MORNING, 90, 16, _team(("arts",))),
    (ActivityKind.SPORTS, "趣味运动", "Games and sports", _AFTERNOON, 90, 24, _team(("sports",), helpers=(2, 4))),
    (ActivityKind.TUTORING, "假期作业辅导", "Homework help", _MORNING, 120, 15, _team(("tutoring",))),
)


def example_templates(township_id: str) -> list[ActivityTemplate]:
    """The seven templates, in the order of the notice."""
    return [
        ActivityTemplate(
            township_id=township_id,
            kind=kind,
            title=title,
            title_en=title_en,
            service=Service.CHILD_PROTECTION,
            priority=Priority.NORMAL,
            start=start,
            minutes=minutes,
            with_children=children > 0,
            children_expected=children,
            roles=roles,
        )
        for kind, title, title_en, start, minutes, children, roles in _KINDS
    ]
