"""The people of a township: station staff, social workers, a child director to each village, volunteers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta

from tenants.enums import ExceptionKind, Gender, PersonKind, VettingResult
from tenants.models import AvailabilityException, Bar, Person, PersonSkill, Vetting, Village, WeeklyAvailability
from tenants.queries.bars import identity_of
from weibao.demo.names import NameSource
from weibao.demo.rows import COMING, Ground

SKILLS = ("counselling", "tutoring", "sports", "arts", "first_aid")
RARE_SKILLS = ("law", "health")  # in the main township one person each has them: see showpieces
MORNING, AFTERNOON, WHOLE_DAY, EVENING = (480, 720), (810, 1080), (480, 1080), (975, 1170)
SATURDAY, SUNDAY = 5, 6
_AWAY_NOTES = ("探亲", "外出培训", "家中有事", "身体不适")
YEAR = timedelta(days=365)  # a check holds for a year: Law on the Protection of Minors, art. 62


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Service minutes and tasks."""

    day: int
    week: int
    tasks: int


LIMITS = {
    PersonKind.STATION_STAFF: Limits(day=420, week=2100, tasks=6),
    PersonKind.SOCIAL_WORKER: Limits(day=420, week=2100, tasks=7),
    PersonKind.CHILD_DIRECTOR: Limits(day=240, week=720, tasks=4),
    PersonKind.VOLUNTEER: Limits(day=300, week=600, tasks=3),
}


@dataclass(frozen=True, kw_only=True)
class Check:
    """A criminal-record check that holds for so many days from today; negative: it has ended."""

    days_left: int
    result: VettingResult = VettingResult.CLEAR


@dataclass(frozen=True, kw_only=True)
class Member:
    """A person with what the rows around them say; ``week`` holds weekday, from and to minute."""

    person: Person
    skills: frozenset[str]
    week: tuple[tuple[int, int, int], ...]
    check: Check | None

    @property
    def cleared(self) -> bool:
        """Whether the check holds today."""
        return self.check is not None and self.check.result is VettingResult.CLEAR and self.check.days_left >= 0

    def is_free(self, weekday: int, begin: int, end: int) -> bool:
        """Whether the week holds this span."""
        return any(day == weekday and opens <= begin and end <= closes for day, opens, closes in self.week)


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who works in a township; ``directors`` in the order of the villages."""

    staff: tuple[Member, ...]
    workers: tuple[Member, ...]
    directors: tuple[Member, ...]
    volunteers: tuple[Member, ...]

    @property
    def everybody(self) -> tuple[Member, ...]:
        """All of them."""
        return self.staff + self.workers + self.directors + self.volunteers


def add_people(ground: Ground, names: NameSource) -> Cast:
    """Fill a township with people."""
    staff_count = 5 if ground.main else ground.rng.randint(3, 6)
    worker_count = 4 if ground.main else min(4, 1 + len(ground.villages) // 8)
    volunteer_count = 36 if ground.main else min(45, 20 + ground.rng.randrange(len(ground.villages) + 6))
    return Cast(
        staff=tuple(_staff(ground, names, n) for n in range(staff_count)),
        workers=tuple(_worker(ground, names, n) for n in range(worker_count)),
        directors=tuple(_director(ground, names, n) for n in range(len(ground.villages))),
        volunteers=tuple(_volunteer(ground, names, n) for n in range(volunteer_count)),
    )


def add_person(
    ground: Ground,
    names: NameSource,
    kind: PersonKind,
    *,
    gender: Gender,
    week: Sequence[tuple[int, int, int]],
    check: Check | None,
    base: Village | None = None,
    skills: Iterable[str] = (),
) -> Member:
    """One person; ``base`` None is the township's seat."""
    limits, name = LIMITS[kind], names.person(gender)
    person = ground.add(
        Person,
        name=name.zh,
        name_en=name.en,
        kind=kind,
        gender=gender,
        phone=names.phone(),
        base_village_id=base.id if base else None,
        dedicated=kind is PersonKind.SOCIAL_WORKER,
        max_minutes_per_day=limits.day,
        max_minutes_per_week=limits.week,
        max_tasks_per_day=limits.tasks,
    )
    for skill in sorted(set(skills)):
        ground.add(PersonSkill, person_id=person.id, skill=skill)
    for weekday, begin, end in week:
        ground.add(WeeklyAvailability, person_id=person.id, weekday=weekday, from_minute=begin, to_minute=end)
    if check:
        _add_check(ground, person, check)
    return Member(person=person, skills=frozenset(skills), week=tuple(week), check=check)


def _add_check(ground: Ground, person: Person, check: Check) -> None:
    through = ground.day(check.days_left)
    ground.add(
        Vetting,
        person_id=person.id,
        checked_on=through - YEAR,
        valid_through=through,
        result=check.result,
        reference=f"演示-{person.phone}",
        bar_id=_add_bar(ground, person, through - YEAR) if check.result is VettingResult.BARRED else None,
    )


def _add_bar(ground: Ground, person: Person, checked_on: date) -> str:
    """The county's register of a bad check; it takes the person's id, so that no random number is drawn for it."""
    county = ground.township.county_id
    identity = identity_of(county, person)
    ground.session.add(
        Bar(
            county_id=county,
            id=person.id,
            township_id=person.township_id,
            person_id=person.id,
            identity=identity,
            checked_on=checked_on,
            entered_at=ground.at(checked_on, 600).astimezone(UTC),
        )
    )
    return person.id


