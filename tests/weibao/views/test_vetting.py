"""Checks to renew, the list for the letter, the replies, and the county's register of barred people."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, DutyState, VettingResult
from tenants.models import AuditEntry, Bar, Duty, Person, Vetting, VettingRequest
from tenants.queries import bars, vetting
from tenants.services import feed_tokens
from tests import drafts, duties
from tests.conftest import LogIn, post
from tests.drafts import DIRECTOR, STAFF, VOLUNTEER, WORKER
from tests.weibao.views.test_people import BAD
from tests.world import World
from weibao.jobs import drop_lapsed

FORMULA = "=cmd|' /C calc'!A0"
HEAD, COUNTY = AccountRole.STATION_HEAD, AccountRole.COUNTY_OFFICER


def person(session: Session, world: World, kind=VOLUNTEER) -> Person:
    return session.get_one(Person, (world.first.township, world.first.people[kind]))


def ends_in(session: Session, world: World, kind, days: int) -> None:
    (check,) = person(session, world, kind).vettings
    check.checked_on = drafts.today() - timedelta(days=300)
    check.valid_through = drafts.today() + timedelta(days=days)
    session.commit()


def test_what_falls_open_is_counted_by_month_over_published_and_draft(
    session: Session, world: World, log_in: LogIn
) -> None:
    visit = duties.add_visit(session, world.first)
    late, later = duties.soon(days=3), duties.soon(days=4)
    duties.give(session, world.first, WORKER, visit=visit, starts_at=late)
    duties.give(session, world.first, WORKER, activity=world.first.activity, starts_at=duties.soon(days=1))
    roster = drafts.begin(session, world)
    other = drafts.due_visit(session, world, child=1)
    drafts.keep(session, world, roster, drafts.visit_task(world, other, later, WORKER))
    session.commit()
    ends_in(session, world, WORKER, 2)
    ends_in(session, world, STAFF, 59)
    zone = drafts.CHINA
    rows = vetting.lapsing(session, drafts.today(), datetime.now(UTC), zone)
    assert [(row.person.kind, len(row.tasks)) for row in rows] == [(WORKER, 2), (STAFF, 0)]
    assert [(task.task_id, task.draft_id) for task in rows[0].tasks] == [(visit, None), (other, roster.id)]
    months = {late.astimezone(zone).date().replace(day=1), later.astimezone(zone).date().replace(day=1)}
    assert sum(month.visits for month in rows[0].months) == 2
    assert {month.first for month in rows[0].months} == months
    page = log_in(HEAD).get("/checks").text
    assert "Places that fall open" in page
    assert "social_worker CANARY-ALPHA" in page
    assert "child_director CANARY-ALPHA" not in page  # valid for longer
    assert 'href="/checks"' in log_in(AccountRole.STATION_STAFF).get("/").text


def test_a_check_that_has_ended_lets_its_duties_fall_open(session: Session, world: World, app, log_in: LogIn) -> None:
    visit = duties.add_visit(session, world.first)
    held = duties.give(session, world.first, DIRECTOR, visit=visit)
    kept = duties.give(session, world.first, WORKER, activity=world.first.activity)
    ends_in(session, world, DIRECTOR, 0)
    assert drop_lapsed(app) == 0  # its last day is today
    ends_in(session, world, DIRECTOR, -1)
    assert drop_lapsed(app) == 1
    session.expire_all()
    states = {row.id: row.state for row in session.scalars(select(Duty))}
    assert states == {held: DutyState.CANCELLED, kept: DutyState.CONFIRMED}
    assert session.scalars(select(AuditEntry.action).where(AuditEntry.action == "vetting.lapse")).all() == [
        "vetting.lapse"
    ]
    session.commit()
    assert "has lost somebody" in log_in(HEAD).get("/").text


def test_a_list_is_made_printed_and_answered(session: Session, world: World, log_in: LogIn) -> None:
    ends_in(session, world, WORKER, 10)
    ends_in(session, world, DIRECTOR, 20)
    person(session, world, WORKER).name = FORMULA
    session.commit()
    client, asked = log_in(HEAD), [world.first.people[WORKER], world.first.people[DIRECTOR]]
    assert post(client, "/checks", {"requested_on": drafts.today().isoformat()}).status_code == 422
    answer = post(client, "/checks", {"requested_on": drafts.today().isoformat(), "people": asked})
    letter = answer.headers["Location"]
    assert "child_director CANARY-ALPHA" in client.get(letter).text
    book = load_workbook(BytesIO(client.get(f"{letter}.xlsx").data))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert [row[:2] for row in rows] == [["No.", "Name"], [1, "child_director CANARY-ALPHA"], [2, FORMULA]]
    assert book.worksheets[0].cell(3, 2).data_type == "s"
    assert "2 without a reply" in client.get("/checks").text
    rows = session.scalars(select(VettingRequest).order_by(VettingRequest.person_id == asked[1])).all()
    form = {
        "checked_on": drafts.today().isoformat(),
        "valid_through": (drafts.today() + timedelta(days=364)).isoformat(),
        "reference": "REPLY-78",
        **{f"rows-{n}-request_id": row.id for n, row in enumerate(rows)},
    }
    assert post(client, "/checks/replies", form).status_code == 422  # no reply is given
    results = {"rows-0-result": "clear", "rows-1-result": "barred"}
    refused = post(client, "/checks/replies", {**form, **results})
    assert refused.status_code == 422
    assert "Tick this box" in refused.text
    assert post(client, "/checks/replies", {**form, **results, "confirmed": "y"}).status_code == 303
    session.expire_all()
    assert {row.answered_on for row in session.scalars(select(VettingRequest))} == {drafts.today()}
    found = {
        kind: [check.result for check in person(session, world, kind).vettings if check.reference == "REPLY-78"]
        for kind in (WORKER, DIRECTOR)
    }
    assert found == {WORKER: [VettingResult.CLEAR], DIRECTOR: [VettingResult.BARRED]}
    assert "No request waits" in client.get("/checks/replies").text


def test_a_request_noted_by_mistake_is_taken_back(session: Session, world: World, log_in: LogIn) -> None:
    client = log_in(HEAD)
    data = {"requested_on": drafts.today().isoformat(), "people": [world.first.people[STAFF]]}
    post(client, "/checks", data)
    (row,) = session.scalars(select(VettingRequest)).all()
    assert post(client, f"/checks/requests/{row.id}/withdraw").status_code == 303
    assert session.scalars(select(VettingRequest)).all() == []
    foreign = {**data, "people": [world.second.people[STAFF]]}
    assert post(client, "/checks", foreign).status_code == 422
    assert session.scalars(select(VettingRequest)).all() == []


def test_barring_reaches_the_calendar_the_start_page_and_the_county(
    session: Session, world: World, app, log_in: LogIn
) -> None:
    other = session.get_one(Person, (world.second.township, world.second.people[VOLUNTEER]))
    mine = person(session, world)
    mine.phone = other.phone = "13800000000"
    other.name = mine.name
    token = feed_tokens.issue(session, duties_actor(world))
    held = duties.give(session, world.first, VOLUNTEER, activity=world.first.activity, role="helper")
    session.commit()
    head, volunteer = log_in(HEAD), log_in(AccountRole.VOLUNTEER)
    assert volunteer.get("/mine/duties").status_code == 200
    path = f"/people/{mine.id}/checks"
    assert post(head, path, {**BAD, "confirmed": "y"}).status_code == 303
    feed = app.test_client().get(f"/feeds/{token}.ics").text
    assert feed.count("STATUS:CANCELLED") == 1
    assert f"UID:{held}@weibao" in feed
    assert volunteer.get("/mine/duties").status_code == 303  # the account is closed
    assert "has lost somebody" in head.get("/").text
    officer = log_in(COUNTY)
    register = officer.get("/county/barred").text
    assert register.count("volunteer CANARY-ALPHA") == 1
    (bar,) = session.scalars(select(Bar)).all()
    assert "乙镇" in officer.get(f"/county/barred/{bar.id}").text
    neighbour = log_in(world.second.usernames[AccountRole.STATION_STAFF])
    page = neighbour.get(f"/people/{other.id}").text
    assert "The station head knows why." in page
    assert "REPLY-77" not in page


def duties_actor(world: World):
    from dataclasses import replace

    return replace(world.head, person_id=world.first.people[VOLUNTEER], role=AccountRole.VOLUNTEER)


def test_the_county_lifts_a_bar_and_the_station_cannot(session: Session, world: World, log_in: LogIn) -> None:
    head, officer = log_in(HEAD), log_in(COUNTY)
    post(head, f"/people/{world.first.people[VOLUNTEER]}/checks", {**BAD, "confirmed": "y"})
    (bar,) = session.scalars(select(Bar)).all()
    check = session.scalars(select(Vetting).where(Vetting.bar_id == bar.id)).one()
    assert post(head, f"/people/{check.person_id}/checks/{check.id}/remove").status_code == 403
    assert post(head, f"/county/barred/{bar.id}/lift", {"reason": "a mistake in the name"}).status_code == 403
    assert post(officer, f"/county/barred/{bar.id}/lift", {"reason": "oops"}).status_code == 422
    far = log_in("far-county")
    assert post(far, f"/county/barred/{bar.id}/lift", {"reason": "a mistake in the name"}).status_code == 404
    assert bars.is_barred(person(session, world))
    assert post(officer, f"/county/barred/{bar.id}/lift", {"reason": "a mistake in the name"}).status_code == 303
    session.expire_all()
    assert not bars.is_barred(person(session, world))
    assert "a mistake in the name" in officer.get(f"/county/barred/{bar.id}").text


def test_a_namesake_is_barred_by_the_county(session: Session, world: World, log_in: LogIn) -> None:
    other = session.get_one(Person, (world.second.township, world.second.people[STAFF]))
    other.name, other.phone = person(session, world).name, "13900000000"
    session.commit()
    post(log_in(HEAD), f"/people/{world.first.people[VOLUNTEER]}/checks", {**BAD, "confirmed": "y"})
    (bar,) = session.scalars(select(Bar)).all()
    officer = log_in(COUNTY)
    assert "The same person: bar too" in officer.get(f"/county/barred/{bar.id}").text
    assert post(officer, f"/county/barred/{bar.id}/extend", {"person_id": "a" * 26}).status_code == 422
    assert post(officer, f"/county/barred/{bar.id}/extend", {"person_id": other.id}).status_code == 303
    session.expire_all()
    assert bars.is_barred(session.get_one(Person, (world.second.township, other.id)))
