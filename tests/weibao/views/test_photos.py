"""Photos of an activity on their page: kept with consent alone, for the station alone."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tenants.enums import AccountRole
from tenants.models import Activity, ActivityPhoto, utc_now
from tests.conftest import LogIn, post
from tests.pages import in_english
from tests.photos import jpeg, opened
from tests.world import World


@pytest.fixture
def staff(log_in: LogIn) -> FlaskClient:
    return in_english(log_in(AccountRole.STATION_STAFF))


@pytest.fixture
def address(session: Session, world: World) -> str:
    """Of the photos of the first township's activity, which began an hour ago."""
    activity = session.get_one(Activity, (world.first.township, world.first.activity))
    activity.starts_at, activity.ends_at = utc_now() - timedelta(hours=1), utc_now()
    session.commit()
    return f"/activities/{activity.id}/photos"


def send(client: FlaskClient, address: str, content: bytes, **fields: str) -> TestResponse:
    form: dict[str, object] = {"file": (BytesIO(content), "IMG_0001.jpg"), **fields}
    return post(client, address, form, content_type="multipart/form-data")


def kept(session: Session) -> list[ActivityPhoto]:
    return list(session.scalars(select(ActivityPhoto)))


def test_a_photo_is_kept_shown_and_destroyed(staff: FlaskClient, session: Session, address: str) -> None:
    assert send(staff, address, jpeg(), ground="consented").status_code == 303
    name = kept(session)[0].id
    page = staff.get(address).text
    assert f'src="{address}/{name}"' in page
    assert "Every child recognisable in it has the guardian" in page
    assert "Photos</a>" in staff.get(address.removesuffix("/photos")).text.replace(" (1)", "")
    answer = staff.get(f"{address}/{name}")
    assert opened(answer.data).format == "JPEG"
    assert b"CANARY" not in answer.data
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == f"inline; filename={name}.jpg"
    assert "no-store" in answer.headers["Cache-Control"]
    assert post(staff, f"{address}/{name}/remove").status_code == 303
    assert kept(session) == []
    assert staff.get(f"{address}/{name}").status_code == 404


@pytest.mark.parametrize(
    ("content", "fields", "reason"),
    [
        (jpeg(), {}, "guardian (Law on the Protection of Minors"),
        (jpeg(), {"ground": "surely"}, 'href="#ground"'),
        (b"GIF89a", {"ground": "consented"}, "This is neither a JPEG nor a PNG photo."),
        (b"", {"ground": "consented"}, "Choose a photo."),
    ],
)
def test_what_may_not_be_kept_is_refused_with_the_reason(
    staff: FlaskClient, session: Session, address: str, content: bytes, fields: dict[str, str], reason: str
) -> None:
    answer = send(staff, address, content, **fields)
    assert answer.status_code == 422
    assert reason in answer.text
    assert kept(session) == []


def test_what_was_said_stays_when_the_photo_is_refused(staff: FlaskClient, address: str) -> None:
    page = send(staff, address, b"GIF89a", ground="nobody_recognisable").text
    assert 'checked class="form-check-input" id="ground-1"' in page or 'id="ground-1"' in page.split("checked")[1][:200]


def test_before_the_activity_there_is_no_form_and_no_way_in(staff: FlaskClient, session: Session, world: World) -> None:
    address = f"/activities/{world.first.activity}/photos"
    assert "Keep the photo" not in staff.get(address).text
    answer = send(staff, address, jpeg(), ground="consented")
    assert answer.status_code == 422
    assert "Photos are added once the activity has begun." in answer.text


def test_nobody_but_the_station_of_the_township_sees_a_photo(
    log_in: LogIn, staff: FlaskClient, session: Session, world: World, address: str
) -> None:
    send(staff, address, jpeg(), ground="consented")
    (photo,) = kept(session)
    for role in (AccountRole.SOCIAL_WORKER, AccountRole.CHILD_DIRECTOR, AccountRole.VOLUNTEER):
        assert log_in(role).get(f"{address}/{photo.id}").status_code == 403
    assert log_in(AccountRole.COUNTY_OFFICER).get(f"{address}/{photo.id}").status_code == 403
    neighbour = log_in(world.second.usernames[AccountRole.STATION_HEAD])
    assert neighbour.get(f"{address}/{photo.id}").status_code == 404
    other = f"/activities/{world.second.activity}/photos/{photo.id}"
    assert neighbour.get(other).status_code == 404
    assert post(neighbour, f"{other}/remove").status_code == 404
    assert staff.get(f"/activities/{world.second.activity}/photos/{photo.id}").status_code == 404
    assert len(kept(session)) == 1
