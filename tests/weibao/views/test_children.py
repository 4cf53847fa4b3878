"""The ledger's pages: every opening is written down, and what is refused stays in the form."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, PersonKind, RiskLevel, VisitState
from tenants.models import AuditEntry, Child, Visit
from tenants.queries.due import county_today
from tests.conftest import LogIn, post
from tests.pages import main_of
from tests.world import World


@pytest.fixture
def today(session: Session, world: World) -> date:
    return county_today(session, world.county)


def actions(session: Session) -> list[str]:
    query = select(AuditEntry.action).where(AuditEntry.subject.in_(("child", "visit"))).order_by(AuditEntry.number)
    return list(session.scalars(query))


def child(session: Session, world: World) -> Child:
    """The first child: a scattered orphan at high risk, in the director's village."""
    return session.get_one(Child, (world.first.township, world.first.children[0]))


def address(world: World, tail: str = "") -> str:
    return f"/children/{world.first.children[0]}{tail}"


def new_file(world: World, today: date, **changes: object) -> dict[str, object]:
    facts = {
        "case_code": "N-100",
        "pseudonym": "小树",
        "village_id": world.first.villages[0],
        "birth_year": today.year - 9,
        "categories": ["left_behind", "disabled"],
        "level": "medium",
        "since": today.isoformat(),
    }
    return {**facts, **changes}


def test_every_opening_of_a_childs_page_is_written_down(log_in: LogIn, world: World, session: Session) -> None:
    roles = (AccountRole.STATION_HEAD, AccountRole.SOCIAL_WORKER, AccountRole.CHILD_DIRECTOR)
    for role in roles:
        assert log_in(role).get(address(world)).status_code == 200
    log_in(AccountRole.STATION_STAFF).get(address(world, "/edit"))
    lines = session.scalars(select(AuditEntry).where(AuditEntry.action == "child.read")).all()
    assert [line.subject_id for line in lines] == [world.first.children[0]] * 4
    assert len({line.account_id for line in lines}) == 4
    assert all(line.details == {} for line in lines)


def test_a_child_that_may_not_be_seen_leaves_no_line(log_in: LogIn, world: World, session: Session) -> None:
    director = log_in(AccountRole.CHILD_DIRECTOR)
    # The second child lives in another village of the same township.
    assert director.get(f"/children/{world.first.children[1]}").status_code == 404
    assert director.get(f"/children/{world.second.children[0]}").status_code == 404
    assert "child.read" not in actions(session)


def test_a_child_director_finds_their_villages_children_alone(log_in: LogIn, world: World) -> None:
    page = log_in(AccountRole.CHILD_DIRECTOR).get("/children?files=all").text
    codes = [code for code in ("C-000", "C-001", "C-002", "C-003") if code in page]
    assert codes == ["C-000", "C-003"]


def test_a_file_is_opened(log_in: LogIn, world: World, session: Session, today: date) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    assert 'value="C-004"' in client.get("/children/new").text
    answer = post(client, "/children/new", new_file(world, today))
    opened = session.scalars(select(Child).where(Child.case_code == "N-100")).one()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/children/{opened.id}")
    assert (opened.township_id, len(opened.categories), opened.risks[0].level) == (
        world.first.township,
        2,
        RiskLevel.MEDIUM,
    )
    assert actions(session) == ["child.create", "visit.refresh"]


def test_a_refused_file_keeps_what_was_typed(log_in: LogIn, world: World, session: Session, today: date) -> None:
    client = log_in(AccountRole.STATION_HEAD)
    for changes, field in (
        ({"case_code": "C-001"}, "case_code"),
        ({"categories": []}, "categories"),
        ({"village_id": world.second.villages[0]}, "village_id"),
        ({"birth_year": "two thousand"}, "birth_year"),
        ({"since": (today + timedelta(days=1)).isoformat()}, "since"),
    ):
        answer = post(client, "/children/new", new_file(world, today, **changes))
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text, field
        assert 'value="小树"' in answer.text
    assert session.scalars(select(Child).where(Child.pseudonym == "小树")).all() == []
    assert actions(session) == []


