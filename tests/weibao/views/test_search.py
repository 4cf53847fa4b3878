"""Search finds what the account may see, of its own place alone, and no child by name."""

import re

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, PersonKind
from tenants.models import Activity, Child, Person, Village
from tenants.services import identities
from tenants.services.identities import Identity
from tests.conftest import LogIn
from tests.world import World
from weibao import recent


def results(page: str) -> list[str]:
    return re.findall(r'class="wb-result" href="([^"]+)"', page)


def search(log_in: LogIn, who: AccountRole | str, text: str) -> str:
    answer = log_in(who).get("/search", query_string={"q": text}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return str(answer.text)


def test_each_kind_is_found_where_it_leads(log_in: LogIn, world: World, session: Session) -> None:
    place = world.first
    page = search(log_in, AccountRole.STATION_STAFF, place.canary)
    assert {f"/people/{person}" for person in place.people.values()} <= set(results(page))
    assert {f"/homes/{village}" for village in place.villages} <= set(results(page))
    assert f"/activities/{place.activity}" in results(page)
    codes = search(log_in, AccountRole.STATION_STAFF, "C-00")
    assert results(codes) == [f"/children/{child}" for child in place.children]
    assert "PSEUDONYM" not in page + codes


def test_nothing_of_another_township_is_found(log_in: LogIn, world: World, session: Session) -> None:
    # The neighbour has all of it, so that a forgotten filter would show.
    canary = world.second.canary
    for model, column in ((Person, Person.name), (Village, Village.name), (Activity, Activity.title)):
        assert session.scalars(select(model.id).where(column.contains(canary))).first()
    for role in (
        AccountRole.STATION_HEAD,
        AccountRole.SOCIAL_WORKER,
        AccountRole.CHILD_DIRECTOR,
        AccountRole.VOLUNTEER,
    ):
        page = search(log_in, role, canary)
        assert results(page) == [], role
        assert "Nothing fits" in page
    assert len(results(search(log_in, AccountRole.STATION_HEAD, "C-000"))) == 1


def test_roles_find_what_their_pages_show(log_in: LogIn, world: World, session: Session) -> None:
    found = {role: results(search(log_in, role, "C-00")) for role in AccountRole if role in world.usernames}
    assert found[AccountRole.VOLUNTEER] == []
    assert found[AccountRole.COUNTY_OFFICER] == []
    assert len(found[AccountRole.SOCIAL_WORKER]) == 4
    own = session.scalars(select(Child.id).where(Child.village_id == world.first.villages[0])).all()
    assert found[AccountRole.CHILD_DIRECTOR] == [
        f"/children/{child}" for child in sorted(own, key=world.first.children.index)
    ]
    assert not [url for url in results(search(log_in, AccountRole.VOLUNTEER, world.first.canary)) if "/people" in url]


def test_a_childs_name_is_not_searched(app: Flask, log_in: LogIn, world: World, session: Session) -> None:
    child = session.get_one(Child, (world.first.township, world.first.children[0]))
    identities.keep(session, world.head, app.config["WEIBAO"].keyring, child, Identity(name="张三丰"))
    for text in ("张三丰", "PSEUDONYM-0"):
        assert results(search(log_in, AccountRole.STATION_HEAD, text)) == []


def test_signs_of_the_query_language_are_letters_like_others(log_in: LogIn, world: World, session: Session) -> None:
    person = session.get_one(Person, (world.first.township, world.first.people[PersonKind.VOLUNTEER]))
    person.name = "百分%之_百"
    assert results(search(log_in, AccountRole.STATION_HEAD, "%")) == [f"/people/{person.id}"]
    assert results(search(log_in, AccountRole.STATION_HEAD, "分%之_")) == [f"/people/{person.id}"]


def test_what_was_opened_lately_stands_there_latest_first_without_names_in_the_cookie(
    log_in: LogIn, world: World, session: Session
) -> None:
    client, place = log_in(AccountRole.STATION_HEAD), world.first
    assert "Nothing opened yet" in client.get("/search").text
    volunteer = place.people[PersonKind.VOLUNTEER]
    for path in (f"/people/{volunteer}", f"/children/{place.children[0]}", f"/activities/{place.activity}"):
        client.get(path)
    client.get(f"/people/{volunteer}")
    client.get(f"/people/{world.second.people[PersonKind.VOLUNTEER]}")  # 404: not kept
    expected = [f"/people/{volunteer}", f"/activities/{place.activity}", f"/children/{place.children[0]}"]
    assert results(client.get("/search").text) == expected
    with client.session_transaction() as held:
        assert [kind for kind, _id in held["recent"]] == ["people", "activities", "children"]
        assert place.canary not in str(dict(held))
        held["recent"] = [("children", world.second.children[0]), ("people", volunteer)]  # another township's: left out
    assert results(client.get("/search").text) == [f"/people/{volunteer}"]


def test_every_address_that_is_kept_has_its_argument(app: Flask) -> None:
    arguments = {rule.endpoint: rule.arguments for rule in app.url_map.iter_rules()}
    assert all(argument in arguments[endpoint] for endpoint, (_kind, argument) in recent.KEPT.items())
