"""Load the demonstration county into an empty database."""

from datetime import date
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole
from tenants.example_templates import example_templates
from tenants.models import Account, County, Home, Township, Village
from tenants.queries import due
from tenants.queries.calendar import calendar_of
from tenants.services import passwords
from tenants.services.counties import TownshipSpot, create_county
from weibao import demo_accounts
from weibao.demo.activities import add_activities, add_wishes
from weibao.demo.children import add_children
from weibao.demo.history import add_history
from weibao.demo.joining import add_page
from weibao.demo.lending import add_question
from weibao.demo.names import FullName, NameSource, data
from weibao.demo.people import Cast, Member, add_people, extended
from weibao.demo.retention import add_old_files, decide_periods
from weibao.demo.rows import Ground, seeded_id
from weibao.demo.showpieces import add_sign_ups, add_specialists, add_unservable
from weibao.demo.staffing import add_attempt, add_register
from weibao.demo.wishes import add_lasting_wishes
from weibao.places import Places, read_places

MAIN_VILLAGES = 20  # the township of the log-ins is the one nearest to this size


def load(session: Session, *, today: date, seed: int, places: Places | None = None) -> None:
    """Write the whole demonstration county; the same seed, day and places give the same rows.

    Parameters
    ----------
    session : without bounds (``Scope.of_system``), over a database at head; the caller commits.
    today : the day that due dates, checks and activities are counted from.
    seed : of every choice that chance makes, ids included.
    places : a county's own places; the invented ones when None. The people are invented either way.

    """
    places = places or read_places()
    built_in = read_places() if places.county is None else places
    rng = Random(f"{seed}")  # noqa: S311 -- invented people need no secrecy
    county = create_county(
        session,
        name=places.county or built_in.county or "",
        name_en=places.county_en or built_in.county_en or "",
        townships=places.townships,
        invented=True,
        today=today,
        ids=lambda: seeded_id(rng),
    )
    names, rules = NameSource(rng=rng), due.rules_of(session, county.id)
    main = min(places.townships, key=lambda spot: abs(len(spot.villages) - MAIN_VILLAGES)).name
    townships = {row.name: row for row in session.scalars(select(Township).where(Township.county_id == county.id))}
    for number, spot in enumerate(places.townships, start=1):
        ground = _ground(session, townships[spot.name], spot, number, today=today, seed=seed, main=spot.name == main)
        cast = _fill(ground, names, rules)
        if ground.main:
            decide_periods(session, county.id, ground)
            _add_accounts(session, county, cast, rng, ground)
            add_attempt(ground, cast.workers[0].person)
    add_register(session, county, rng, names, today)
    add_question(session, townships[main], Random(f"{seed}-lending"), today)  # noqa: S311 -- invented people


def _ground(
    session: Session, township: Township, spot: TownshipSpot, number: int, *, today: date, seed: int, main: bool
) -> Ground:
    villages = {row.name: row for row in session.scalars(select(Village).where(Village.township_id == township.id))}
    homes = {row.village_id: row for row in session.scalars(select(Home).where(Home.township_id == township.id))}
    for home in homes.values():
        home.opening_hours = "周六、周日及节假日 9:00–17:00"
    in_order = tuple(villages[place.name] for place in spot.villages)
    return Ground(
        session=session,
        rng=Random(f"{seed}-{number}"),  # noqa: S311 -- invented people need no secrecy
        township=township,
        villages=in_order,
        homes=tuple(homes[village.id] for village in in_order),
        calendar=calendar_of(session, township.county_id),
        today=today,
        number=number,
        main=main,
    )


def _fill(ground: Ground, names: NameSource, rules: due.Rules) -> Cast:
    cast = add_people(ground, names)
    if ground.main:
        cast = extended(cast, add_specialists(ground, names))
    ground.session.flush()
    children = add_children(ground, cast, rules)
    activities = add_activities(ground)
    if ground.main:
        activities += add_unservable(ground, cast, rules, len(children) + 1)
    ground.session.flush()
    add_wishes(ground, cast, activities)
    add_lasting_wishes(ground, cast)
    add_history(ground, cast, activities)
    for template in example_templates(ground.township.id):
        template.id = seeded_id(ground.rng)
        ground.session.add(template)
    if ground.main:
        add_sign_ups(ground, cast, activities)
        add_page(ground, activities)
    if ground.main:
        add_old_files(ground, len(children) + 31)
    ground.session.flush()
    return cast


def _add_accounts(session: Session, county: County, cast: Cast, rng: Random, ground: Ground) -> None:
    """The listed log-ins; whoever is behind one has a valid check and much free time, so that a plan gives duties."""
    people = {
        AccountRole.STATION_HEAD: cast.staff[0],
        AccountRole.STATION_STAFF: cast.staff[1],
        AccountRole.SOCIAL_WORKER: _freest(cast.workers),
        AccountRole.CHILD_DIRECTOR: cast.directors[0],
        AccountRole.VOLUNTEER: cast.volunteers[-1],
    }
    password_hash = passwords.hash_of(demo_accounts.PASSWORD)  # one for all: it is printed anyway
    officers = {"county": _officer("county_officer"), "county2": _officer("second_officer")}
    for login in demo_accounts.LISTED:
        member = people.get(login.role)
        session.add(
            Account(
                county_id=county.id,
                id=seeded_id(rng),
                username=login.username,
                password_hash=password_hash,
                role=login.role,
                township_id=ground.township.id if member else None,
                person_id=member.person.id if member else None,
                display_name=member.person.name if member else officers[login.username].zh,
                created_at=ground.at(ground.today, 0),
            )
        )
    session.flush()


def _officer(key: str) -> FullName:
    return FullName(zh=data("names")[key]["name"], en=data("names")[key]["name_en"])


def _freest(members: tuple[Member, ...]) -> Member:
    def minutes(member: Member) -> int:
        lasting = member.cleared and member.check is not None and member.check.days_left > 45
        return sum(end - begin for _, begin, end in member.week) if lasting else -1

    return max(members, key=minutes)