def test_facts_are_changed(log_in: LogIn, world: World, session: Session, today: date) -> None:
    client = log_in(AccountRole.STATION_HEAD)
    facts = {
        "case_code": "C-000",
        "pseudonym": "小草",
        "village_id": world.first.villages[2],
        "birth_year": today.year - 5,
        "needs_gender": "female",
    }
    assert post(client, address(world, "/edit"), facts).status_code == 303
    assert (child(session, world).pseudonym, child(session, world).village_id) == ("小草", world.first.villages[2])
    wrong = post(client, address(world, "/edit"), {**facts, "case_code": "C-001"})
    assert wrong.status_code == 422
    assert 'value="小草"' in wrong.text


def test_dated_entries_are_made_on_the_childs_page(log_in: LogIn, world: World, session: Session, today: date) -> None:
    period = child(session, world).categories[0].id
    client = log_in(AccountRole.STATION_STAFF)
    day = today.isoformat()
    for tail, sent in (
        ("/categories", {"category-category": "disabled", "category-from_day": day}),
        (f"/categories/{period}/end", {f"end-{period}-to_day": day}),
        ("/risks", {"risk-level": "low", "risk-from_day": day}),
        ("/familiar", {"familiar-person_id": world.first.people[PersonKind.VOLUNTEER]}),
        ("/confirm", {}),
    ):
        answer = post(client, address(world, tail), sent)
        assert (answer.status_code, answer.headers["Location"]) == (303, address(world)), tail
    kept = child(session, world)
    assert sorted(row.category for row in kept.categories) == ["disabled", "scattered_orphan"]
    assert {row.id: row.to_day for row in kept.categories}[period] == today
    assert kept.risks[-1].level is RiskLevel.LOW
    assert kept.confirmed_on == today
    assert world.first.people[PersonKind.VOLUNTEER] in [row.person_id for row in kept.familiar]
    assert {
        "child.category_begin",
        "child.category_end",
        "child.assess",
        "child.familiar_add",
        "child.confirm",
    } <= set(actions(session))


def test_a_refused_entry_stays_in_its_form(log_in: LogIn, world: World, session: Session, today: date) -> None:
    period = child(session, world).categories[0].id
    client = log_in(AccountRole.STATION_STAFF)
    ahead = (today + timedelta(days=2)).isoformat()
    for tail, sent, field in (
        ("/categories", {"category-category": "disabled", "category-from_day": ahead}, "category-from_day"),
        (
            "/categories",
            {"category-category": "scattered_orphan", "category-from_day": "2026-01-05"},
            "category-category",
        ),
        (f"/categories/{period}/end", {f"end-{period}-to_day": ahead}, f"end-{period}-to_day"),
        ("/risks", {"risk-level": "low", "risk-from_day": ahead}, "risk-from_day"),
        ("/familiar", {"familiar-person_id": world.second.people[PersonKind.VOLUNTEER]}, "familiar-person_id"),
        ("/visits", {"visit-done_on": ahead, "visit-note": "去过一次"}, "visit-done_on"),
    ):
        answer = post(client, address(world, tail), sent)
        assert answer.status_code == 422, tail
        assert f'href="#{field}"' in answer.text, tail
        typed = [value for value in sent.values() if value in {ahead, "2026-01-05", "去过一次"}]
        assert all(value in answer.text for value in typed), tail
    assert actions(session) == ["child.read"] * 6  # each refusal shows the whole file once more


def test_a_visit_is_recorded_by_hand_and_taken_back(log_in: LogIn, world: World, session: Session, today: date) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    sent = {"visit-done_on": today.isoformat(), "visit-note": "一切正常"}
    assert post(client, address(world, "/visits"), sent).status_code == 303
    done = session.scalars(select(Visit).where(Visit.state == VisitState.DONE)).one()
    assert (done.child_id, done.done_on) == (world.first.children[0], today)
    assert "一切正常" in client.get(address(world)).text
    assert post(client, address(world, "/visits"), sent).status_code == 422  # sent twice by mistake
    assert post(client, address(world, f"/visits/{done.id}/take-back")).status_code == 303
    assert session.scalars(select(Visit).where(Visit.state == VisitState.DONE)).all() == []
    assert [line for line in actions(session) if line.startswith("visit.") and line != "visit.refresh"] == [
        "visit.done",
        "visit.take_back",
    ]


