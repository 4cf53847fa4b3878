"""The county's desk for purchased-service staff, page by page, as officers, townships and workers see it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, ChildCategory, DutyState, MessageKind, PersonKind, Service
from tenants.models import (
    Account,
    Activity,
    AuditEntry,
    CategoryWeights,
    County,
    DiversionAttempt,
    Duty,
    FamiliarPerson,
    Message,
    Person,
    ServiceContract,
    StaffAllocation,
    StaffMember,
    StaffPosting,
    Township,
)
from tenants.queries.due import county_today
from tests.conftest import LogIn, post
from tests.drafts import CHINA, activity_task, begin, keep
from tests.duties import add_visit, give, soon
from tests.pages import in_english, text_of
from tests.staff import WEIGHTS, add_child, contract, newcomer, officer, register, serve_under, solved, weights
from tests.world import World

HEAD, OFFICER, WORKER = AccountRole.STATION_HEAD, AccountRole.COUNTY_OFFICER, PersonKind.SOCIAL_WORKER


@pytest.fixture
def staff(session: Session, world: World) -> dict[str, str]:
    """The workers' ids by township; a second officer has an account."""
    made = {place.township: register(session, world.county, place) for place in (world.first, world.second)}
    officer(session, world, "county2")
    session.get_one(Township, world.second.township).lat = 35.9
    session.commit()
    return made


@pytest.fixture
def county(log_in: LogIn, staff: dict[str, str]) -> FlaskClient:
    return in_english(log_in(OFFICER))


def ask(client: FlaskClient, **changes: object) -> str:
    """Ask for a proposal; returns its address."""
    day = datetime.now(UTC).date() + timedelta(days=20)
    facts = {"title": "甲案", "moves_on": day.isoformat(), "min_staff": "1", **changes}
    answer = post(client, "/staff/proposals/new", facts)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def let_swap(session: Session, world: World, staff: dict[str, str], *, days: int = 10) -> StaffAllocation:
    """The proposal is worked out: both workers change places."""
    row = session.scalars(select(StaffAllocation)).one()
    first, second = world.first.township, world.second.township
    solved(row, {staff[first]: second, staff[second]: first})
    row.moves_on = county_today(session, world.county) + timedelta(days=days)
    session.commit()
    return row


def approved(
    county: FlaskClient, session: Session, world: World, staff: dict[str, str], log_in: LogIn
) -> tuple[str, StaffAllocation]:
    """A proposal by which both workers change places, approved by a second officer; its address, and its row."""
    address = ask(county)
    row = let_swap(session, world, staff)
    post(county, f"{address}/propose", {"reason": "x"})
    assert post(in_english(log_in("county2")), f"{address}/approve").status_code == 303
    return address, row


def test_load_stands_beside_both_baselines(county: FlaskClient, session: Session, world: World) -> None:
    page = county.get("/staff").text
    rows = re.findall(r'<tr><th scope="row" class="text-nowrap">(.*?)</th>(.*?)</tr>', page, re.DOTALL)
    cells = {name: re.findall(r"<td[^>]*>(.*?)</td>", rest, re.DOTALL) for name, rest in rows}
    assert cells == {"甲镇": ["4", "16", "1", "16.0", "1", "1"], "乙镇": ["4", "16", "1", "16.0", "1", "1"]}


def test_files_that_no_category_holds_are_told_and_not_counted(
    county: FlaskClient, session: Session, world: World
) -> None:
    """Two new files whose categories begin later than the day of the moves; the second township has one of them."""
    for place in (world.first, world.second):
        add_child(session, place, ChildCategory.DISABLED)
    session.commit()
    told = "2 open files have no category in force and are not counted."
    assert told in county.get("/staff").text
    ask(county, moves_on=(datetime.now(UTC).date() + timedelta(days=3)).isoformat())
    row = session.scalars(select(StaffAllocation)).one()
    solved(row, {worker["id"]: worker["current"] for worker in row.problem["staff"]})
    session.commit()
    assert told in county.get(f"/staff/proposals/{row.id}").text


def test_workers_who_wait_for_a_post_are_told_beside_the_load(
    county: FlaskClient, session: Session, world: World
) -> None:
    """Three workers for 32; two of them carry it today."""
    assert "wait for a post" not in text_of(county.get("/staff"))
    newcomer(session, world.county, contract(session, world.county))
    session.commit()
    page = " ".join(text_of(county.get("/staff")).split())
    assert "Workers counted 3 1 of them waits for a post" in page
    assert "For each worker, county-wide 10.7 if all of them had a post" in page