def _staff(ground: Ground, names: NameSource, number: int) -> Member:
    duty_day = SATURDAY if number % 2 else SUNDAY
    return add_person(
        ground,
        names,
        PersonKind.STATION_STAFF,
        gender=ground.rng.choice((Gender.FEMALE, Gender.MALE)),
        skills={"case_work"} if number == 0 else set(ground.rng.sample(SKILLS, ground.rng.choice((0, 1, 1)))),
        week=[(weekday, 510, 1110) for weekday in range(5)] + [(duty_day, *MORNING)],
        check=Check(days_left=ground.rng.randint(60, 330)),
    )


def _worker(ground: Ground, names: NameSource, number: int) -> Member:
    """Office hours and one weekend day, with a weekday off for it."""
    duty_day = SATURDAY if number % 2 else SUNDAY
    off = (number * 2) % 5
    member = add_person(
        ground,
        names,
        PersonKind.SOCIAL_WORKER,
        gender=_mostly_female(ground),
        skills={"case_work", ("counselling", "first_aid")[number % 2]},
        week=[(weekday, 510, 1140) for weekday in range(5) if weekday != off] + [(duty_day, *WHOLE_DAY)],
        check=Check(days_left=ground.rng.randint(60, 330)),
    )
    _add_exceptions(ground, member.person, away=0.3, extra=0.0)
    return member


def _director(ground: Ground, names: NameSource, number: int) -> Member:
    """After school hours and on weekends; the first one of the main township, who has a log-in, on all of them."""
    rng, logs_in = ground.rng, ground.main and number == 0
    week = [(weekday, 960, 1155) for weekday in range(5) if logs_in or rng.random() < 0.75]
    week += [(weekday, 540, 1080) for weekday in (SATURDAY, SUNDAY) if logs_in or rng.random() < 0.75]
    member = add_person(
        ground,
        names,
        PersonKind.CHILD_DIRECTOR,
        gender=_mostly_female(ground),
        base=ground.villages[number],
        skills={"case_work"} | set(rng.sample(SKILLS, rng.choice((0, 0, 1)))),
        week=week,
        check=Check(days_left=rng.randint(3, 12) if number % 9 == 4 else rng.randint(40, 340)),
    )
    _add_exceptions(ground, member.person, away=0.0 if logs_in else 0.12, extra=0.08)
    _add_holidays(ground, member.person)
    return member


def _mostly_female(ground: Ground) -> Gender:
    """These posts prefer women (民发〔2019〕34号); in the main township they hold all of them: see showpieces."""
    return Gender.FEMALE if ground.main else ground.rng.choice((Gender.FEMALE, Gender.FEMALE, Gender.MALE))


def _volunteer(ground: Ground, names: NameSource, number: int) -> Member:
    """Weekends and some evenings."""
    rng = ground.rng
    weekend = [day for day in (SATURDAY, SUNDAY) if rng.random() < 0.72] or [SATURDAY]
    week = [(day, *EVENING) for day in range(5) if rng.random() < 0.2]
    week += [(day, *rng.choice((MORNING, AFTERNOON, WHOLE_DAY))) for day in weekend]
    skills = set(rng.sample(SKILLS, rng.choice((0, 1, 1, 2, 3))))
    if not ground.main and rng.random() < 0.15:
        skills.add(rng.choice(RARE_SKILLS))
    member = add_person(
        ground,
        names,
        PersonKind.VOLUNTEER,
        gender=rng.choice((Gender.FEMALE, Gender.FEMALE, Gender.MALE)),
        base=rng.choice(ground.villages),
        skills=skills,
        week=week,
        check=_volunteer_check(ground, number),
    )
    _add_exceptions(ground, member.person, away=0.2, extra=0.12)
    _add_holidays(ground, member.person)
    return member


def _volunteer_check(ground: Ground, number: int) -> Check | None:
    """Most hold a valid check; a few have none yet, or an old one, or one about to end, and one was barred."""
    rng = ground.rng
    if number == 7:
        return Check(days_left=300, result=VettingResult.BARRED)
    if number % 12 == 5:
        return None
    if number % 18 == 9:
        return Check(days_left=-rng.randint(4, 60))
    return Check(days_left=rng.randint(2, 12) if number % 10 == 3 else rng.randint(30, 340))


def _add_exceptions(ground: Ground, person: Person, *, away: float, extra: float) -> None:
    """Days away and free time beyond the week in the coming six weeks, with these chances."""
    rng = ground.rng
    if rng.random() < away:
        begin, note = rng.randint(1, 38), rng.choice(_AWAY_NOTES)
        ground.add(
            AvailabilityException,
            person_id=person.id,
            kind=ExceptionKind.AWAY,
            from_day=ground.day(begin),
            to_day=ground.day(begin + rng.randint(0, 3)),
            note=note,
        )
    if rng.random() < extra:
        _add_extra(ground, person, ground.day(rng.randint(1, 38)), EVENING)


def _add_holidays(ground: Ground, person: Person) -> None:
    """Two in three are free on a public holiday that falls on a weekday."""
    holidays = [day for day in ground.free_days(1, COMING) if day.weekday() not in {SATURDAY, SUNDAY}]
    for day in holidays:
        if ground.rng.random() < 0.67:
            _add_extra(ground, person, day, WHOLE_DAY)


def _add_extra(ground: Ground, person: Person, day: date, minutes: tuple[int, int]) -> None:
    ground.add(
        AvailabilityException,
        person_id=person.id,
        kind=ExceptionKind.EXTRA,
        from_day=day,
        to_day=day,
        from_minute=minutes[0],
        to_minute=minutes[1],
    )


def extended(cast: Cast, volunteers: tuple[Member, ...]) -> Cast:
    """The cast with more volunteers."""
    return replace(cast, volunteers=cast.volunteers + volunteers)
