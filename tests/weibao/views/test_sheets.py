"""Excel in and out: a file is looked at, taken in whole or not at all, and the second time changes nothing."""

import re
from datetime import date, time, timedelta
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, DutyState, PersonKind, SheetKind, VettingResult
from tenants.models import (
    Activity,
    AuditEntry,
    AvailabilityException,
    Child,
    ChildCategoryPeriod,
    Duty,
    Home,
    Person,
    SheetUpload,
    Vetting,
    WeeklyAvailability,
    utc_now,
)
from tenants.queries.people import VettingState, vetting_state
from tenants.services import identities
from tests.conftest import LogIn, post
from tests.exchange import helper
from tests.pages import in_english, text_of
from tests.sheets import look, opened, saved, send, take, workbook
from tests.world import World, next_saturday

PEOPLE = ["姓名*", "岗位*", "电话"]
ID_NUMBER = "11010519491231002X"


def count(session: Session, model: type, township: str) -> int:
    return session.scalar(select(func.count(model.id)).where(model.township_id == township)) or 0


def test_a_template_has_chinese_headings_lists_and_an_example_that_does_not_count(log_in: LogIn, world: World) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    for kind in SheetKind:
        content = client.get(f"/sheets/{kind.value}/template.xlsx").data
        book = opened(content)
        sheet = book.worksheets[0]
        assert all(ord(str(cell.value)[0]) > 0x2000 for cell in sheet[1]), kind
        assert sheet.column_dimensions["A"].hidden
        assert any(cell.value for cell in sheet[2])
        rules = sheet.data_validations.dataValidation
        assert rules
        for rule in rules:
            title, area = rule.formula1.replace("$", "").split("!")
            assert all(cell.value for row in book[title][area] for cell in row), kind
        assert "There is no row to take in" in look(client, kind.value, content)


def test_what_goes_out_comes_in_and_changes_nothing(log_in: LogIn, world: World, session: Session) -> None:
    uncategorised = world.first.children[0]  # its file is open still
    for home in session.scalars(select(Home)):
        home.opening_hours = "周六 9:00–17:00"
    for period in session.scalars(select(ChildCategoryPeriod).where(ChildCategoryPeriod.child_id == uncategorised)):
        period.to_day = date.today() - timedelta(days=1)  # noqa: DTZ011 -- long ago in any zone
    session.commit()
    client = log_in(AccountRole.STATION_HEAD)
    for kind in SheetKind:
        content = client.get(f"/sheets/{kind.value}/present.xlsx").data
        sheet = opened(content).worksheets[0]
        assert sheet.max_row > 1
        page = look(client, kind.value, content)
        assert "Nothing changes." in page, page
        assert world.first.canary in str([cell.value for row in sheet for cell in row])
        assert world.second.canary not in page + str([cell.value for row in sheet for cell in row])


def test_the_look_tells_each_row_that_is_new_and_each_cell_that_changes(log_in: LogIn) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    take(client, "people", workbook({"人员": [PEOPLE, ["王小梅", "志愿者", "13800000001"]]}))
    book = opened(client.get("/sheets/people/present.xlsx").data)
    sheet = book["人员"]
    phone = next(cell.column for cell in sheet[1] if str(cell.value).startswith("电话"))
    row = next(row for row in sheet.iter_rows(min_row=2) if "王小梅" in [cell.value for cell in row])
    sheet.cell(row[0].row, phone).value = "13800000009"
    page = look(client, "people", saved(book))
    assert "<del>13800000001</del>" in page
    assert "<ins>13800000009</ins>" in page
    assert page.count("<ins>") == 1
    added = look(client, "people", workbook({"人员": [PEOPLE, ["李大山", "志愿者", "13800000002"]]}))
    assert ["<ins>李大山</ins>" in added, "<del>" in added] == [True, False]