def test_county_without_a_register_is_told_what_comes_next(log_in: LogIn) -> None:
    page = in_english(log_in(OFFICER)).get("/staff").text
    assert "No table of weights is in force on that day: the county sets one first." in page


def test_two_officers_post_a_worker_and_everybody_concerned_sees_it(
    county: FlaskClient, session: Session, world: World, staff: dict[str, str], log_in: LogIn
) -> None:
    give(session, world.first, WORKER, visit=add_visit(session, world.first), starts_at=soon(days=12))
    session.add(
        FamiliarPerson(
            township_id=world.first.township, child_id=world.first.children[0], person_id=world.first.people[WORKER]
        )
    )
    session.commit()
    address = ask(county)
    row = let_swap(session, world, staff)
    page = county.get(address).text
    assert "1 published duty from that day on" in page
    assert "1 family knows this worker" in page
    assert "甲镇 → 乙镇" in page

    assert post(county, f"{address}/propose", {"reason": "儿童增多"}).status_code == 303
    assert post(county, f"{address}/approve").status_code == 403
    second = in_english(log_in("county2"))
    assert "A proposal waits for your approval: 甲案" in second.get("/inbox").text
    assert "1 proposal waits for your approval." in second.get("/").text
    assert not any("waits for your approval" in county.get(path).text for path in ("/", "/inbox"))
    assert post(second, f"{address}/approve").status_code == 303

    assert "Your proposal has been approved: 甲案" in county.get("/inbox").text
    assert "waits for your approval" not in second.get("/").text
    assert "Inbox, nothing new" in second.get("/inbox").text
    letters = second.get(f"{address}/letters").text
    assert letters.count("Notice of posting") == 2
    day = row.moves_on
    for place, other in ((world.first, "乙镇"), (world.second, "甲镇")):
        head = in_english(log_in(place.usernames[HEAD])).get("/").text
        assert "Posting by the county" in head
        assert f"serves {other} from" in head
        assert f"Comes from {other}." in head
    station = in_english(log_in(HEAD)).get("/").text
    assert "1 duty from that day on must be given to somebody else:" in station
    worker = in_english(log_in(AccountRole.SOCIAL_WORKER)).get("/").text
    assert f"{day.day} {day:%B %Y} you serve 乙镇." in worker
    assert "Posting by the county" not in in_english(log_in(AccountRole.VOLUNTEER)).get("/").text


def test_decided_posting_tells_how_far_it_is_and_a_stopped_one_has_no_letter(
    county: FlaskClient, session: Session, world: World, staff: dict[str, str], log_in: LogIn
) -> None:
    address = ask(county)
    row = let_swap(session, world, staff)
    post(county, f"{address}/propose", {"reason": "x"})
    assert "both stations told" not in county.get(address).text
    assert post(in_english(log_in("county2")), f"{address}/approve").status_code == 303
    assert text_of(county.get(address)).count("both stations told on") == 2
    day = f"from {row.moves_on:%A} {row.moves_on.day} {row.moves_on:%B %Y}"
    assert f"{day}: 乙镇" in text_of(county.get("/staff/register"))
    desk = text_of(county.get("/staff")).split("Decided moves that have not begun")[1].split("Proposals")[0]
    assert (desk.count("甲镇 乙镇"), desk.count("乙镇 甲镇")) == (1, 1)
    with_all = county.get(f"{address}/letters").text
    posting = session.scalars(select(StaffPosting).where(StaffPosting.to_township_id == world.second.township)).one()
    posting.stopped_at = datetime.now(UTC)
    session.commit()
    page, letters = text_of(county.get(address)), county.get(f"{address}/letters").text
    assert ("does not take place" in page, page.count("both stations told on")) == (True, 1)
    assert (with_all.count("Notice of posting"), letters.count("Notice of posting")) == (2, 1)
    assert "1 posting of this decision was stopped and has no letter." in letters


@pytest.mark.parametrize("source", ["example", "阳民发1号"])
def test_weights_that_nobody_has_decided_are_told_wherever_a_proposal_is_read_or_printed(
    county: FlaskClient, session: Session, world: World, staff: dict[str, str], log_in: LogIn, source: str
) -> None:
    weights(session, world.county).source = source
    session.commit()
    address, row = approved(county, session, world, staff, log_in)
    pages = [address, f"{address}/letters"]
    told = ["Worked out with example weights." in text_of(county.get(page)) for page in pages]
    compared = "nobody has decided them" in text_of(county.get(f"/staff/compare?id={row.id}"))
    assert [*told, compared] == [source == "example"] * 3


