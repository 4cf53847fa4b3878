"""The authorization matrix, generated from the program's own addresses, with real rows of every tenant."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from tenants.actor import Actor
from tenants.calendar import SpanKind
from tenants.crypto import Keyring
from tenants.enums import (
    AccountRole,
    ConsentKind,
    DeclineReason,
    ExceptionKind,
    LendingState,
    PersonKind,
    PhotoGround,
    ResourceKind,
    SheetKind,
    SignUpState,
    TownshipKind,
)
from tenants.example_templates import example_templates
from tenants.models import (
    Absence,
    Account,
    AccountSession,
    ActivityPhoto,
    ActivitySeries,
    ActivitySeriesMember,
    AvailabilityException,
    AvailabilityInvitation,
    AvailabilityRequest,
    Bar,
    Certificate,
    Consent,
    Disposal,
    DisposalFile,
    Duty,
    Enrolment,
    Hold,
    HolidayPlan,
    Home,
    LastingWish,
    Lending,
    Person,
    Resource,
    Roster,
    SignUp,
    StatedSkill,
    Township,
    Training,
    VettingRequest,
    Visit,
    VolunteerApplication,
    Wish,
    new_id,
)
from tenants.models.base import Base
from tenants.scope import Scope
from tenants.services import concerns, publishing, rosters, swaps, uploads
from tenants.services.rosters import PlannedSeat, PlannedTask
from tests import databases
from tests.security.matrix import ELSEWHERE, NOT_IDS, Request, Subject, Tally, ask, client_of, ids_of, requests
from tests.security.test_probes import digest_by
from tests.staff import register, waiting
from tests.versions import still_to_come
from tests.world import Place, World
from weibao.db import session_for
from weibao.permissions import OPEN, PERMISSIONS
from weibao.sheets.parsing import Sheet, answer_of

ROLES = [role for role in AccountRole if role is not AccountRole.COUNTY_OFFICER]


def subjects(place: Place) -> list[Subject]:
    """One account of each role of a township."""
    return [Subject(name=place.usernames[role], role=role, canary=place.canary) for role in ROLES]


KEYS = {"id", "batch", "door_code"}
"""Columns by which addresses name rows."""
NEAR = Subject(name="county", role=AccountRole.COUNTY_OFFICER, canary=None)
FAR = Subject(name="far-county", role=AccountRole.COUNTY_OFFICER, canary=None)
NOBODY = Subject(name="nobody", role=None, canary=None)


@pytest.fixture
def full(app: Flask, world: World) -> World:
    """The world with visits due, a draft, a published version, duties and an exception in each township."""
    app.config["PROPAGATE_EXCEPTIONS"] = False  # a fault answers 500 here too, and counts as one
    with app.app_context(), session_for(Scope.of_system(reason="test")) as session:
        for place, county in (
            (world.first, world.county),
            (world.second, world.county),
            (world.foreign, world.other_county),
        ):
            _fill(session, place, county, app.config["WEIBAO"].keyring)
            register(session, county, place)
        for county in (world.county, world.other_county):
            waiting(session, county)
            still_to_come(session, county)
    return world


def _loan(session: Session, place: Place, county: str, today: date) -> Lending:
    """A loan of the volunteer to a township of its own: no other of the world has a part in it."""
    known = select(Township).where(Township.county_id == county, Township.name == "邻镇")
    other = session.scalar(known) or Township(
        county_id=county, name="邻镇", name_en="Lin", kind=TownshipKind.TOWN, lat=35.6, lon=112.5
    )
    session.add(other)
    session.flush()
    now = datetime.now(UTC)
    return Lending(
        county_id=county, lender_id=place.township, borrower_id=other.id, lender_name="甲", borrower_name="邻镇",
        state=LendingState.WAITING, kind=PersonKind.VOLUNTEER, from_day=today, to_day=today, from_minute=480,
        to_minute=600, person_id=place.people[PersonKind.VOLUNTEER], lender_at=now, borrower_at=now,
        reason=place.canary,
    )  # fmt: skip


def _fill(session: Session, place: Place, county: str, keyring: Keyring) -> None:
    actor = Actor(county_id=county, township_id=place.township, role=AccountRole.STATION_HEAD)
    today = datetime.now(UTC).date()
    person = place.people[PersonKind.CHILD_DIRECTOR]
    visit = Visit(
        township_id=place.township, child_id=place.children[0], category="left_behind", risk="high", due_on=today,
        minutes=40, priority="high", service="child_protection", known_by="nobody",
        roles=[{"id": "lead", "min": 1, "max": 1, "kinds": ["child_director"], "skills": []}],
    )  # fmt: skip
    session.add(visit)
    session.add(
        AvailabilityException(township_id=place.township, person_id=person, kind=ExceptionKind.AWAY,
                              from_day=today, to_day=today)
    )  # fmt: skip
    session.add(
        Absence(township_id=place.township, person_id=person, from_day=today, to_day=today, exception_id=new_id())
    )
    asked_one = AvailabilityInvitation(township_id=place.township, person_id=person)
    session.add(
        AvailabilityRequest(township_id=place.township, from_day=today, to_day=today, answer_by=today,
                            invitations=[asked_one])
    )  # fmt: skip
    session.add_all(example_templates(place.township))
    session.add(Resource(township_id=place.township, kind=ResourceKind.ROOM, name=place.canary, home_id=place.homes[0]))
    session.add(
        Enrolment(township_id=place.township, activity_id=place.activity, child_id=place.children[0],
                  consent=ConsentKind.WRITTEN, consented_on=today)
    )  # fmt: skip
    member = ActivitySeriesMember(township_id=place.township, activity_id=place.activity)
    session.add(ActivitySeries(township_id=place.township, left_out=[], members=[member]))
    session.add(
        HolidayPlan(township_id=place.township, kind=SpanKind.WINTER, name=f"寒假 {place.canary}", first=today,
                    last=today, draft_ids=[])
    )  # fmt: skip
    session.add(
        VolunteerApplication(township_id=place.township, name=place.canary, phone="1380000", skills=[], from_day=today,
                             birth_date=today)
    )  # fmt: skip
    _photo_and_device(session, place, county)
    session.add(Training(township_id=place.township, person_id=person, course=place.canary, day=today, hours=2))
    session.get_one(Person, (place.township, person)).own_words = place.canary
    said = {"township_id": place.township, "person_id": person}
    session.add(StatedSkill(**said, skill=place.canary))
    session.add(LastingWish(**said, village_id=place.villages[0], wants=True))
    session.add(Wish(**said, activity_id=place.activity, wants=False))
    helper = place.people[PersonKind.VOLUNTEER]
    session.add(_loan(session, place, county, today))
    session.add(VettingRequest(township_id=place.township, batch=new_id(), person_id=helper, requested_on=today))
    session.add(Bar(county_id=county, township_id=place.township, person_id=helper, checked_on=today))
    session.add(
        Consent(township_id=place.township, child_id=place.children[0], purpose="file", given_on=today,
                given_by="parent", form_kept_at=place.canary)
    )  # fmt: skip
    session.add(
        Hold(township_id=place.township, child_id=place.children[0], kind="legal", reason=place.canary, placed_by="x")
    )
    disposal = Disposal(township_id=place.township, step="close", proposed_by="x")
    disposal.files = [DisposalFile(township_id=place.township, child_id=place.children[0])]
    session.add(disposal)
    draft = Roster(township_id=place.township, starts_on=today + timedelta(days=1), days=7)
    session.add(draft)
    session.flush()
    start = datetime.now(UTC) + timedelta(days=2)
    task = PlannedTask(
        visit_id=visit.id, activity_id=None, starts_at=start, ends_at=start + timedelta(minutes=40),
        seats=(PlannedSeat(person_id=person, role="lead"),),
    )  # fmt: skip
    rosters.keep_plan(session, actor, draft, rosters.Plan(tasks=(task,), unserved=(), medium=0, soft=0))
    session.refresh(draft)
    publishing.publish(session, actor, draft)
    duty = session.scalars(select(Duty).where(Duty.township_id == place.township)).one()
    asked = place.people[PersonKind.SOCIAL_WORKER]
    session.get_one(Home, (place.township, place.homes[0])).door_code = new_id()
    someone = Actor(county_id=county, township_id=place.township, account_id=_account(session, place))
    concerns.raise_concern(session, someone, keyring, village_id=place.villages[0], text=f"worried {place.canary}")
    session.add(Certificate(township_id=place.township, person_id=person, from_day=today, to_day=today))
    swaps.begin(session, actor, duty, DeclineReason.WORK, [asked])
    session.add(
        SignUp(township_id=place.township, activity_id=place.activity, role="helper", state=SignUpState.REQUESTED,
               person_id=place.people[PersonKind.VOLUNTEER])
    )  # fmt: skip
    sheets = [Sheet(name="人员", rows=((1, ("姓名", "岗位")), (2, (f"新人 {place.canary}", "飞行员"))))]
    uploads.keep(session, actor, keyring, kind=SheetKind.PEOPLE, file_name=place.canary, content=answer_of(sheets))


def _photo_and_device(session: Session, place: Place, county: str) -> None:
    session.add(
        ActivityPhoto(township_id=place.township, activity_id=place.activity, ground=PhotoGround.NOBODY, size=1,
                      sealed=b"x")
    )  # fmt: skip
    session.add(
        AccountSession(county_id=county, account_id=_account(session, place), token_hash=new_id(), device=ELSEWHERE,
                       ends_at=datetime.now(UTC) + timedelta(days=1))
    )  # fmt: skip


def _account(session: Session, place: Place) -> str:
    return session.scalars(select(Account.id).where(Account.township_id == place.township)).first() or ""


@pytest.fixture
def owner(database_url: str) -> Iterator[Engine]:
    """A privileged connection."""
    engine = create_engine(databases.owner_url(database_url), poolclass=NullPool)
    yield engine
    engine.dispose()


def targets(app: Flask, place: Place, nouns: set[str] | None = None) -> list[Request]:
    """Every address with ids of a township; with ``nouns``, of these blueprints alone."""
    with app.app_context(), session_for(Scope.of_system(reason="test"), reading=True) as session:
        return [r for r in requests(app, ids_of(session, place)) if nouns is None or r.endpoint.split(".")[0] in nouns]


def unknown(app: Flask, place: Place, nouns: set[str] | None = None) -> list[Request]:
    """The same addresses with ids that nobody has."""
    with app.app_context(), session_for(Scope.of_system(reason="test"), reading=True) as session:
        nobodys = {name: NOT_IDS.get(name) or new_id() for name in ids_of(session, place)}
        return [r for r in requests(app, nobodys) if nouns is None or r.endpoint.split(".")[0] in nouns]


def may(subject: Subject, request: Request) -> bool:
    allowed = PERMISSIONS[request.endpoint]
    return allowed == OPEN or subject.role in allowed


def walk_foreign(
    app: Flask, subject: Subject, target: Place, tally: Tally, nouns: set[str] | None = None, *, all_pages: bool = False
) -> None:
    """A subject of elsewhere asks for a township's rows: nothing comes back, and nothing tells that they exist.

    Addresses without ids lead to the subject's own township; ``walk_own`` has those, ``all_pages`` has them here too.
    """
    client, token = client_of(app, subject)
    for real, none in zip(targets(app, target, nouns), unknown(app, target, nouns), strict=True):
        if real.endpoint == "account.logout" or not (real.ids or all_pages):
            continue
        status, text = ask(client, token, real)
        tally.requests += 1
        where = f"{subject.name} {real.method} {real.endpoint}"
        if target.canary in text:
            tally.faults.append(f"{where}: the canary of {target.canary} came back")
        if status >= 500:
            tally.faults.append(f"{where}: {status}")
        if real.ids and may(subject, real):
            tally.requests += 1
            if (status, text) != ask(client, token, none):
                tally.faults.append(f"{where}: a foreign row answers unlike an unknown one ({status})")
            if real.method == "GET" and status != 404:
                tally.faults.append(f"{where}: a foreign row answers {status}")


def walk_own(
    app: Flask, subject: Subject, place: Place, others: list[str], tally: Tally, nouns: set[str] | None = None
) -> None:
    """A subject asks for the own township's rows: what the table allows, and no more."""
    client, token = client_of(app, subject)
    for request in targets(app, place, nouns):
        if request.endpoint == "account.logout":
            continue
        status, text = ask(client, token, request)
        tally.requests += 1
        where = f"{subject.name} {request.method} {request.endpoint}"
        if status >= 500:
            tally.faults.append(f"{where}: {status}")
        if not may(subject, request) and status != (303 if subject.role is None else 403):
            tally.faults.append(f"{where}: not allowed, yet {status}")
        tally.faults += [f"{where}: the canary of {canary} came back" for canary in others if canary in text]


