"""Activities: planned on the county's clock, changed, called off and repeated."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, ActivityState, DutyState, PersonKind
from tenants.models import Activity, AuditEntry, Duty
from tenants.queries.due import county_today
from tests.conftest import LogIn, post
from tests.pages import in_english
from tests.world import World, next_saturday


@pytest.fixture
def today(session: Session, world: World) -> date:
    return county_today(session, world.county)


def sent(world: World, on: date, **changes: object) -> dict[str, object]:
    facts: dict[str, object] = {
        "home_id": world.first.homes[1],
        "title": "唱歌",
        "day": on.isoformat(),
        "start": "09:00",
        "end": "10:30",
        "kind": "arts",
        "service": "child_protection",
        "priority": "normal",
        "with_children": "y",
        "children_expected": "8",
        "roles-0-role": "lead",
        "roles-0-minimum": "1",
        "roles-0-maximum": "1",
        "roles-0-kinds": ["child_director", "social_worker"],
        "roles-0-skills": ["arts"],
    }
    return {**facts, **changes}


def actions(session: Session) -> list[str]:
    query = select(AuditEntry.action).where(AuditEntry.subject == "activity").order_by(AuditEntry.number)
    return list(session.scalars(query))


def address(world: World, tail: str = "") -> str:
    return f"/activities/{world.first.activity}{tail}"


def present(session: Session, world: World) -> Activity:
    return session.get_one(Activity, (world.first.township, world.first.activity))


def test_an_activity_is_planned_on_the_countys_clock(
    log_in: LogIn, world: World, session: Session, today: date
) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    answer = post(client, "/activities/new", sent(world, today + timedelta(days=1)))
    planned = session.scalars(select(Activity).where(Activity.title == "唱歌")).one()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/activities/{planned.id}")
    # 9:00 in Shanghai is 1:00 UTC.
    assert planned.starts_at == datetime.combine(today + timedelta(days=1), time(1), tzinfo=UTC)
    assert [(row.role, row.kinds, row.skills) for row in planned.roles] == [
        ("lead", ["child_director", "social_worker"], ["arts"])
    ]
    assert actions(session) == ["activity.create"]


def test_a_refused_activity_keeps_what_was_typed(log_in: LogIn, world: World, session: Session, today: date) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    for changes, field in (
        ({"day": "2026-01-01"}, "day"),
        ({"end": "08:00"}, "end"),
        ({"start": "nine"}, "start"),
        ({"home_id": world.second.homes[0]}, "home_id"),
        ({"roles-0-maximum": "0"}, "roles-0-maximum"),
        ({"roles-0-minimum": "3"}, "roles-0-maximum"),
        ({"roles-0-kinds": []}, "roles-0-kinds"),
        ({"roles-0-role": "king"}, "roles-0-role"),
    ):
        answer = post(client, "/activities/new", sent(world, today, **changes))
        assert answer.status_code == 422, field
        assert f'href="#{field}"' in answer.text, field
        assert 'value="唱歌"' in answer.text
    nobody = {name: value for name, value in sent(world, today).items() if not name.startswith("roles")}
    answer = post(client, "/activities/new", nobody)
    assert answer.status_code == 422
    assert 'href="#roles"' in answer.text
    assert actions(session) == []


def test_roles_come_and_go_without_saving(log_in: LogIn, world: World, session: Session, today: date) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    more = post(client, "/activities/new", {**sent(world, today), "step": "add"})
    assert more.status_code == 200
    assert "roles-1-role" in more.text
    assert 'value="唱歌"' in more.text
    none = post(client, "/activities/new", {**sent(world, today), "step": "remove-0"}, headers={"HX-Request": "true"})
    assert none.text.lstrip().startswith('<div id="roles">')
    assert "roles-0-role" not in none.text
    assert actions(session) == []


def test_a_new_activity_begins_with_a_team(log_in: LogIn, world: World) -> None:
    page = log_in(AccountRole.STATION_HEAD).get(f"/activities/new?home={world.first.homes[2]}&day=2099-05-02").text
    assert "roles-1-role" in page
    assert 'value="2099-05-02"' in page
    assert f'<option selected value="{world.first.homes[2]}">' in page


def test_an_activity_is_changed(log_in: LogIn, world: World, session: Session, today: date) -> None:
    client = log_in(AccountRole.STATION_HEAD)
    page = client.get(address(world, "/edit")).text
    for there in ('value="09:00"', 'value="10:30"', "roles-1-role", 'value="绘画 CANARY-ALPHA"'):
        assert there in page
    assert post(client, address(world, "/edit"), sent(world, next_saturday(), end="11:00")).status_code == 303
    kept = present(session, world)
    assert (kept.title, kept.ends_at - kept.starts_at) == ("唱歌", timedelta(hours=2))
    assert [row.role for row in kept.roles] == ["lead"]


def test_calling_off_is_undone_from_the_page(log_in: LogIn, world: World, session: Session, today: date) -> None:
    client = log_in(AccountRole.STATION_HEAD)
    assert post(client, address(world, "/cancel")).status_code == 303
    assert present(session, world).state is ActivityState.CANCELLED
    page = client.get(address(world)).text
    assert "/restore" in page
    assert "/cancel" not in page
    refused = post(client, address(world, "/edit"), sent(world, next_saturday()))
    assert refused.status_code == 422
    assert 'value="唱歌"' in refused.text
    assert post(client, address(world, "/restore")).status_code == 303
    assert present(session, world).state is ActivityState.PLANNED
    assert actions(session) == ["activity.cancel", "activity.restore"]


def test_an_activity_on_record_is_neither_called_off_nor_moved(log_in: LogIn, world: World, session: Session) -> None:
    client, activity = in_english(log_in(AccountRole.STATION_HEAD)), present(session, world)
    activity.state = ActivityState.HELD
    session.commit()
    page = client.get(address(world)).text
    assert "/cancel" not in page
    assert "/move" not in page
    assert post(client, address(world, "/cancel")).status_code == 409
    refused = post(client, address(world, "/edit"), sent(world, next_saturday(), start="14:00", end="15:30"))
    assert refused.status_code == 422
    assert "was held and is on record" in refused.text
    assert present(session, world).state is ActivityState.HELD
    assert actions(session) == []


def test_repeating_adds_the_following_weeks(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_HEAD)
    assert post(client, address(world, "/repeat"), {"weeks": "3"}).status_code == 303
    title = present(session, world).title
    assert len(session.scalars(select(Activity).where(Activity.title == title)).all()) == 4
    refused = post(client, address(world, "/repeat"), {"weeks": "99"})
    assert refused.status_code == 422
    assert 'value="99"' in refused.text
    assert actions(session) == ["activity.repeat"]


def test_the_weeks_show_what_is_coming_and_move(log_in: LogIn, world: World, session: Session) -> None:
    link = f'href="{address(world)}"'
    client = log_in(AccountRole.VOLUNTEER)
    assert link in client.get("/activities").text
    assert link in client.get(f"/activities?home={world.first.homes[0]}").text
    assert link not in client.get(f"/activities?home={world.first.homes[1]}").text
    later = next_saturday() + timedelta(weeks=8)
    assert link not in client.get(f"/activities?from={later}").text
    assert link in client.get("/activities?from=nonsense").text


def test_a_day_that_has_passed_is_not_suggested(log_in: LogIn, world: World, today: date) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    for asked in (today, today - timedelta(weeks=4)):
        page = client.get(f"/activities?from={asked}&home={world.first.homes[1]}").text
        suggested = re.findall(r"activities/new\?(?:\S*&amp;)?day=([\d-]+)", page)
        assert all(day >= today.isoformat() for day in suggested)
        assert bool(suggested) is (asked == today)  # the weeks behind suggest nothing


def test_the_station_is_told_who_has_it_in_a_published_roster(log_in: LogIn, world: World, session: Session) -> None:
    activity = present(session, world)
    session.add(
        Duty(
            township_id=activity.township_id, person_id=world.first.people[PersonKind.VOLUNTEER],
            activity_id=activity.id, role="helper", starts_at=activity.starts_at, ends_at=activity.ends_at,
            state=DutyState.CONFIRMED, version=1,
        )
    )  # fmt: skip
    client = log_in(AccountRole.STATION_HEAD)
    post(client, "/language", {"lang": "en"})
    assert "1 person has this in a published roster." in client.get(address(world)).text
    volunteer = log_in(AccountRole.VOLUNTEER)
    post(volunteer, "/language", {"lang": "en"})
    assert "published roster" not in volunteer.get(address(world)).text


HELPER = {"roles-1-role": "helper", "roles-1-minimum": "1", "roles-1-maximum": "2", "roles-1-kinds": ["volunteer"]}


def hold(session: Session, world: World) -> Duty:
    """The volunteer has signed up for the activity, on Saturday at 9:00."""
    activity = present(session, world)
    duty = Duty(
        township_id=activity.township_id, person_id=world.first.people[PersonKind.VOLUNTEER], activity_id=activity.id,
        role="helper", starts_at=activity.starts_at, ends_at=activity.ends_at, version=0,
    )  # fmt: skip
    session.add(duty)
    session.commit()
    return duty


def test_who_comes_along_is_shown_before_a_new_time_is_kept(log_in: LogIn, world: World, session: Session) -> None:
    duty, client = hold(session, world), in_english(log_in(AccountRole.STATION_HEAD))
    begin, wanted = duty.starts_at, sent(world, next_saturday(), **HELPER, start="14:00", end="15:30")

    shown = post(client, address(world, "/edit"), wanted)

    assert shown.status_code == 200
    assert "Who holds it now" in shown.text
    assert "Keeps the place" in shown.text
    session.expire_all()
    assert (present(session, world).starts_at, duty.starts_at) == (begin, begin)
    session.commit()

    assert post(client, address(world, "/edit"), {**wanted, "step": "keep"}).status_code == 303
    session.expire_all()
    assert present(session, world).starts_at == duty.starts_at == begin + timedelta(hours=5)
    assert "1 person is told." in client.get(address(world)).text
    volunteer = in_english(log_in(AccountRole.VOLUNTEER))
    assert "An activity has moved" in volunteer.get("/inbox").text


def test_whoever_cannot_come_is_named_and_nothing_is_kept_that_was_not_shown(
    log_in: LogIn, world: World, session: Session
) -> None:
    """The volunteer is free until 20:00."""
    duty, client = hold(session, world), in_english(log_in(AccountRole.STATION_HEAD))
    wanted = sent(world, next_saturday(), **HELPER, start="19:00", end="20:30")
    shown = post(client, address(world, "/edit"), {**wanted, "step": "keep"})
    assert shown.status_code == 422
    assert "Volunteer CANARY-ALPHA is not free" in shown.text
    assert "The place falls open" in shown.text
    assert f'name="seen" value="{duty.person_id}"' in shown.text

    agreed = {**wanted, "step": "keep", "seen": duty.person_id, "agreed": duty.person_id}
    assert post(client, address(world, "/edit"), agreed).status_code == 303
    session.expire_all()
    assert duty.state is DutyState.CONFIRMED
    session.commit()

    other = {**wanted, "start": "19:15", "step": "keep", "seen": duty.person_id}
    assert post(client, address(world, "/edit"), other).status_code == 303
    session.expire_all()
    assert duty.state is DutyState.CANCELLED
    volunteer = in_english(log_in(AccountRole.VOLUNTEER))
    assert "when you cannot come. Your place is open again." in volunteer.get("/inbox").text


def test_a_change_of_other_facts_is_kept_at_once_though_it_is_held(
    log_in: LogIn, world: World, session: Session
) -> None:
    hold(session, world)
    client = log_in(AccountRole.STATION_HEAD)
    wanted = sent(world, next_saturday(), **HELPER, home_id=world.first.homes[0])
    assert post(client, address(world, "/edit"), wanted).status_code == 303


def test_calling_off_says_whom_it_concerns_and_tells_them(log_in: LogIn, world: World, session: Session) -> None:
    hold(session, world)
    client = in_english(log_in(AccountRole.STATION_HEAD))
    assert "1 person holds this or would like a place of it" in client.get(address(world)).text
    post(client, address(world, "/cancel"))
    inbox = in_english(log_in(AccountRole.VOLUNTEER)).get("/inbox").text
    assert "A duty of yours is called off" in inbox
    assert "It does not take place." in inbox


def test_the_later_ones_of_a_series_name_who_cannot_come_before_they_follow(
    log_in: LogIn, world: World, session: Session
) -> None:
    client = in_english(log_in(AccountRole.STATION_HEAD))
    post(client, address(world, "/repeat"), {"weeks": "1"})
    first = present(session, world)
    later = session.scalars(select(Activity).where(Activity.title == first.title, Activity.id != first.id)).one()
    duty = Duty(
        township_id=first.township_id, person_id=world.first.people[PersonKind.VOLUNTEER], activity_id=later.id,
        role="helper", starts_at=later.starts_at, ends_at=later.ends_at, version=0,
    )  # fmt: skip
    session.add(duty)
    session.commit()
    late = sent(world, next_saturday(), **HELPER, start="19:00", end="20:30", home_id=world.first.homes[0])
    assert post(client, address(world, "/edit"), late).status_code == 303

    way = f"/activities/series/of/{first.id}/change-later"
    shown = post(client, way)
    assert (shown.status_code, "volunteer CANARY-ALPHA" in shown.text) == (200, True)
    session.expire_all()
    assert duty.state is DutyState.CONFIRMED
    session.commit()
    assert post(client, way, {"step": "keep"}).status_code == 303
    session.expire_all()
    assert duty.state is DutyState.CANCELLED