def test_decision_and_letters_are_signed_by_the_civil_affairs_bureau_with_room_for_its_seal(
    county: FlaskClient, session: Session, world: World, staff: dict[str, str], log_in: LogIn
) -> None:
    address, row = approved(county, session, world, staff, log_in)
    session.refresh(row)
    decided, name = row.decided_at.astimezone(CHINA), session.get_one(County, world.county).name
    letters = text_of(county.get(f"{address}/letters"))
    assert letters.count(f"Civil-affairs bureau of {name} (seal) {decided.day} {decided:%B %Y} ") == 3


def test_register_shows_contracts_to_come_and_of_whoever_has_none_the_last(
    county: FlaskClient, session: Session, world: World, staff: dict[str, str]
) -> None:
    first, second = (session.get_one(StaffMember, (world.county, one)) for one in staff.values())
    held = {
        number: contract(session, world.county, number=number, days=days)
        for number, days in {"OLD": (-300, -200), "LATER": (20, 90), "LAST": (-200, -100)}.items()
    }
    serve_under(session, first, held["OLD"], held["LATER"])
    serve_under(session, second, held["OLD"], held["LAST"])
    session.commit()
    page = text_of(county.get("/staff/register"))
    assert [number in page for number in held] == [False, True, True]
    assert page.count("none in force") == 2


def test_nobody_is_posted_by_a_proposal_that_was_rejected(
    county: FlaskClient, session: Session, world: World, staff: dict[str, str], log_in: LogIn
) -> None:
    address = ask(county)
    let_swap(session, world, staff)
    post(county, f"{address}/propose", {"reason": "x"})
    second = in_english(log_in("county2"))
    assert post(second, f"{address}/reject", {"reason": " "}).status_code == 422
    assert post(second, f"{address}/reject", {"reason": "先等新合同"}).status_code == 303
    assert "Rejected because: 先等新合同" in county.get(address).text
    line = session.scalars(select(AuditEntry).where(AuditEntry.action == "allocation.reject")).one()
    assert set(line.details) == {"proposed_by"}  # the reason stands on the proposal
    assert "Your proposal has been rejected: 甲案" in county.get("/inbox").text
    assert county.get(f"{address}/letters").status_code == 404
    assert "Posting by the county" not in in_english(log_in(HEAD)).get("/").text


def test_what_was_typed_stays_beside_its_fault(county: FlaskClient, staff: dict[str, str], world: World) -> None:
    held = {f"pin-{staff[world.first.township]}": world.second.township}
    answer = post(
        county,
        "/staff/proposals/new",
        {"title": "丙案", "moves_on": "2020-01-01", "min_staff": "1", "max_commute": "5", **held},
    )
    assert answer.status_code == 422
    assert 'value="丙案"' in answer.text
    assert f'<option value="{world.second.township}" selected>' in answer.text


def test_copy_begins_with_what_was_asked_and_holds_a_worker(
    county: FlaskClient, session: Session, world: World, staff: dict[str, str]
) -> None:
    ask(county, max_moves="3")
    row = session.scalars(select(StaffAllocation)).one()
    page = county.get(f"/staff/proposals/new?copy={row.id}&hold={staff[world.first.township]}").text
    assert 'value="甲案, copy"' in page
    assert re.search(r'id="max_moves"[^>]*value="3"', page)
    pins = page.split(f'name="pin-{staff[world.first.township]}"')[1].split("</select>")[0]
    assert f'<option value="{world.first.township}" selected>' in pins


def test_workers_who_cannot_be_held_are_named_beside_the_field(
    county: FlaskClient, session: Session, world: World, staff: dict[str, str]
) -> None:
    first = world.first.township
    names = [one.name for one in session.scalars(select(StaffMember).order_by(StaffMember.name))]
    day = (datetime.now(UTC).date() + timedelta(days=20)).isoformat()
    facts = {"title": "x", "moves_on": day, "min_staff": "1", "max_staff": "1"}
    answer = post(county, "/staff/proposals/new", facts | {f"pin-{one}": first for one in staff.values()})
    assert answer.status_code == 422
    assert f"Held by hand or not movable at 甲镇: {', '.join(names)}." in text_of(answer)