def test_a_visit_of_another_child_is_not_taken_back_here(
    log_in: LogIn, world: World, session: Session, today: date
) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    other = f"/children/{world.first.children[1]}/visits"
    post(client, other, {"visit-done_on": today.isoformat()})
    done = session.scalars(select(Visit).where(Visit.state == VisitState.DONE)).one()
    assert post(client, address(world, f"/visits/{done.id}/take-back")).status_code == 404


def test_a_closed_file_is_reopened_from_its_page(log_in: LogIn, world: World, session: Session, today: date) -> None:
    client = log_in(AccountRole.STATION_HEAD)
    assert post(client, address(world, "/close")).status_code == 303
    assert child(session, world).closed_on == today
    assert "C-000" not in client.get("/children").text
    assert "C-000" in client.get("/children?files=closed").text
    assert "/reopen" in client.get(address(world)).text
    assert post(client, address(world, "/reopen")).status_code == 303
    assert child(session, world).closed_on is None


def test_somebody_known_is_taken_out(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_HEAD)
    director = world.first.people[PersonKind.CHILD_DIRECTOR]
    assert post(client, address(world, f"/familiar/{director}/remove")).status_code == 303
    assert child(session, world).familiar == []
    assert post(client, address(world, f"/familiar/{director}/remove")).status_code == 404


def test_readers_are_shown_no_forms(log_in: LogIn, world: World, session: Session) -> None:
    for role in (AccountRole.SOCIAL_WORKER, AccountRole.CHILD_DIRECTOR):
        page = main_of(log_in(role).get(address(world)).text)
        for word in ("/categories", "/risks", "/visits", "/close", "/children/new"):
            assert word not in page


def test_the_ledger_is_narrowed_by_the_address(log_in: LogIn, world: World, session: Session, today: date) -> None:
    session.add(
        Visit(
            township_id=world.first.township, child_id=world.first.children[2], due_on=today - timedelta(days=1),
            category="scattered_orphan", risk="low", minutes=40, priority="normal", service="child_protection",
            known_by="nobody", roles=[],
        )
    )  # fmt: skip
    client = log_in(AccountRole.SOCIAL_WORKER)
    for query, codes in (
        ("", ["C-000", "C-001", "C-002", "C-003"]),
        ("?overdue=y", ["C-002"]),
        ("?category=left_behind", ["C-001", "C-003"]),
        ("?risk=high", ["C-000", "C-003"]),
        (f"?village={world.first.villages[1]}", ["C-001"]),
        (f"?village={world.second.villages[0]}", []),
        ("?text=c-00", ["C-000", "C-001", "C-002", "C-003"]),
        ("?risk=nonsense", ["C-000", "C-001", "C-002", "C-003"]),
    ):
        page = client.get(f"/children{query}", headers={"HX-Request": "true"}).text
        assert [code for code in ("C-000", "C-001", "C-002", "C-003") if f">{code}<" in page] == codes, query


def test_a_page_of_the_ledger_is_written_down_without_what_was_searched_for(
    log_in: LogIn, world: World, session: Session
) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    assert client.get("/children?category=left_behind&text=PSEUDONYM").status_code == 200
    (line,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "child.list"))
    assert line.account_id is not None
    assert line.details == {"category": "left_behind", "closed": False, "searched": True, "page": 1, "files": 2}


def test_a_word_in_place_of_a_village_does_not_reach_the_log(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    for typed in ("张小花", "CanaryName"):
        assert client.get(f"/children?village={typed}").status_code == 200
    lines = session.scalars(select(AuditEntry).where(AuditEntry.action == "child.list")).all()
    assert [line.details["village"] for line in lines] == ["unknown", "unknown"]
