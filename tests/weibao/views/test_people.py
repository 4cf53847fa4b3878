"""People's pages: what is entered is kept, what is refused stays in the form."""

import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, Gender, PersonKind, VettingResult
from tenants.models import AuditEntry, Person, PersonSkill, Vetting
from tests.conftest import LogIn, post
from tests.world import World

FACTS = {"name": "王小明", "kind": "volunteer", "gender": "female", "skills": ["law"], "own_skills": "剪纸，木工"}


def actions(session: Session, subject: str) -> list[str]:
    query = select(AuditEntry.action).where(AuditEntry.subject == subject).order_by(AuditEntry.number)
    return list(session.scalars(query))


def volunteer(session: Session, world: World) -> Person:
    return session.get_one(Person, (world.first.township, world.first.people[PersonKind.VOLUNTEER]))


def address(world: World, tail: str = "") -> str:
    return f"/people/{world.first.people[PersonKind.VOLUNTEER]}{tail}"


def test_a_person_is_added_with_skills(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    answer = post(client, "/people/new", {**FACTS, "base_village_id": world.first.villages[1]})
    person = session.scalars(select(Person).where(Person.name == "王小明")).one()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/people/{person.id}")
    assert (person.township_id, person.gender) == (world.first.township, Gender.FEMALE)
    assert sorted(row.skill for row in person.skills) == ["law", "剪纸", "木工"]
    assert actions(session, "person") == ["person.create"]
    assert "王小明" in client.get(answer.headers["Location"]).text


def test_a_refused_person_keeps_what_was_typed(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_HEAD)
    answer = post(client, "/people/new", {**FACTS, "dedicated": "y", "max_minutes_per_day": "90"})
    assert answer.status_code == 422
    for typed in ('value="王小明"', 'value="剪纸，木工"', 'value="90"', 'href="#dedicated"'):
        assert typed in answer.text
    assert re.search(r'<input[^>]* checked [^>]*id="dedicated"', answer.text)
    assert session.scalars(select(Person).where(Person.name == "王小明")).all() == []
    assert actions(session, "person") == []


def test_a_neighbours_village_is_no_valid_choice(log_in: LogIn, world: World) -> None:
    answer = post(
        log_in(AccountRole.STATION_HEAD), "/people/new", {**FACTS, "base_village_id": world.second.villages[0]}
    )
    assert answer.status_code == 422
    assert 'href="#base_village_id"' in answer.text


def test_editing_shows_what_is_there_and_replaces_it(log_in: LogIn, world: World, session: Session) -> None:
    session.add_all(
        PersonSkill(township_id=world.first.township, person_id=world.first.people[PersonKind.VOLUNTEER], skill=skill)
        for skill in ("law", "木工")
    )
    client = log_in(AccountRole.STATION_HEAD)
    page = client.get(address(world, "/edit")).text
    assert 'value="木工"' in page
    assert post(client, address(world, "/edit"), FACTS).status_code == 303
    person = volunteer(session, world)
    assert (person.name, [row.skill for row in person.skills]) == ("王小明", ["law", "剪纸", "木工"])
    assert person.gender is Gender.FEMALE


def test_leaving_is_undone_from_the_persons_page(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_HEAD)
    assert post(client, address(world, "/deactivate")).status_code == 303
    assert volunteer(session, world).active is False
    assert "/reactivate" in client.get(address(world)).text
    assert post(client, address(world, "/reactivate")).status_code == 303
    assert volunteer(session, world).active is True
    assert actions(session, "person") == ["person.deactivate", "person.reactivate"]


def test_a_check_is_entered_and_a_wrong_one_stays_in_the_form(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    check = {"checked_on": "2026-02-01", "valid_through": "2027-01-31", "result": "clear", "reference": "检函7号"}
    wrong = post(client, address(world, "/checks"), {**check, "valid_through": "2028-01-31"})
    assert wrong.status_code == 422
    assert 'value="检函7号"' in wrong.text
    assert 'href="#valid_through"' in wrong.text
    assert post(client, address(world, "/checks"), check).status_code == 303
    assert "检函7号" in [row.reference for row in volunteer(session, world).vettings]
    assert actions(session, "person") == ["vetting.add"]


def test_only_the_head_reads_why_somebody_is_not_available(log_in: LogIn, world: World, session: Session) -> None:
    day = datetime.now(UTC).date() - timedelta(days=2)
    session.add(
        Vetting(
            township_id=world.first.township,
            person_id=world.first.people[PersonKind.VOLUNTEER],
            checked_on=day,
            valid_through=day,
            result=VettingResult.BARRED,
            reference="REPLY-77",
        )
    )
    for role, word, hidden in (
        (AccountRole.STATION_HEAD, "Barred", ">Not available<"),
        (AccountRole.SOCIAL_WORKER, "Not available", "Barred"),
    ):
        client = log_in(role)
        post(client, "/language", {"lang": "en"})
        page = client.get(address(world)).text
        assert word in page
        assert hidden not in page
        assert ("REPLY-77" in page) == (role is AccountRole.STATION_HEAD)
        assert ("Barred" in client.get("/people").text) == (role is AccountRole.STATION_HEAD)


BAD = {"checked_on": "2026-02-01", "valid_through": "2027-01-31", "result": "barred", "reference": "REPLY-77"}


def test_the_staff_enter_clear_checks_alone_and_do_not_read_why(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    assert post(client, address(world, "/checks"), {**BAD, "confirmed": "y"}).status_code == 422
    assert len(volunteer(session, world).vettings) == 1
    post(log_in(AccountRole.STATION_HEAD), address(world, "/checks"), {**BAD, "confirmed": "y"})
    page = client.get(address(world)).text
    assert "REPLY-77" not in page
    assert "Barred" not in page
    assert "The station head knows why." in page


def test_the_head_gives_the_word_before_somebody_is_barred(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_HEAD)
    refused = post(client, address(world, "/checks"), BAD)
    assert refused.status_code == 422
    assert "Tick this box" in refused.text
    assert 'value="REPLY-77"' in refused.text
    assert post(client, address(world, "/checks"), {**BAD, "confirmed": "y"}).status_code == 303
    assert actions(session, "person") == ["bar.begin"]
    foreign = f"/people/{world.second.people[PersonKind.VOLUNTEER]}/checks"
    assert post(client, foreign, {**BAD, "confirmed": "y"}).status_code == 404


def test_only_the_head_takes_a_check_out(log_in: LogIn, world: World, session: Session) -> None:
    check = volunteer(session, world).vettings[0].id
    path = address(world, f"/checks/{check}/remove")
    assert post(log_in(AccountRole.STATION_HEAD), path).status_code == 303
    assert volunteer(session, world).vettings == []
    assert actions(session, "person") == ["vetting.remove"]


def test_the_list_is_narrowed_by_the_address(log_in: LogIn, world: World, session: Session) -> None:
    volunteer(session, world).vettings = []
    client = log_in(AccountRole.SOCIAL_WORKER)
    mine, others = "volunteer CANARY-ALPHA", "social_worker CANARY-ALPHA"
    for query, seen, hidden in (
        ("?vetting=missing", mine, others),
        ("?vetting=valid", others, mine),
        ("?kind=volunteer", mine, "child_director CANARY-ALPHA"),
        ("?skill=case_work", "child_director CANARY-ALPHA", mine),
        ("?active=no", "people-list", mine),
        ("?text=volunteer", mine, "child_director CANARY-ALPHA"),
        ("?kind=nonsense&vetting=nonsense", mine, "CANARY-BETA"),
    ):
        page = client.get(f"/people{query}", headers={"HX-Request": "true"}).text
        assert seen in page, query
        assert f">{hidden}<" not in page, query


def test_readers_are_shown_no_buttons(log_in: LogIn, world: World) -> None:
    page = log_in(AccountRole.SOCIAL_WORKER).get(address(world)).text
    assert "/edit" not in page
    assert "/checks" not in page