def test_proposal_that_another_decision_overtook_says_so(
    county: FlaskClient, session: Session, world: World, staff: dict[str, str]
) -> None:
    address = ask(county)
    let_swap(session, world, staff)
    warning = "so its loads are not theirs any more; it cannot be approved."
    assert warning not in county.get(address).text
    session.get_one(StaffMember, (world.county, staff[world.second.township])).left = True
    session.commit()
    assert warning in county.get(address).text


def test_worker_is_barred_from_several_townships(
    county: FlaskClient, session: Session, world: World, staff: dict[str, str]
) -> None:
    first, second = world.first.township, world.second.township
    ask(county, **{f"bar-{staff[first]}": [first, second]})
    row = session.scalars(select(StaffAllocation)).one()
    assert row.settings["bars"] == {staff[first]: sorted([first, second])}
    form = county.get(f"/staff/proposals/new?copy={row.id}").text
    (field,) = re.findall(rf'<select[^>]*multiple[^>]*name="bar-{staff[first]}".*?</select>', form, re.DOTALL)
    assert field.count(" selected") == 2


def test_move_by_hand_says_that_it_is_one(
    county: FlaskClient, session: Session, world: World, staff: dict[str, str]
) -> None:
    address = ask(county, **{f"pin-{staff[world.second.township]}": world.first.township})
    let_swap(session, world, staff)
    assert county.get(address).text.count("Held there by hand: the officer asked for it.") == 1


def test_way_of_a_worker_whose_home_is_not_known_says_from_where_it_is_counted(
    county: FlaskClient, session: Session, world: World, staff: dict[str, str]
) -> None:
    address = ask(county)
    let_swap(session, world, staff)
    assert "Where they live is not in the register" not in county.get(address).text
    place = world.second
    session.get_one(Person, (place.township, place.people[WORKER])).base_village_id = None
    session.commit()
    page = text_of(county.get(address))
    assert page.count("Where they live is not in the register; from the seat of 乙镇:") == 1
    assert "Side by side" in page


def test_up_to_three_proposals_stand_side_by_side(
    county: FlaskClient, session: Session, world: World, staff: dict[str, str]
) -> None:
    ids = []
    for title in ("甲案", "乙案", "丙案", "丁案"):
        ids.append(ask(county, title=title).rsplit("/", 1)[1])
    first, second = world.first.township, world.second.township
    for row in session.scalars(select(StaffAllocation)):
        stays = {staff[first]: first, staff[second]: second}
        solved(row, stays if row.title == "乙案" else {staff[first]: second, staff[second]: first})
    session.commit()
    page = county.get("/staff/compare?" + "&".join(f"id={one}" for one in ids)).text
    assert [title in page for title in ("甲案", "乙案", "丙案", "丁案")] == [True, True, True, False]
    (line,) = re.findall(r"<tr><th scope=\"row\">social_worker CANARY-ALPHA</th>(.*?)</tr>", page, re.DOTALL)
    cells = [" ".join(re.sub("<[^>]*>", "", cell).split()) for cell in re.findall(r"<td>(.*?)</td>", line, re.DOTALL)]
    assert cells == ["甲镇 → 乙镇", "stays", "甲镇 → 乙镇"]


def test_township_sees_the_weights_and_no_other_page_of_the_desk(log_in: LogIn, staff: dict[str, str]) -> None:
    head = in_english(log_in(HEAD))
    page = head.get("/staff/weights")
    assert (page.status_code, "阳民发1号" in page.text, "Decide a new version" in page.text) == (200, True, False)
    assert 'href="/staff/weights"' in head.get("/rules").text
    for path in ("/staff", "/staff/register", "/staff/work", "/staff/diversions", "/staff/proposals/new"):
        assert head.get(path).status_code == 403


def weights_sent(world: World, session: Session, *, days: int = 5, weight: str = "7") -> dict[str, object]:
    day = county_today(session, world.county) + timedelta(days=days)
    table = {f"{category}-{risk}": weight for category, row in WEIGHTS.items() for risk in row}
    return {**table, "from_day": day.isoformat(), "source": "阳民发2号"}


