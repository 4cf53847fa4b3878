"""What makes the main township's plan worth a look: tasks that cannot be served, and duties for those who log in.

Each of those tasks is left out for another reason, so that the reasons are to be seen.

All of its social workers and child directors are women, nobody with a valid check knows the law, and one volunteer
alone is trained in health.
"""

from random import Random

from tenants.enums import (
    ActivityKind,
    ActivityState,
    ChildCategory,
    Gender,
    PersonKind,
    Priority,
    RiskLevel,
    SignUpState,
)
from tenants.models import SignUp
from tenants.queries import due
from weibao.demo.activities import Held, Template, add_activity
from weibao.demo.children import Entry, add_child
from weibao.demo.names import NameSource
from weibao.demo.people import SATURDAY, SUNDAY, WHOLE_DAY, Cast, Check, Member, add_person
from weibao.demo.rows import FORTNIGHT, Ground, seeded_id

_LAW = Template(
    kind=ActivityKind.PROTECTION,
    title="法官讲故事",
    title_en="A lawyer tells stories",
    minutes=90,
    skills=("law",),
    children=20,
)
_HEALTH = (
    Template(
        kind=ActivityKind.SAFETY, title="儿童用药安全", title_en="Medicines at home", minutes=90, skills=("health",)
    ),
    Template(
        kind=ActivityKind.SAFETY,
        title="青春期健康课",
        title_en="Growing up healthy",
        minutes=90,
        skills=("health",),
        priority=Priority.LOW,
    ),
)


def add_specialists(ground: Ground, names: NameSource) -> tuple[Member, ...]:
    """Who knows the law, but whose check has ended; who is trained in health; and, last, the one who has a log-in."""
    return (
        _specialist(ground, names, {"law"}, Check(days_left=-20)),
        _specialist(ground, names, {"health"}, Check(days_left=200)),
        _specialist(ground, names, {"sports", "first_aid"}, Check(days_left=250)),
    )


def _specialist(ground: Ground, names: NameSource, skills: set[str], check: Check) -> Member:
    """A volunteer who is free on every weekend, and lives where the talk that can be held is held."""
    return add_person(
        ground,
        names,
        PersonKind.VOLUNTEER,
        gender=Gender.FEMALE,
        base=ground.villages[0],
        skills=skills,
        week=[(SATURDAY, *WHOLE_DAY), (SUNDAY, *WHOLE_DAY)],
        check=check,
    )


def add_unservable(ground: Ground, cast: Cast, rules: due.Rules, first_number: int) -> list[Held]:
    """A talk without a speaker, two talks at once for one speaker, and two boys who ask for a man."""
    for offset, due_in in enumerate((4, 9)):
        add_child(ground, cast, rules, _boy(first_number + offset, due_in))
    week = ground.free_days(7, FORTNIGHT)  # it lies in every fortnight that begins this week
    days = [day for day in week if day.weekday() in {SATURDAY, SUNDAY}] or [ground.day(7)]
    last = len(ground.homes) - 1
    held = [add_activity(ground, _LAW, days[0], 570, 0)]
    return held + [
        add_activity(ground, talk, days[-1], 870, home) for talk, home in zip(_HEALTH, (0, last), strict=True)
    ]


def add_sign_ups(ground: Ground, cast: Cast, activities: list[Held]) -> None:
    """Three volunteers with a valid check would like a place: the station has something to decide."""
    coming = [held.activity for held in activities if held.activity.state is ActivityState.PLANNED]
    able = [member for member in cast.volunteers if member.cleared]
    for member, activity in zip(able[:3], coming, strict=False):
        ground.session.add(
            SignUp(
                township_id=ground.township.id,
                id=seeded_id(Random(f"{activity.id}-{member.person.id}")),  # noqa: S311 -- invented
                activity_id=activity.id,
                person_id=member.person.id,
                role="helper",
                state=SignUpState.REQUESTED,
                created_at=ground.at(ground.today, 0),
            )
        )


def _boy(number: int, due_in: int) -> Entry:
    return Entry(
        number=number,
        due_in=due_in,
        category=ChildCategory.LEFT_BEHIND,
        risk=RiskLevel.LOW,
        gender=Gender.MALE,
        needs_gender=Gender.MALE,
    )
