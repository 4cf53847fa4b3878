"""Availability on a phone: rows come and go without JavaScript, and nobody edits another's by their own page."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, ExceptionKind, PersonKind
from tenants.models import Account, AuditEntry, AvailabilityException, Person
from tests.conftest import LogIn, post
from tests.world import World

FIELD = (AccountRole.VOLUNTEER, AccountRole.CHILD_DIRECTOR, AccountRole.SOCIAL_WORKER)


def rows(*week: tuple[int, str, str]) -> dict[str, object]:
    """A week as the form sends it."""
    sent: dict[str, object] = {}
    for place, (weekday, start, end) in enumerate(week):
        sent |= {
            f"rows-{place}-weekday": weekday,
            f"rows-{place}-from_time": start,
            f"rows-{place}-to_time": end,
        }
    return sent


def week_of(session: Session, world: World, kind: PersonKind) -> list[tuple[int, int, int]]:
    person = session.get_one(Person, (world.first.township, world.first.people[kind]))
    return [(row.weekday, row.from_minute, row.to_minute) for row in person.weekly]


def test_everybody_in_the_field_sets_their_own_week(log_in: LogIn, world: World, session: Session) -> None:
    for role in FIELD:
        answer = post(log_in(role), "/availability", rows((5, "09:00", "12:30"), (6, "14:00:00", "00:00"), (0, "", "")))
        assert (answer.status_code, answer.headers["Location"]) == (303, "/availability")
        assert week_of(session, world, PersonKind(role.value)) == [(5, 540, 750), (6, 840, 1440)]
    assert len(week_of(session, world, PersonKind.STATION_STAFF)) == 7
    written = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == "person")).all()
    assert written == ["availability.week"] * 3


def test_an_overlap_is_named_at_its_row_and_the_week_stays_typed(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.VOLUNTEER)
    # The empty row in the middle is dropped; the others keep their numbers.
    answer = post(client, "/availability", rows((5, "09:00", "12:00"), (0, "", ""), (5, "11:00", "13:00")))
    assert answer.status_code == 422
    assert 'href="#rows-2-from_time"' in answer.text
    for typed in ('value="09:00"', 'value="12:00"', 'value="11:00"', 'value="13:00"'):
        assert typed in answer.text
    assert len(week_of(session, world, PersonKind.VOLUNTEER)) == 7


def test_half_a_row_and_a_wrong_time_are_refused_beside_the_field(log_in: LogIn, world: World) -> None:
    client = log_in(AccountRole.VOLUNTEER)
    half = post(client, "/availability", rows((5, "09:00", "")))
    assert half.status_code == 422
    assert 'href="#rows-0-to_time"' in half.text
    wrong = post(client, "/availability", rows((5, "9 o'clock", "12:00")))
    assert wrong.status_code == 422
    assert 'href="#rows-0-from_time"' in wrong.text


def test_rows_are_added_and_removed_without_saving(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.VOLUNTEER)
    week = rows((5, "09:00", "12:00"), (6, "14:00", "16:00"))
    more = post(client, "/availability", {**week, "step": "add"})
    assert more.status_code == 200
    assert "rows-2-from_time" in more.text
    fewer = post(client, "/availability", {**week, "step": "remove-0"})
    assert 'value="14:00"' in fewer.text
    assert 'value="09:00"' not in fewer.text
    assert len(week_of(session, world, PersonKind.VOLUNTEER)) == 7


def test_htmx_gets_the_rows_alone(log_in: LogIn, world: World) -> None:
    client = log_in(AccountRole.VOLUNTEER)
    part = post(client, "/availability", {**rows((5, "09:00", "12:00")), "step": "add"}, headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith('<div id="week-rows">')


def test_the_number_of_rows_has_an_end(log_in: LogIn, world: World) -> None:
    client = log_in(AccountRole.VOLUNTEER)
    many = rows(*((number % 7, "09:00", "10:00") for number in range(40)))
    page = post(client, "/availability", {**many, "step": "add"}).text
    assert "rows-27-from_time" in page
    assert "rows-28-from_time" not in page


def test_an_exception_is_entered_and_taken_back(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.CHILD_DIRECTOR)
    sent = {"exception-kind": "away", "exception-from_day": "2099-05-01", "exception-note": "探亲"}
    assert post(client, "/availability/exceptions", sent).status_code == 303
    row = session.scalars(select(AvailabilityException)).one()
    assert (row.person_id, row.kind) == (world.first.people[PersonKind.CHILD_DIRECTOR], ExceptionKind.AWAY)
    assert (row.from_day, row.from_minute, row.to_minute) == (row.to_day, 0, 1440)
    assert "探亲" in client.get("/availability").text
    assert post(client, f"/availability/exceptions/{row.id}/remove").status_code == 303
    assert session.scalars(select(AvailabilityException)).all() == []


def test_a_wrong_exception_stays_in_the_form(log_in: LogIn, world: World) -> None:
    sent = {
        "exception-kind": "extra",
        "exception-from_day": "2099-05-03",
        "exception-to_day": "2099-05-01",
        "exception-note": "可加班",
    }
    answer = post(log_in(AccountRole.VOLUNTEER), "/availability/exceptions", sent)
    assert answer.status_code == 422
    assert 'href="#exception-to_day"' in answer.text
    assert 'value="可加班"' in answer.text
    assert 'value="08:00"' in answer.text  # the week stands beside it as it is kept


def test_the_own_page_never_reaches_another_persons_exception(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.CHILD_DIRECTOR)
    post(client, "/availability/exceptions", {"exception-kind": "away", "exception-from_day": "2099-05-01"})
    row = session.scalars(select(AvailabilityException)).one()
    assert post(log_in(AccountRole.VOLUNTEER), f"/availability/exceptions/{row.id}/remove").status_code == 404
    assert session.scalars(select(AvailabilityException)).one().id == row.id


def test_the_station_keeps_everybodys_availability(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    path = f"/people/{world.first.people[PersonKind.VOLUNTEER]}/availability"
    assert post(client, path, rows((2, "18:00", "20:00"))).status_code == 303
    assert week_of(session, world, PersonKind.VOLUNTEER) == [(2, 1080, 1200)]
    sent = {"exception-kind": "extra", "exception-from_day": "2099-05-01", "exception-from_time": "08:00"}
    assert post(client, f"{path}/exceptions", sent).status_code == 303
    row = session.scalars(select(AvailabilityException)).one()
    assert (row.from_minute, row.to_minute) == (480, 1440)
    assert post(client, f"{path}/exceptions/{row.id}/remove").status_code == 303


def test_an_account_without_a_person_is_told_so(log_in: LogIn, world: World, session: Session) -> None:
    account = session.scalars(select(Account).where(Account.username == world.usernames[AccountRole.VOLUNTEER])).one()
    account.person_id = None
    client = log_in(AccountRole.VOLUNTEER)
    assert client.get("/availability").status_code == 200
    assert post(client, "/availability/exceptions", {"exception-kind": "away"}).status_code == 404


def test_limits_are_kept_and_wrong_ones_stay_on_the_page(log_in: LogIn, session: Session, world: World) -> None:
    client = log_in(AccountRole.VOLUNTEER)
    wrong = {"notice_days": "3", "month_wish": "5", "month_most": "2"}
    answer = post(client, "/availability/limits", wrong)
    assert answer.status_code == 422
    assert 'id="month_wish-error"' in answer.text
    assert 'value="5"' in answer.text
    assert post(client, "/availability/limits", {**wrong, "month_most": "8"}).status_code == 303
    person = session.get_one(Person, (world.first.township, world.first.people[PersonKind.VOLUNTEER]))
    assert (person.notice_days, person.month_wish, person.month_most) == (3, 5, 8)
    session.rollback()
    staff = log_in(AccountRole.STATION_STAFF)
    cleared = {"notice_days": "0", "month_wish": "", "month_most": ""}
    assert post(staff, f"/people/{person.id}/availability/limits", cleared).status_code == 303
    session.expire_all()
    assert (person.notice_days, person.month_wish, person.month_most) == (0, None, None)