def looked_at(client: FlaskClient, facts: dict[str, object]) -> dict[str, object]:
    """The same once more, with the mark of what it would do."""
    page = post(client, "/staff/weights/decide", facts)
    assert page.status_code == 200, page.text
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', page.text)
    assert seen is not None
    return {**facts, "seen": seen[1]}


def test_new_version_of_the_weights_holds_from_its_day(county: FlaskClient, session: Session, world: World) -> None:
    facts = weights_sent(world, session)
    assert post(county, "/staff/weights/decide", looked_at(county, facts)).status_code == 303
    assert post(county, "/staff/weights/decide", facts).status_code == 422
    answer = post(county, "/staff/weights/decide", weights_sent(world, session, days=-1))
    assert (answer.status_code, "from today on at the earliest" in answer.text) == (422, True)
    assert [row.source for row in session.scalars(select(CategoryWeights).order_by(CategoryWeights.from_day))] == [
        "阳民发1号", "阳民发2号",
    ]  # fmt: skip
    assert "阳民发1号" in county.get("/staff/weights").text.split("</table>")[0]


def test_weights_are_kept_after_their_effect_was_looked_at(
    county: FlaskClient, session: Session, world: World, staff: dict[str, str]
) -> None:
    """Four children of 7 instead of 16 in all; what is typed or what it would do may not change between the two."""
    facts = weights_sent(world, session)
    page = post(county, "/staff/weights/decide", facts).text
    (line,) = re.findall(r'<th scope="row">甲镇</th>(.*?)</tr>', page, re.DOTALL)
    cells = [" ".join(re.sub("<[^>]*>", "", c).split()) for c in re.findall(r"<td[^>]*>(.*?)</td>", line, re.DOTALL)]
    assert cells == ["4", "1", "16 → 28", "16.0 → 28.0", "1", "1"]
    assert 'value="阳民发2号"' in page
    mark = looked_at(county, facts)
    for changed in ({**mark, "disabled-high": "8"}, {**mark, "source": "阳民发3号"}):
        again = post(county, "/staff/weights/decide", changed)
        assert (again.status_code, "Look once more." in again.text) == (200, True)
    session.get_one(StaffMember, (world.county, staff[world.first.township])).left = True
    session.commit()
    again = post(county, "/staff/weights/decide", mark)
    assert (again.status_code, "Look once more." in again.text) == (200, True)
    assert [row.source for row in session.scalars(select(CategoryWeights))] == ["阳民发1号"]


def test_coming_weights_are_seen_by_townships_and_taken_back_by_the_county(
    county: FlaskClient, session: Session, world: World, log_in: LogIn
) -> None:
    facts = weights_sent(world, session)
    assert post(county, "/staff/weights/decide", looked_at(county, facts)).status_code == 303
    head = in_english(log_in(HEAD))
    for reader, buttons in ((county, 1), (head, 0)):
        page = reader.get("/staff/weights").text
        assert page.count("Decided by: 阳民发2号") == 1
        assert page.count("take-back") == buttons
    assert "county" in county.get("/staff/weights").text.split("Versions</h2>")[1].split("</table>")[0]
    row = session.scalars(select(CategoryWeights).where(CategoryWeights.source == "阳民发2号")).one()
    assert post(head, f"/staff/weights/versions/{row.id}/take-back").status_code == 403
    assert post(head, "/staff/weights/decide", facts).status_code == 403
    assert post(county, f"/staff/weights/versions/{row.id}/take-back").status_code == 303
    assert "阳民发2号" not in head.get("/staff/weights").text


def test_contract_and_worker_are_entered_and_changed(county: FlaskClient, session: Session, world: World) -> None:
    facts = {
        "number": "HT-9", "provider": "乙中心", "from_day": "2026-01-01", "to_day": "2026-12-31", "weekly_hours": "35",
        "workers": "1", "visits": "5", "activities": "0", "hours": "0",
    }  # fmt: skip
    assert post(county, "/staff/contracts/new", facts).status_code == 303
    same = post(county, "/staff/contracts/new", facts)
    assert (same.status_code, "Another contract has this number." in same.text) == (422, True)
    held = session.scalars(select(ServiceContract).where(ServiceContract.number == "HT-9")).one()
    assert held.weekly_minutes == 2100
    new = {"name": "新人", "contract_ids": [held.id], "skills": ["law"], "movable": "y", "home_lat": "35.5"}
    answer = post(county, "/staff/register/new", new)
    assert (answer.status_code, "Give both degrees of the home, or none." in answer.text) == (422, True)
    assert post(county, "/staff/register/new", new | {"home_lon": "112.4"}).status_code == 303
    made = session.scalars(select(StaffMember).where(StaffMember.name == "新人")).one()
    assert (made.skills, made.contracts, made.movable, made.township_id) == (["law"], [held], True, None)


