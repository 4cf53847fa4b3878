"""The page of a refusal: it leads back to where the person was, and to no other site."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenants.enums import AccountRole
from tests.conftest import LogIn, post
from tests.pages import in_english
from tests.staff import waiting
from tests.world import World

BACK = "Back to the page you were on"


@pytest.fixture
def county(log_in: LogIn, world: World) -> FlaskClient:
    return in_english(log_in(AccountRole.COUNTY_OFFICER))


def test_whoever_was_slower_is_led_back_to_the_page_they_were_on(
    county: FlaskClient, session: Session, world: World
) -> None:
    """A proposal is taken back that another window has taken back already."""
    page = f"/staff/proposals/{waiting(session, world.county)}"
    session.commit()
    answer = post(county, f"{page}/withdraw", headers={"Referer": f"http://localhost{page}?from=list"})
    assert answer.status_code == 409
    assert f'href="{page}?from=list"' in answer.text
    assert (BACK in answer.text, "To the start page" in answer.text) == (True, True)


@pytest.mark.parametrize(
    "referrer",
    ["", "http://elsewhere.example/staff", "http://localhost//elsewhere.example", "http://localhost/nowhere"],
)
def test_nobody_is_led_to_another_site_or_to_the_page_that_failed(county: FlaskClient, referrer: str) -> None:
    answer = county.get("/nowhere", headers={"Referer": referrer})
    assert (answer.status_code, BACK in answer.text, "elsewhere" in answer.text) == (404, False, False)
