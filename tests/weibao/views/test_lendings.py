"""Lending by the pages: asked, chosen, agreed, seen in the volunteer's duties and feed, ended; and the county."""

import html
import re
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, DutyAnswer, DutyState, LendingState, MessageKind, PersonKind, Service
from tenants.models import (
    Account,
    Activity,
    Attendance,
    AvailabilityException,
    Certificate,
    Concern,
    Duty,
    Home,
    Lending,
    Message,
    Township,
    utc_now,
)
from tenants.scope import Scope
from tenants.services import bookings, feed_tokens
from tenants.services.bookings import Place
from tenants.services.lendings import Need
from tests import drafts, lent
from tests.conftest import LogIn, post
from tests.drafts import CHINA, VOLUNTEER, WORKER
from tests.duties import add_visit, give
from tests.lent import agreed, asked, head_of, need, person_of
from tests.pages import in_english
from tests.world import World
from weibao.db import session_for


def text_of(page: str) -> str:
    body = page.split("<main", 1)[-1].split("</main>", maxsplit=1)[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def at(hour: int) -> datetime:
    return datetime.combine(lent.day(), time(hour), tzinfo=CHINA)


@pytest.fixture
def borrower(log_in: LogIn) -> FlaskClient:
    return log_in(AccountRole.STATION_STAFF)


@pytest.fixture
def lender(log_in: LogIn) -> FlaskClient:
    return log_in("station_head-beta")


@pytest.fixture
def volunteer(log_in: LogIn) -> FlaskClient:
    return log_in("volunteer-beta")


def only(app: Flask) -> Lending:
    with app.app_context(), session_for(Scope.of_system(reason="test"), reading=True) as session:
        return session.scalars(select(Lending)).one()


def booked(app: Flask, world: World) -> str:
    """The borrower's guest has a visit from nine to ten; the duty's id."""
    with app.app_context(), session_for(Scope.of_township(world.county, world.first.township, reason="test")) as own:
        visit = add_visit(own, world.first)
        place = Place(visit_id=visit, activity_id=None, role="lead", starts_at=at(9), ends_at=at(10))
        return bookings.book(own, world.second.people[VOLUNTEER], place).id


@pytest.fixture
def running(app: Flask, world: World) -> str:
    """A loan of the second township's volunteer that stands."""
    with app.app_context(), lent.between(world) as work:
        return agreed(work, world).id


def test_a_volunteer_is_asked_for_chosen_and_agrees(
    app: Flask, world: World, borrower: FlaskClient, lender: FlaskClient, volunteer: FlaskClient
) -> None:
    answer = post(borrower, "/lendings/ask", {
        "neighbour": world.second.township, "kind": "volunteer", "activity_id": "", "skill": "",
        "from_day": str(lent.day()), "to_day": str(lent.day()), "reason": "写春联",
    })  # fmt: skip
    assert answer.status_code == 303
    lending = only(app)
    page = text_of(lender.get(f"/lendings/{lending.id}").text)
    assert f"volunteer {world.second.canary} 08:00–18:00" in page
    assert "写春联" in page
    chosen = {"person_id": world.second.people[VOLUNTEER]}
    assert post(lender, f"/lendings/{lending.id}/answer", chosen).status_code == 303
    assert only(app).state is LendingState.WAITING
    assert f"volunteer {world.second.canary}" not in borrower.get(f"/lendings/{lending.id}").text
    assert "Would you help in a neighbouring township?" in text_of(volunteer.get("/mine/duties").text)
    assert "写春联" in text_of(volunteer.get("/lendings/own").text)
    assert post(volunteer, f"/lendings/{lending.id}/consent").status_code == 303
    assert only(app).state is LendingState.AGREED
    assert f"volunteer {world.second.canary}" in text_of(borrower.get(f"/lendings/{lending.id}").text)


def test_what_was_typed_stays_and_the_fault_is_named(borrower: FlaskClient, world: World) -> None:
    form = {"neighbour": world.second.township, "kind": "volunteer", "activity_id": "", "skill": "", "reason": "写春联"}
    answer = post(borrower, "/lendings/ask", form)
    assert answer.status_code == 422
    assert "写春联" in answer.text
    assert text_of(answer.text).count("This field is required.") == 4  # two fields, each in the summary too
    late = {**form, "from_day": "2020-01-01", "to_day": "2020-01-01"}
    answer = post(borrower, "/lendings/ask", late)
    assert answer.status_code == 422
    assert "must not lie in the past" in answer.text


def test_an_activity_can_be_asked_for(app: Flask, world: World, borrower: FlaskClient) -> None:
    form = {"neighbour": world.second.township, "kind": "volunteer", "activity_id": world.first.activity, "skill": ""}
    assert post(borrower, "/lendings/ask", form).status_code == 303
    assert only(app).activity_id == world.first.activity


def test_an_offer_is_accepted_by_the_other_station(
    app: Flask, world: World, borrower: FlaskClient, lender: FlaskClient
) -> None:
    days = {"from_day": str(lent.day()), "to_day": str(lent.day())}
    person = world.second.people[drafts.DIRECTOR]
    form = {"neighbour": world.first.township, "person_id": person, **days}
    assert post(lender, "/lendings/offer", form).status_code == 303
    lending = only(app)
    page = borrower.get(f"/lendings/{lending.id}").text
    assert "Child director" in page
    assert f"child_director {world.second.canary}" not in page
    assert post(borrower, f"/lendings/{lending.id}/accept").status_code == 303
    assert only(app).state is LendingState.AGREED


def test_the_county_sees_all_and_agrees_to_the_loan_of_purchased_staff(
    app: Flask, world: World, log_in: LogIn, lender: FlaskClient
) -> None:
    with app.app_context(), lent.between(world) as work:
        lending = asked(work, world, need(WORKER)).id
    assert post(lender, f"/lendings/{lending}/answer", {"person_id": world.second.people[WORKER]}).status_code == 303
    county = log_in(AccountRole.COUNTY_OFFICER)
    assert "Waits for the county" in text_of(county.get("/lendings").text)
    assert "Agree to the loan" in county.get(f"/lendings/{lending}").text
    assert post(lender, f"/lendings/{lending}/approve").status_code == 403
    assert post(county, f"/lendings/{lending}/approve").status_code == 303
    assert only(app).county_by == "county"


def test_lending_purchased_staff_for_other_work_is_refused_logged_and_shown_to_the_county(
    app: Flask, world: World, lender: FlaskClient, log_in: LogIn
) -> None:
    with app.app_context(), lent.between(world) as session:
        activity = session.get_one(Activity, (world.first.township, world.first.activity))
        activity.service = Service.OTHER
        begin = datetime.combine(lent.day(), time(10), tzinfo=CHINA)
        activity.starts_at, activity.ends_at = begin, begin + timedelta(hours=1)
        wanted = Need(
            kind=WORKER, from_day=lent.day(), to_day=lent.day(), from_minute=0, to_minute=60, activity_id=activity.id
        )
        lending = asked(session, world, wanted).id
    answer = post(lender, f"/lendings/{lending}/answer", {"person_id": world.second.people[WORKER]})
    assert (answer.status_code, "child protection" in answer.text) == (403, True)
    assert only(app).state is LendingState.ASKED
    page = text_of(in_english(log_in(AccountRole.COUNTY_OFFICER)).get("/staff/diversions").text)
    assert "乙镇 social_worker CANARY-BETA By lending them for a neighbour's other work" in page


def test_the_county_reads_what_was_declined_and_why(
    app: Flask, world: World, log_in: LogIn, lender: FlaskClient
) -> None:
    with app.app_context(), lent.between(world) as work:
        lending = asked(work, world).id
    assert post(lender, f"/lendings/{lending}/close", {"reason": "本周无人"}).status_code == 303
    county = log_in(AccountRole.COUNTY_OFFICER)
    assert "Not agreed" in text_of(county.get("/lendings").text)
    assert "本周无人" in text_of(county.get(f"/lendings/{lending}").text)


def test_the_volunteers_duty_over_there_stands_in_their_duties_and_feed_and_they_answer_it(
    app: Flask, world: World, running: str, volunteer: FlaskClient
) -> None:
    duty = booked(app, world)
    page = text_of(volunteer.get("/mine/duties").text)
    assert "Home visit · 甲镇" in page
    assert "甲镇" in text_of(volunteer.get(f"/mine/duties/{duty}").text)
    assert "C-000" in volunteer.get("/").text
    with app.app_context(), session_for(Scope.of_township(world.county, world.second.township, reason="test")) as own:
        account = own.scalars(select(Account.id).where(Account.username == "volunteer-beta")).one()
        actor = person_of(world, world.second, VOLUNTEER)
        token = feed_tokens.issue(own, type(actor)(**{**vars(actor), "account_id": account}))
    feed = volunteer.get(f"/feeds/{token}.ics")
    assert feed.text.count("BEGIN:VEVENT") == 1
    assert "甲镇" in feed.text
    assert volunteer.get(f"/feeds/{token}.ics", headers={"If-None-Match": feed.headers["ETag"]}).status_code == 304
    assert post(volunteer, f"/mine/duties/{duty}/accept").status_code == 303
    with app.app_context(), session_for(Scope.of_system(reason="test"), reading=True) as session:
        assert session.scalars(select(Duty)).one().answer is DutyAnswer.ACCEPTED


def test_the_volunteer_declines_over_there_and_that_station_is_told(
    app: Flask, world: World, running: str, volunteer: FlaskClient, borrower: FlaskClient
) -> None:
    duty = booked(app, world)
    assert post(volunteer, f"/mine/duties/{duty}/decline", {}).status_code == 422  # no reason: the page again
    assert post(volunteer, f"/mine/duties/{duty}/decline", {"reason": "illness"}).status_code in {303, 409}
    with app.app_context(), session_for(Scope.of_system(reason="test"), reading=True) as session:
        declined = session.scalars(select(Duty)).one().state is DutyState.CANCELLED
    assert declined == ("has declined a duty" in borrower.get("/inbox").text)


def test_a_duty_of_the_neighbours_other_people_is_nowhere_to_be_opened(
    app: Flask, world: World, running: str, volunteer: FlaskClient
) -> None:
    with app.app_context(), session_for(Scope.of_township(world.county, world.first.township, reason="test")) as own:
        place = Place(
            visit_id=add_visit(own, world.first), activity_id=None, role="lead", starts_at=at(9), ends_at=at(10)
        )
        other = bookings.book(own, world.first.people[VOLUNTEER], place).id
    assert volunteer.get(f"/mine/duties/{other}").status_code == 404
    assert post(volunteer, f"/mine/duties/{other}/accept").status_code == 404


def test_hours_over_there_count_at_home_and_the_certificate_names_the_township_alone(
    app: Flask, world: World, running: str, volunteer: FlaskClient, lender: FlaskClient, session: Session
) -> None:
    duty = booked(app, world)
    row = session.get_one(Duty, (world.first.township, duty))
    now = datetime.now(UTC)
    row.starts_at, row.ends_at = now.replace(hour=0, minute=0), now.replace(hour=1, minute=0)
    session.add(
        Attendance(township_id=row.township_id, duty_id=duty, minutes=60, arrived_at=now, approved_at=utc_now())
    )
    session.commit()
    assert "甲镇" in text_of(volunteer.get("/hours").text)
    year = now.year
    post(volunteer, "/hours/certificates", {"from_day": f"{year}-01-01", "to_day": f"{year}-12-31"})
    with app.app_context(), session_for(Scope.of_system(reason="test"), reading=True) as look:
        paper = look.scalars(select(Certificate)).one().id
    assert post(lender, f"/certificates/{paper}/issue", {"head": "乙", "handler": "乙", "phone": ""}).status_code == 303
    page = lender.get(f"/certificates/{paper}").text
    assert "Service on loan" in page
    assert world.first.canary not in page


def test_the_borrower_reads_a_guest_as_far_as_the_rota_needs_and_changes_nothing(
    app: Flask, world: World, running: str, borrower: FlaskClient
) -> None:
    person = world.second.people[VOLUNTEER]
    page = borrower.get(f"/people/{person}")
    assert "Lent by a neighbouring township." in page.text
    assert "valid through" in page.text
    assert "Availability" not in text_of(page.text)
    for path in ("edit", "availability", "absence"):
        assert borrower.get(f"/people/{person}/{path}").status_code == 404
    for path in ("deactivate", "reactivate"):
        assert post(borrower, f"/people/{person}/{path}").status_code == 404
    assert f"volunteer {world.second.canary}" not in borrower.get("/people").text


def test_either_side_ends_it_and_the_duties_fall_open(
    app: Flask, world: World, running: str, borrower: FlaskClient, lender: FlaskClient, volunteer: FlaskClient
) -> None:
    duty = booked(app, world)
    answer = post(borrower, f"/lendings/{running}/close", {"reason": ""})
    assert answer.status_code == 303
    page = text_of(lender.get(f"/lendings/{running}").text)
    assert "1 duty has fallen open." in page
    assert "No longer yours" in text_of(volunteer.get(f"/mine/duties/{duty}").text)
    assert "The loan has ended" in text_of(lender.get("/inbox").text)


def test_the_volunteer_ends_it_themselves(app: Flask, running: str, volunteer: FlaskClient) -> None:
    assert post(volunteer, f"/lendings/{running}/refuse").status_code == 303
    assert only(app).state is LendingState.ENDED


def test_somebody_else_of_the_township_cannot_answer_for_the_volunteer(app: Flask, world: World, log_in: LogIn) -> None:
    with app.app_context(), lent.between(world) as work:
        row = asked(work, world)
        lent.lendings.answer(work, head_of(world, world.second), "乙", row, world.second.people[VOLUNTEER], told=False)
        lending = row.id
    other = log_in("child_director-beta")
    assert post(other, f"/lendings/{lending}/consent").status_code == 404
    assert post(other, f"/lendings/{lending}/refuse").status_code == 404
    assert only(app).state is LendingState.WAITING


def test_the_lent_days_cannot_be_taken_out_of_the_availability(
    app: Flask, world: World, running: str, lender: FlaskClient, session: Session
) -> None:
    person = world.second.people[VOLUNTEER]
    mine = AvailabilityException.township_id == world.second.township
    row = session.scalars(select(AvailabilityException.id).where(mine)).one()
    session.commit()
    path = f"/people/{person}/availability/exceptions/{row}/remove"
    assert post(lender, path).status_code == 409
    assert "End the loan first" in post(lender, path).text


def begun(app: Flask, world: World, session: Session) -> str:
    """The guest's duty over there has begun half an hour ago."""
    duty = booked(app, world)
    row = session.get_one(Duty, (world.first.township, duty))
    row.starts_at, row.ends_at = utc_now() - timedelta(minutes=30), utc_now() + timedelta(minutes=30)
    session.commit()
    return duty


def test_whoever_is_lent_raises_a_concern_over_there_and_sees_no_more_of_that_township(
    app: Flask, world: World, running: str, volunteer: FlaskClient, borrower: FlaskClient, session: Session
) -> None:
    duty, (here, *others) = begun(app, world, session), world.first.villages
    session.get_one(Township, world.first.township).safety_phone = "0356-1111111"
    session.commit()
    assert f"/concerns/new?duty={duty}" in volunteer.get("/concerns/new").text
    page = volunteer.get(f"/concerns/new?duty={duty}").text
    assert 'href="tel:0356-1111111"' in page
    assert here in page
    assert not [one for one in (*others, *world.second.villages) if one in page]
    form = {"duty": duty, "village_id": others[0], "text": "KANARI a child with bruises"}
    assert post(volunteer, "/concerns/new", form).status_code == 422
    answer = post(volunteer, "/concerns/new", {**form, "village_id": here}, follow_redirects=True)
    assert "Your concern has been told at once to:" in answer.text
    session.expire_all()
    concern = session.scalars(select(Concern)).one()
    assert (concern.township_id, concern.village_id, concern.duty_id) == (world.first.township, here, duty)
    assert "KANARI a child with bruises" in post(borrower, f"/concerns/{concern.id}").text
    assert f"volunteer {world.second.canary}" in post(borrower, f"/concerns/{concern.id}").text
    told = session.scalars(select(Message.township_id).where(Message.kind == MessageKind.CONCERN_RAISED)).all()
    assert set(told) == {world.first.township}
    assert volunteer.get(f"/concerns/{concern.id}/told").status_code == 404  # without its duty it is looked for at home


def test_whoever_leads_over_there_records_the_hours_of_that_team_alone(
    app: Flask, world: World, running: str, volunteer: FlaskClient, session: Session
) -> None:
    duty = begun(app, world, session)
    row = session.get_one(Duty, (world.first.township, duty))
    visit, start = row.visit_id, row.starts_at
    mate = give(session, world.first, VOLUNTEER, visit=visit, starts_at=start, role="companion")
    other = give(session, world.first, drafts.DIRECTOR, visit=add_visit(session, world.first, 1), starts_at=start)
    session.commit()
    for one in (duty, mate):
        assert volunteer.get(f"/hours/duties/{one}").status_code == 200
        assert post(volunteer, f"/hours/duties/{one}", {"minutes": "30", "reason": "no signal"}).status_code == 303
    assert volunteer.get(f"/hours/duties/{other}").status_code == 404
    session.expire_all()
    assert session.scalars(select(Attendance.minutes)).all() == [30, 30]


def test_station_staff_who_are_lent_are_not_the_station_over_there(
    app: Flask, world: World, log_in: LogIn, session: Session
) -> None:
    staff = PersonKind.STATION_STAFF
    with app.app_context(), lent.between(world) as work:
        agreed(work, world, staff)
    with app.app_context(), session_for(Scope.of_township(world.county, world.first.township, reason="test")) as own:
        visit = add_visit(own, world.first)
        mine = bookings.book(own, world.second.people[staff], Place(
            visit_id=visit, activity_id=None, role="companion", starts_at=at(9), ends_at=at(10)
        )).id  # fmt: skip
    row = session.get_one(Duty, (world.first.township, mine))
    row.starts_at, row.ends_at = utc_now() - timedelta(minutes=90), utc_now() - timedelta(minutes=30)
    mate = give(session, world.first, VOLUNTEER, visit=visit, starts_at=row.starts_at)
    session.commit()
    guest = log_in("station_staff-beta")
    assert guest.get(f"/mine/duties/{mine}").status_code == 200
    for one in (mine, mate):
        assert post(guest, f"/hours/duties/{one}", {"minutes": "30", "reason": "x"}).status_code == 404


def test_whoever_is_lent_checks_in_over_there_also_at_the_door(
    app: Flask, world: World, running: str, volunteer: FlaskClient, session: Session
) -> None:
    duty = booked(app, world)
    row = session.get_one(Duty, (world.first.township, duty))
    row.starts_at, row.ends_at = utc_now(), utc_now() + timedelta(hours=1)
    session.get_one(Home, (world.first.township, world.first.homes[0])).door_code = "adoor"
    session.commit()
    assert "C-000" in volunteer.get("/door/adoor").text
    assert post(volunteer, f"/door/adoor/{duty}").status_code == 303
    assert session.scalars(select(Attendance.at_door)).one() is True
    assert volunteer.get("/door/nodoor").status_code == 404