def test_renewal_stands_beside_the_contract_in_force(
    county: FlaskClient, session: Session, world: World, staff: dict[str, str]
) -> None:
    """Entered before it begins; the worker is under contract all the while, and neither is entered twice."""
    member = session.get_one(StaffMember, (world.county, staff[world.first.township]))
    contract(session, world.county, number="HT-2", days=(201, 400))
    session.commit()
    both = [row.id for row in session.scalars(select(ServiceContract)) if row.number in {"HT-2", "HT-CANARY-ALPHA"}]
    for _time in range(2):
        facts = {"name": member.name, "contract_ids": both, "movable": "y"}
        assert post(county, f"/staff/register/{member.id}", facts).status_code == 303
    session.expire_all()
    assert [row.number for row in member.contracts] == ["HT-CANARY-ALPHA", "HT-2"]
    (line,) = re.findall(rf'register/{member.id}">.*?</tr>', county.get("/staff/register").text, re.DOTALL)
    assert [name in line for name in ("HT-CANARY-ALPHA", "HT-2", "none in force")] == [True, True, False]
    form = county.get(f"/staff/register/{member.id}").text
    boxes = re.findall(r'<input[^>]*name="contract_ids"[^>]*>', form)
    assert sorted(one.split('value="')[1].split('"')[0] for one in boxes if " checked" in one) == sorted(both)
    assert len(boxes) == 3
    wrong = post(county, f"/staff/register/{member.id}", {"name": "x", "contract_ids": ["nobodys"]})
    assert wrong.status_code == 422


def test_worker_leaves_by_the_countys_act_alone_and_the_station_is_told(
    county: FlaskClient, session: Session, world: World, staff: dict[str, str], log_in: LogIn
) -> None:
    place, member = world.first, session.get_one(StaffMember, (world.county, staff[world.first.township]))
    give(session, place, WORKER, visit=add_visit(session, place), starts_at=soon(days=12))
    person, held = (
        place.people[WORKER],
        {"name": member.name, "contract_ids": [row.id for row in member.contracts], "left": "y"},
    )
    session.commit()
    head = in_english(log_in(HEAD))
    answer = post(head, f"/people/{person}/deactivate")
    assert (answer.status_code, "by the county&#39;s act alone" in answer.text) == (403, True)
    assert "By deactivating them" in county.get("/staff/diversions").text

    assert post(county, f"/staff/register/{member.id}", held).status_code == 303
    session.expire_all()
    row, gone = (
        session.get_one(StaffMember, (world.county, member.id)),
        session.get_one(Person, (place.township, person)),
    )
    assert (row.left, row.township_id, gone.active, gone.dedicated) == (True, None, False, False)
    assert [duty.state for duty in session.scalars(select(Duty).where(Duty.person_id == person))] == [
        DutyState.CANCELLED
    ]
    assert session.scalars(select(Account.disabled).where(Account.person_id == person)).all() == [True]
    assert f"The county posts {gone.name}" in head.get("/inbox").text


def test_workers_whom_the_townships_keep_are_taken_in_together_or_let_go(
    session: Session, world: World, log_in: LogIn
) -> None:
    held, county = contract(session, world.county), in_english(log_in(OFFICER))
    session.commit()
    assert "2 workers are kept by the townships" in county.get("/staff/register").text
    wrong = world.second.people[WORKER]
    assert post(county, f"/staff/register/release/{wrong}").status_code == 303
    assert post(county, "/staff/register/take-in", {"contract_id": held}).status_code == 303
    session.expire_all()
    assert [row.person_id for row in session.scalars(select(StaffMember))] == [world.first.people[WORKER]]
    assert session.get_one(Person, (world.second.township, wrong)).dedicated is False