def test_people_come_in_once(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    before = count(session, Person, world.first.township)
    content = workbook({"人员": [PEOPLE, ["王小梅", "志愿者", 13800000001], ["李大山", "志愿者", "13800000002"]]})
    page = look(client, "people", content)
    assert count(session, Person, world.first.township) == before
    assert ">2<" in page.split("Rows to add")[1][:120]
    assert take(client, "people", content).headers["Location"] == "/sheets"
    assert count(session, Person, world.first.township) == before + 2
    assert session.scalars(select(Person.phone).where(Person.name == "王小梅")).one() == "13800000001"
    assert "Nothing changes." in look(client, "people", content)
    take(client, "people", content)
    assert count(session, Person, world.first.township) == before + 2


def test_one_wrong_cell_and_nothing_comes_in(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    before = count(session, Person, world.first.township)
    rows = [
        PEOPLE,
        ["王小梅", "志愿者", "1"],
        ["李大山", "飞行员", "2"],
        ["=1+1", "志愿者", "3"],
        [None, "志愿者", "4"],
    ]
    answer = send(client, "people", workbook({"人员": rows}))
    page = client.get(answer.headers["Location"]).text
    for address in ("B3", "A4", "A5"):
        assert f">{address}</th>" in page
    assert "飞行员" in page
    assert "Choose one from the list: 志愿者" in page
    assert "A formula stands here" in page
    refused = post(client, f"{answer.headers['Location']}/take")
    assert refused.status_code == 422
    assert count(session, Person, world.first.township) == before
    marked = load_workbook(BytesIO(client.get(f"{answer.headers['Location']}/marked.xlsx").data))["人员"]
    assert marked["C3"].value == "飞行员"
    assert "志愿者" in marked["C3"].comment.text
    assert marked["B2"].comment is None


def test_a_rule_of_the_services_is_told_at_its_cell_with_its_law(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    headings = [*PEOPLE, "购买服务人员", "查询日期", "有效期至"]
    rows = [
        headings,
        ["甲", "志愿者", "1", "是"],
        ["乙", "志愿者", "2", None, date(2020, 1, 1), date(2024, 1, 1)],
        ["丙", "志愿者", "3", None, date(2020, 1, 1), None],
        ["丙", "志愿者", "3"],
    ]
    page = look(client, "people", workbook({"x": rows}))
    assert ">D2</th>" in page
    assert "notice 3.2" in page
    assert ">F3</th>" in page
    assert "Law on the Protection of Minors, art. 62" in page
    assert ">F4</th>" in page
    assert ">A5</th>" in page
    assert count(session, Person, world.first.township) == len(world.first.people)


def test_nobody_becomes_assignable_without_a_valid_check(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    today = utc_now().date()
    barred = session.get_one(Person, (world.first.township, world.first.people[PersonKind.VOLUNTEER]))
    barred.vettings.append(
        Vetting(township_id=barred.township_id, checked_on=today, valid_through=today, result=VettingResult.BARRED)
    )
    gone = session.get_one(Person, (world.first.township, world.first.people[PersonKind.STATION_STAFF]))
    gone.active = False
    headings = [*PEOPLE, "查询日期", "有效期至"]
    check = [today - timedelta(days=1), today + timedelta(days=300)]
    rows = [
        headings,
        ["没有查询", "志愿者", "1", None, None],
        ["已经过期", "志愿者", "2", today - timedelta(days=400), today - timedelta(days=100)],
        ["查询有效", "志愿者", "3", *check],
        [barred.name, "志愿者", "", *check],
        [gone.name, "工作站人员", "", *check],
    ]
    assert take(client, "people", workbook({"人员": rows})).status_code == 303
    found = {p.name: vetting_state(p, today) for p in session.scalars(select(Person).where(Person.active))}
    assert found["没有查询"] is VettingState.MISSING
    assert found["已经过期"] is VettingState.EXPIRED
    assert found["查询有效"] is VettingState.VALID
    assert found[barred.name] is VettingState.BARRED
    assert gone.name not in found


def test_weeks_are_replaced_and_exceptions_added_once(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    person = session.get_one(Person, (world.first.township, world.first.people[PersonKind.VOLUNTEER]))
    others = count(session, WeeklyAvailability, world.first.township) - len(person.weekly)
    day = utc_now().date() + timedelta(days=9)
    content = workbook(
        {
            "每周": [["姓名*", "星期*", "从*", "到*"], [person.name, "星期六", "9:00", "24:00"],
                   [person.name, "星期日", "14：00", "16:30"]],
            "临时变动": [["姓名*", "类型*", "开始日期*", "结束日期", "备注"], [person.name, "不在", day, None, "外出"]],
        }
    )  # fmt: skip
    assert take(client, "availability", content).status_code == 303
    assert [(r.weekday, r.from_minute, r.to_minute) for r in person.weekly] == [(5, 540, 1440), (6, 840, 990)]
    assert count(session, WeeklyAvailability, world.first.township) == others + 2
    (away,) = session.scalars(select(AvailabilityException))
    assert (away.person_id, away.from_day, away.to_day, away.to_minute) == (person.id, day, day, 1440)
    assert "Nothing changes." in look(client, "availability", content)
    rows = [
        [who, "星期六", start, "12:30"]
        for who, start in ((person.name, "9:00"), (person.name, "11:00"), ("无人", "9:00"))
    ]
    page = look(client, "availability", workbook({"每周": [["姓名*", "星期*", "从*", "到*"], *rows]}))
    assert ">C3</th>" in page
    assert ">A4</th>" in page


def present_title(session: Session, world: World) -> str:
    return session.get_one(Activity, (world.first.township, world.first.activity)).title


def moved_into_the_evening(client: FlaskClient) -> bytes:
    """The township's activities as they go out, the first of them from 19:15 on."""
    book = opened(client.get("/sheets/activities/present.xlsx").data)
    sheet = book.worksheets[0]
    headings = [str(cell.value).rstrip("*") for cell in sheet[1]]
    for word, value in (("从", time(19, 15)), ("到", time(20, 45))):
        sheet.cell(row=2, column=headings.index(word) + 1).value = value
    return saved(book)


def test_a_file_that_moves_an_activity_names_who_cannot_come_and_takes_nothing_in_that_was_not_shown(
    log_in: LogIn, world: World, session: Session
) -> None:
    helper(session, world)
    staff = world.first.people[PersonKind.STATION_STAFF]
    for row in session.get_one(Person, (world.first.township, staff)).weekly:
        row.to_minute = 1380  # the others are free until 20:00 alone
    helper(session, world, staff)
    client = in_english(log_in(AccountRole.STATION_STAFF))
    sent = send(client, "activities", moved_into_the_evening(client)).headers["Location"]
    preview = client.get(sent)
    text = text_of(preview)
    assert "Who holds what it moves" in text
    assert "19:15" in text
    assert f"{present_title(session, world)} Changed" in text  # the row is known by its title
    assert "station_staff CANARY-ALPHA volunteer CANARY-ALPHA" in text  # who keeps the place, whose falls open
    states = select(Duty.state).where(Duty.activity_id == world.first.activity).order_by(Duty.state)

    unseen = post(client, f"{sent}/take", {"seen": ""})
    assert unseen.status_code == 422
    assert "Meanwhile more people cannot come." in unseen.text
    assert session.scalars(states).all() == [DutyState.CONFIRMED, DutyState.CONFIRMED]

    (seen,) = re.findall(r'name="seen" value="(\w+)"', preview.text)
    assert post(client, f"{sent}/take", {"seen": seen}).status_code == 303
    assert sorted(session.scalars(states)) == [DutyState.CANCELLED, DutyState.CONFIRMED]
    told = text_of(client.get("/sheets"))
    assert "2 people are told." in told
    assert "1 place has fallen open" in told


def test_homes_and_activities_come_in_once(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    home = session.get_one(Home, (world.first.township, world.first.homes[1]))
    hours = workbook({"儿童之家": [["村（社区）", "开放时间"], [home.village.name, "周日 9:00–11:00"]]})
    page = look(client, "homes", hours)
    assert take(client, "homes", hours).status_code == 303, page
    session.refresh(home)
    assert home.opening_hours == "周日 9:00–11:00"
    before = count(session, Activity, world.first.township)
    headings = ["儿童之家", "活动名称", "日期", "从", "到", "类型"]
    content = workbook({"活动": [headings, [home.name, "防溺水", next_saturday(), "9:30", "11:00", "安全教育"]]})
    page = look(client, "activities", content)
    assert take(client, "activities", content).status_code == 303, page
    made = session.scalars(select(Activity).where(Activity.title == "防溺水")).one()
    assert [(role.role, role.minimum, role.maximum) for role in made.roles] == [("lead", 1, 1), ("helper", 1, 3)]
    assert "Nothing changes." in look(client, "activities", content)
    assert count(session, Activity, world.first.township) == before + 1


LEDGER = [
    "档案编号",
    "化名",
    "村（社区）",
    "出生年份",
    "类别",
    "风险等级",
    "起始日期",
    "儿童姓名",
    "身份证号码",
    "监护人电话",
]


def ledger(session: Session, world: World, **changes: object) -> bytes:
    village = session.get_one(Home, (world.first.township, world.first.homes[0])).village.name
    facts = ["NEW-1", "小禾", village, 2016, "留守儿童", "高风险", date(2026, 1, 5), "张三丰", ID_NUMBER, 13811112222]
    row = dict(zip(LEDGER, facts, strict=True))
    return workbook({"儿童台账": [LEDGER, list({**row, **changes}.values())]})


def test_the_ledger_seals_identity_and_never_shows_it(
    app: Flask, log_in: LogIn, world: World, session: Session
) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    content = ledger(session, world)
    page = look(client, "children", content)
    assert "张三丰" not in page
    assert ID_NUMBER not in page
    assert page.count("••••") >= 2
    with app.app_context():
        kept = session.execute(select(SheetUpload.sealed)).scalars().one()
    assert "张三丰".encode() not in kept
    assert take(client, "children", content).status_code == 303, page
    child = session.scalars(select(Child).where(Child.case_code == "NEW-1")).one()
    assert child.name_sealed is not None
    assert "张三丰".encode() not in child.name_sealed
    keyring = app.config["WEIBAO"].keyring
    assert identities.shown(keyring, child)["guardian_phone"] == "13811112222"
    assert "Nothing changes." in look(client, "children", content)
    by_number = ledger(session, world, 档案编号=None)
    assert "Nothing changes." in look(client, "children", by_number)
    out = opened(client.get("/sheets/children/present.xlsx").data)["儿童台账"]
    assert "张三丰" not in [cell.value for row in out for cell in row]
    actions = set(session.scalars(select(AuditEntry.action)))
    assert {
        "sheet.upload",
        "sheet.preview",
        "sheet.import",
        "sheet.export",
        "child.create",
        "child.identity_kept",
    } <= actions
    assert "张三丰" not in str([row.details for row in session.scalars(select(AuditEntry))])


def test_wrong_identity_is_told_without_being_shown(log_in: LogIn, world: World, session: Session) -> None:
    page = look(log_in(AccountRole.STATION_STAFF), "children", ledger(session, world, 身份证号码="110105194912310021"))
    assert ">I2</th>" in page
    assert "Personal Information Protection Law" in page
    assert "110105194912310021" not in page
    rounded = look(log_in(AccountRole.STATION_STAFF), "children", ledger(session, world, 身份证号码=110105194912310021))
    assert "Excel has rounded this number" in rounded


def test_an_older_assessment_does_not_win(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    assert take(client, "children", ledger(session, world)).status_code == 303
    page = look(client, "children", ledger(session, world, 风险等级="低风险", 起始日期=date(2025, 12, 1)))
    assert "A later assessment stands" in page
    later = ledger(session, world, 风险等级="低风险", 起始日期=date(2026, 2, 1))
    assert take(client, "children", later).status_code == 303
    assert "Nothing changes." in look(client, "children", later)


def test_files_that_wait_expire_and_are_the_townships_own(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    where = send(client, "people", workbook({"人员": [PEOPLE, ["王小梅", "志愿者", "1"]]})).headers["Location"]
    assert "名单.xlsx" in client.get("/sheets").text
    assert log_in(world.second.usernames[AccountRole.STATION_STAFF]).get(where).status_code == 404
    session.scalars(select(SheetUpload)).one().expires_at = utc_now() - timedelta(minutes=1)
    assert client.get(where).status_code == 404
    send(client, "people", workbook({"人员": [PEOPLE, ["王小梅", "志愿者", "1"]]}))
    assert len(session.scalars(select(SheetUpload)).all()) == 1


def test_a_file_is_dropped_unused(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    where = send(client, "people", workbook({"人员": [PEOPLE, ["王小梅", "志愿者", "1"]]})).headers["Location"]
    assert post(client, f"{where}/discard").status_code == 303
    assert session.scalars(select(SheetUpload)).all() == []
    assert client.get(where).status_code == 404


def test_a_refused_file_says_why_beside_its_field(log_in: LogIn, world: World) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    answer = send(client, "people", b"not a workbook")
    assert answer.status_code == 422
    assert "This is not an Excel workbook" in answer.text
    assert send(client, "nothing", b"x").status_code == 404


def test_no_text_goes_out_as_a_formula(log_in: LogIn, world: World, session: Session) -> None:
    person = session.get_one(Person, (world.first.township, world.first.people[PersonKind.VOLUNTEER]))
    for evil in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1"):
        person.name = evil
        sheet = opened(log_in(AccountRole.STATION_HEAD).get("/sheets/people/present.xlsx").data)["人员"]
        cells = [cell for row in sheet for cell in row if str(cell.value).strip() == evil.strip()]
        assert [cell.data_type for cell in cells] == ["s"], evil
        assert cells[0].quotePrefix, evil


def test_a_copied_row_is_told_and_a_renamed_one_found(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.STATION_HEAD)
    book = opened(client.get("/sheets/people/present.xlsx").data)
    sheet = book["人员"]
    sheet["B2"] = "改过的名字"
    before = count(session, Person, world.first.township)
    assert take(client, "people", saved(book)).status_code == 303
    assert count(session, Person, world.first.township) == before
    assert session.scalars(select(Person).where(Person.name == "改过的名字")).one()
    sheet.append([cell.value for cell in sheet[2]])
    assert "Another row of this file" in look(client, "people", saved(book))


def test_the_file_itself_is_nowhere_in_clear(log_in: LogIn, world: World, session: Session, database_url: str) -> None:
    send(log_in(AccountRole.STATION_STAFF), "children", ledger(session, world, 儿童姓名="CANARY-CHILD-NAME"))
    for row in session.execute(text("select * from sheet_upload")):
        assert "CANARY-CHILD-NAME" not in str(tuple(row))
        assert b"CANARY-CHILD-NAME" not in b"".join(bytes(v) for v in row if isinstance(v, bytes | memoryview))
