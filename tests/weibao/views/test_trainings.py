"""The station enters courses; their person reads them among the duties."""

from sqlalchemy.orm import Session

from tenants.enums import AccountRole
from tests import drafts
from tests.conftest import LogIn, post
from tests.drafts import VOLUNTEER
from tests.world import World

COURSE = {"course": "First aid with children", "day": drafts.today().isoformat(), "hours": "8", "valid_through": ""}


def test_course_stands_on_the_persons_page_and_among_their_duties(log_in: LogIn, world: World) -> None:
    staff, volunteer = log_in(AccountRole.STATION_STAFF), log_in(AccountRole.VOLUNTEER)
    page = f"/people/{world.first.people[VOLUNTEER]}"
    assert "First aid with children" not in volunteer.get("/mine/duties").text
    assert post(staff, f"{page}/trainings", COURSE).status_code == 303
    for text in (staff.get(page).text, staff.get(f"{page}/trainings").text, volunteer.get("/mine/duties").text):
        assert "First aid with children" in text
    assert volunteer.get(f"{page}/trainings").status_code == 403


def test_what_was_typed_stays_when_it_is_refused(log_in: LogIn, world: World, session: Session) -> None:
    staff = log_in(AccountRole.STATION_STAFF)
    answer = post(staff, f"/people/{world.first.people[VOLUNTEER]}/trainings", {**COURSE, "hours": "0"})
    assert answer.status_code == 422
    assert "First aid with children" in answer.text
    assert 'id="hours-error"' in answer.text