def test_time_is_told_by_service_and_contracts_by_what_they_bought(
    county: FlaskClient, session: Session, world: World
) -> None:
    """One visit of an hour that was recorded as done, one that was not; 20 weekdays of eight hours are owed."""
    done = add_visit(session, world.first, 0, done_ago=3)
    give(session, world.first, WORKER, visit=done, starts_at=soon(days=-3))
    give(session, world.first, WORKER, visit=add_visit(session, world.first, 1), starts_at=soon(days=-2))
    give(session, world.first, WORKER, visit=add_visit(session, world.first, 2), starts_at=soon(days=-4),
         state=DutyState.CANCELLED)  # fmt: skip
    session.commit()
    page = county.get("/staff/work").text
    (line,) = re.findall(r"<a[^>]*>social_worker CANARY-ALPHA</a></th>(.*?)</tr>", page, re.DOTALL)
    cells = [" ".join(re.sub("<[^>]*>", " ", c).split()) for c in re.findall(r"<td[^>]*>(.*?)</td>", line, re.DOTALL)]
    assert cells == ["甲镇", "160.0", "2.0", "0.0", "0", "1 %"]
    (line,) = re.findall(r"HT-CANARY-ALPHA</a>(.*?)</tr>", page, re.DOTALL)
    assert "1 / 10" in line
    assert "10 % of what is bought" in line


def test_diversion_by_entry_is_refused_logged_and_shown_to_the_county(
    county: FlaskClient, session: Session, world: World, log_in: LogIn
) -> None:
    head, worker = in_english(log_in(HEAD)), world.first.people[WORKER]
    answer = post(head, f"/people/{worker}/edit", {"name": "x", "kind": "social_worker"})
    assert answer.status_code == 403
    assert "is the county&#39;s to decide (notice 3.2)" in answer.text
    session.expire_all()
    assert session.get_one(Person, (world.first.township, worker)).dedicated is True
    page = county.get("/staff/diversions").text
    assert "social_worker CANARY-ALPHA" in page
    assert "By taking them off the purchased-service staff" in page
    assert "station_head-alpha CANARY-ALPHA" in page


def test_officer_is_told_of_an_attempt_and_the_start_page_counts_what_is_not_looked_at(
    county: FlaskClient, session: Session, world: World, log_in: LogIn
) -> None:
    head, worker = in_english(log_in(HEAD)), world.first.people[WORKER]
    assert "you have not looked at" not in county.get("/").text
    for _time in range(2):
        post(head, f"/people/{worker}/edit", {"name": "x", "kind": "social_worker"})
    assert "2 attempts to give purchased-service staff other work were refused" in county.get("/").text
    inbox = text_of(county.get("/inbox"))
    assert inbox.count("甲镇: a diversion was refused") == 1
    assert "social_worker CANARY-ALPHA would have got other work. By taking them off" in inbox
    mine = select(Message).join(Account, Account.id == Message.account_id).where(Account.username == "county")
    message = session.scalars(mine.where(Message.kind == MessageKind.DIVERSION_TRIED)).one()
    assert post(county, f"/inbox/{message.id}").location == "/staff/diversions"
    page = county.get("/staff/diversions")
    assert "2 attempts not looked at" in text_of(page)
    until = page.text.split('name="until" value="')[1].split('"')[0]
    assert post(county, "/staff/diversions/seen", {"until": until}).location == "/staff/diversions"
    assert "All looked at" in text_of(county.get("/staff/diversions"))
    assert "you have not looked at" not in county.get("/").text
    assert post(county, "/staff/diversions/seen", {"until": "nonsense"}).status_code == 400
    assert "a diversion was refused" not in head.get("/inbox").text


def test_diversion_by_hand_in_a_draft_is_refused_and_shown_to_the_county(
    county: FlaskClient, station: Session, session: Session, world: World, log_in: LogIn
) -> None:
    roster = begin(station, world, days=14)
    station.get_one(Activity, (world.first.township, world.first.activity)).service = Service.OTHER
    keep(station, world, roster, activity_task(station, world))
    revision = roster.revision
    station.commit()
    facts = {
        "revision": str(revision), "kind": "replace", "person": world.first.people[PersonKind.CHILD_DIRECTOR],
        "by": world.first.people[WORKER], "role": "lead", "anyway": "y",
    }  # fmt: skip
    head = in_english(log_in(HEAD))
    answer = post(head, f"/planner/{roster.id}/task/{world.first.activity}/change", facts)
    assert answer.status_code == 422
    (attempt,) = session.scalars(select(DiversionAttempt))
    assert (attempt.person_id, attempt.task_id, attempt.township_id) == (
        world.first.people[WORKER], world.first.activity, world.first.township,
    )  # fmt: skip
    assert "By a roster" in county.get("/staff/diversions").text
