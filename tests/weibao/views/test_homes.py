"""Villages and homes: the sign, the hours, and whose numbers are shown."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole
from tenants.models import AuditEntry, Home
from tests.conftest import LogIn, post
from tests.world import World


def test_the_list_shows_signs_and_directors(log_in: LogIn, world: World) -> None:
    page = log_in(AccountRole.VOLUNTEER).get("/homes").text
    assert "东山县甲镇甲镇0村 CANARY-ALPHA村儿童之家" in page
    assert "child_director CANARY-ALPHA" in page


def test_numbers_of_children_are_shown_to_whom_they_concern(log_in: LogIn, world: World) -> None:
    # Two of the four children live in the first village.
    assert ">2</td>" in log_in(AccountRole.STATION_HEAD).get("/homes").text
    assert ">2</td>" not in log_in(AccountRole.VOLUNTEER).get("/homes").text


def test_the_county_reads_its_townships_and_narrows_to_one(log_in: LogIn, world: World) -> None:
    client = log_in(AccountRole.COUNTY_OFFICER)
    page = client.get("/homes").text
    assert world.first.canary in page
    assert world.second.canary in page
    assert world.foreign.canary not in page
    narrowed = client.get(f"/homes?township={world.second.township}", headers={"HX-Request": "true"}).text
    assert world.second.canary in narrowed
    assert world.first.canary not in narrowed


def test_opening_hours_are_changed_and_written_down(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    path = f"/homes/{world.first.villages[0]}"
    answer = post(client, path, {"opened": "y", "opening_hours": "周六 9:00–17:00"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/homes")
    home = session.get_one(Home, (world.first.township, world.first.homes[0]))
    assert (home.opened, home.opening_hours) == (True, "周六 9:00–17:00")
    assert "周六 9:00–17:00" in client.get("/homes").text
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "home.save")).one()
    assert entry.details == {"village": world.first.villages[0]}


def test_a_refused_change_keeps_what_was_typed(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    path = f"/homes/{world.first.villages[0]}"
    empty = post(client, path, {"opened": "y", "opening_hours": " "})
    assert empty.status_code == 422
    assert 'href="#opening_hours"' in empty.text
    long = post(client, path, {"opened": "y", "opening_hours": "周六" * 101})
    assert long.status_code == 422
    assert "周六" * 101 in long.text


def test_a_home_can_be_shut(log_in: LogIn, world: World, session: Session) -> None:
    assert post(log_in(AccountRole.STATION_HEAD), f"/homes/{world.first.villages[0]}", {}).status_code == 303
    assert session.get_one(Home, (world.first.township, world.first.homes[0])).opened is False