def test_every_address_is_asked_for_with_rows_that_are_there(app: Flask, full: World, owner: Engine) -> None:
    with app.app_context(), session_for(Scope.of_system(reason="test"), reading=True) as session:
        ids = ids_of(session, full.first).items() - NOT_IDS.items()
    keys = [column for table in Base.metadata.tables.values() for column in table.columns if column.name in KEYS]
    with owner.connect() as connection:
        known = {value for key in keys for value in connection.scalars(select(key))}
    assert sorted(name for name, value in ids if value not in known) == []


@pytest.mark.timeout(1200)  # thousands of requests
def test_nobody_reaches_another_townships_rows(app: Flask, full: World, owner: Engine) -> None:
    tally = Tally()
    before = digest_by(owner, full.first.township)
    for subject in [*subjects(full.second), *subjects(full.foreign), FAR]:
        walk_foreign(app, subject, full.first, tally, all_pages=subject.role is AccountRole.STATION_HEAD)
    assert tally.faults == []
    assert digest_by(owner, full.first.township) == before
    print(f"{tally.requests} requests by {2 * len(ROLES) + 1} foreign subjects, 0 leaks")


@pytest.mark.timeout(1200)
def test_everybody_reaches_what_the_table_allows_and_no_more(app: Flask, full: World) -> None:
    tally = Tally()
    others = [full.second.canary, full.foreign.canary]
    for subject in [NOBODY, *subjects(full.first)]:
        walk_own(app, subject, full.first, others, tally)
    assert tally.faults == []
    print(f"{tally.requests} requests by {len(ROLES) + 1} subjects")


def test_county_officer_sees_no_child_and_no_other_county(app: Flask, full: World, owner: Engine) -> None:
    tally = Tally()
    before = digest_by(owner, full.first.township)
    walk_own(app, NEAR, full.first, [full.foreign.canary, "PSEUDONYM-"], tally)
    assert tally.faults == []
    assert [row for row in digest_by(owner, full.first.township) if row not in before and row[0] != "audit_entry"] == []
    print(f"{tally.requests} requests by a county officer")


def test_volunteer_never_sees_a_pseudonym(app: Flask, full: World) -> None:
    tally = Tally()
    (volunteer,) = (s for s in subjects(full.first) if s.role is AccountRole.VOLUNTEER)
    walk_own(app, volunteer, full.first, ["PSEUDONYM-"], tally)
    assert tally.faults == []
