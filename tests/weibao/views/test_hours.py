"""Hours of service: recorded, corrected with a reason, approved, certified, verified by anybody."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.parse import unquote
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, PersonKind
from tenants.models import Attendance, AuditEntry, Certificate, Duty, Person
from tests import chromium
from tests.conftest import LogIn, post
from tests.drafts import CHINA
from tests.duties import HOUR, add_visit, give
from tests.pages import in_english
from tests.world import World

VOLUNTEER, DIRECTOR = PersonKind.VOLUNTEER, PersonKind.CHILD_DIRECTOR
HEAD, STAFF = AccountRole.STATION_HEAD, AccountRole.STATION_STAFF


@pytest.fixture
def volunteer(log_in: LogIn) -> FlaskClient:
    return in_english(log_in(AccountRole.VOLUNTEER))


@pytest.fixture
def head(log_in: LogIn) -> FlaskClient:
    return in_english(log_in(HEAD))


def served(session: Session, world: World, minutes: int | None, *, hours_ago: int = 3, child: int = 0) -> str:
    """A past visit of an hour by the volunteer; ``minutes`` None: nothing is recorded."""
    start = datetime.now(UTC) - hours_ago * HOUR
    duty = give(session, world.first, VOLUNTEER, visit=add_visit(session, world.first, child), starts_at=start,
                role="companion")  # fmt: skip
    if minutes is not None:
        session.add(Attendance(township_id=world.first.township, duty_id=duty, arrived_at=start, minutes=minutes))
    session.commit()
    return duty


def recorded(session: Session, duty: str) -> Attendance:
    session.expire_all()
    return session.scalars(select(Attendance).where(Attendance.duty_id == duty)).one()


def test_the_station_corrects_with_a_reason_and_approves(
    session: Session, world: World, volunteer: FlaskClient, head: FlaskClient
) -> None:
    duty = served(session, world, 50)
    assert post(head, f"/hours/duties/{duty}", {"minutes": "60", "reason": ""}).status_code == 422
    assert post(head, f"/hours/duties/{duty}", {"minutes": "121", "reason": "x"}).status_code == 422
    post(head, f"/hours/duties/{duty}", {"minutes": "90", "reason": "forgot to check out"})
    assert "By hand: forgot to check out" in volunteer.get("/hours").text
    post(head, "/hours/station", {"duty": [duty]})
    row = recorded(session, duty)
    assert (row.minutes, row.approved_at is not None) == (90, True)
    assert "1 duty, 1 h 30 min." in volunteer.get("/inbox").text
    (line,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "hours.record"))
    assert line.details == {"before": 50, "minutes": 90}


def test_the_lead_records_the_team_and_nobody_else_does(
    session: Session, world: World, volunteer: FlaskClient, log_in: LogIn
) -> None:
    duty = served(session, world, None)
    held = session.get_one(Duty, (world.first.township, duty))
    give(session, world.first, DIRECTOR, visit=held.visit_id, starts_at=held.starts_at)
    director = log_in(AccountRole.CHILD_DIRECTOR)
    for client in (volunteer, log_in(AccountRole.SOCIAL_WORKER)):
        assert post(client, f"/hours/duties/{duty}", {"minutes": "60", "reason": "x"}).status_code == 404
    post(director, f"/hours/duties/{duty}", {"minutes": "55", "reason": "no signal in the village"})
    assert recorded(session, duty).minutes == 55


def test_what_is_approved_the_station_corrects_with_a_reason_and_approves_anew(
    session: Session, world: World, volunteer: FlaskClient, head: FlaskClient
) -> None:
    paper = certified(session, world, volunteer, head)
    duty = session.scalars(select(Attendance.duty_id).where(Attendance.approved_at.is_not(None))).one()
    assert "Correct it all the same" in head.get(f"/hours/duties/{duty}").text
    assert post(head, f"/hours/duties/{duty}", {"minutes": "60", "reason": ""}).status_code == 422
    post(head, f"/hours/duties/{duty}", {"minutes": "60", "reason": "left at ten"})
    row = recorded(session, duty)
    assert (row.minutes, row.reason, row.approved_at, row.approved_by) == (60, "left at ten", None, None)
    (line,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "hours.reopen"))
    assert (line.subject_id, line.details) == (duty, {"before": 90, "minutes": 60})
    assert "left at ten" in head.get("/hours/station").text
    kept = session.get_one(Certificate, (paper.township_id, paper.id))
    assert (kept.number, kept.minutes, [item["minutes"] for item in kept.items]) == (paper.number, 90, [90])
    assert "1 h 30 min" in volunteer.get(f"/certificates/{paper.id}").text
    post(head, "/hours/station", {"duty": [duty]})
    assert "1 hour approved this year." in volunteer.get("/hours").text


def test_the_lead_does_not_change_what_is_approved_and_is_told_why(
    session: Session, world: World, head: FlaskClient, log_in: LogIn
) -> None:
    duty = served(session, world, 50)
    held = session.get_one(Duty, (world.first.township, duty))
    give(session, world.first, DIRECTOR, visit=held.visit_id, starts_at=held.starts_at)
    post(head, "/hours/station", {"duty": [duty]})
    answer = post(log_in(AccountRole.CHILD_DIRECTOR), f"/hours/duties/{duty}", {"minutes": "60", "reason": "x"})
    assert answer.status_code == 422
    assert "These hours are approved already." in answer.text
    assert recorded(session, duty).minutes == 50


def test_lines_and_total_agree_on_the_certificate_the_pdf_and_my_hours(
    session: Session, world: World, volunteer: FlaskClient, head: FlaskClient
) -> None:
    duties = [served(session, world, 100), served(session, world, 70, hours_ago=6, child=1)]
    post(head, "/hours/station", {"duty": duties})
    day = datetime.now(UTC).astimezone(CHINA).date()
    period: dict[str, object] = {"from_day": str(day - timedelta(days=30)), "to_day": str(day)}
    post(volunteer, "/hours/certificates", period)
    paper = session.scalars(select(Certificate.id)).one()
    post(head, f"/certificates/{paper}/issue", {"head": "a", "handler": "b", "phone": ""})
    _reader, printed = read(volunteer.get(f"/certificates/{paper}.pdf").data)
    pages = [volunteer.get(f"/certificates/{paper}").text, volunteer.get("/hours").text]
    for page in [re.sub(r"\s", "", text) for text in (*pages, printed)]:
        for time in ("1h40min", "1h10min", "2h50min"):
            assert time in page


def test_a_duty_to_come_has_no_hours(session: Session, world: World, head: FlaskClient) -> None:
    duty = give(session, world.first, VOLUNTEER, visit=add_visit(session, world.first))
    assert post(head, f"/hours/duties/{duty}", {"minutes": "5", "reason": "x"}).status_code == 422


def certified(session: Session, world: World, volunteer: FlaskClient, head: FlaskClient) -> Certificate:
    """A certificate of 1.5 approved hours; half an hour more waits."""
    duties = [served(session, world, 90), served(session, world, 30, hours_ago=6, child=1)]
    post(head, "/hours/station", {"duty": [duties[0]]})
    day = datetime.now(UTC).astimezone(CHINA).date()
    first = day - timedelta(days=30)
    answer = post(volunteer, "/hours/certificates", {"from_day": first.isoformat(), "to_day": day.isoformat()})
    assert answer.status_code == 303
    paper = session.scalars(select(Certificate)).one()
    assert post(head, f"/certificates/{paper.id}/issue", {"head": "", "handler": "x"}).status_code == 422
    facts: dict[str, object] = {"head": "王站长", "handler": "李经办", "phone": "0356-7654321"}
    assert post(head, f"/certificates/{paper.id}/issue", facts).status_code == 303
    session.expire_all()
    return paper


def test_a_certificate_names_what_the_measures_ask_for_and_no_child(
    session: Session, world: World, volunteer: FlaskClient, head: FlaskClient, log_in: LogIn
) -> None:
    paper = certified(session, world, volunteer, head)
    year = datetime.now(UTC).astimezone(CHINA).year
    assert (paper.number, paper.minutes, len(paper.code or "")) == (f"{year}-0001", 90, 16)
    page = volunteer.get(f"/certificates/{paper.id}").text
    for fact in ("volunteer CANARY-ALPHA", "Identity document", "1 h 30 min", "Home visit", "王站长", "李经办",
                 "0356-7654321", f"{year}-0001", "(seal)"):  # fmt: skip
        assert fact in page
    assert not re.search(r"C-00\d|PSEUDONYM", page)
    assert "<svg" in page.split("<figure")[1]
    assert log_in(AccountRole.SOCIAL_WORKER).get(f"/certificates/{paper.id}").status_code == 404
    assert post(head, f"/certificates/{paper.id}/issue", {"head": "a", "handler": "b"}).status_code == 422


def read(content: bytes) -> tuple[PdfReader, str]:
    """A PDF as another program reads it, and its text without spaces.

    pypdf leaves a NUL before each character where a font numbers its own glyphs, as ours does; other readers do not.
    """
    reader = PdfReader(BytesIO(content))
    return reader, re.sub(r"[\s\0]", "", "".join(page.extract_text() for page in reader.pages))


def embedded(reader: PdfReader) -> list[bool]:
    """Whether each font on a page brings its outlines along."""
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    described = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]
    return ["/FontFile2" in one or "/FontFile3" in one for one in described]


def test_a_certificate_is_handed_out_as_a_pdf_with_its_font_embedded(
    app: Flask, session: Session, world: World, volunteer: FlaskClient, head: FlaskClient, log_in: LogIn
) -> None:
    session.get_one(Person, (world.first.township, world.first.people[VOLUNTEER])).name = "欧阳䶮𬭎"
    paper = certified(session, world, volunteer, head)
    volunteer.set_cookie("language", "zh")
    cookies = "; ".join(f"{name}={volunteer.get_cookie(name).value}" for name in ("weibao", "language"))
    with chromium.served(app) as address:  # a real server: a header with a Chinese name fails there alone
        asked = Request(f"{address}/certificates/{paper.id}.pdf", headers={"Cookie": cookies})
        with urlopen(asked) as answer:
            content, headers = answer.read(), answer.headers
    assert headers["Content-Type"] == "application/pdf"
    named = unquote(headers["Content-Disposition"].split("filename*=UTF-8''")[1])
    assert named == f"志愿服务记录证明 {paper.number} 欧阳䶮𬭎.pdf"
    reader, text = read(content)
    code = paper.code or ""
    grouped = "-".join(code[n : n + 4] for n in range(0, 16, 4))
    for fact in ("欧阳䶮𬭎", "王站长", "李经办", "0356-7654321", paper.number, "1小时30分钟", grouped, "甲镇", "盖章",
                 f"/verify?code={code}"):  # fmt: skip
        assert fact in text, fact
    assert not re.search(r"C-00\d|PSEUDONYM", text)
    assert (reader.metadata.title, reader.root_object["/Lang"]) == (f"志愿服务记录证明 编号 {paper.number}", "zh-Hans")
    assert len(reader.pages) == 1
    assert embedded(reader) == [True]
    assert len(content) < 60_000
    assert head.get(f"/certificates/{paper.id}.pdf").status_code == 200
    assert log_in(AccountRole.SOCIAL_WORKER).get(f"/certificates/{paper.id}.pdf").status_code == 404


def test_a_long_certificate_goes_on_and_a_sign_without_outline_is_refused_in_words(
    session: Session, world: World, volunteer: FlaskClient, head: FlaskClient
) -> None:
    paper = certified(session, world, volunteer, head)
    (item,) = paper.items
    session.get_one(Certificate, (paper.township_id, paper.id)).items = [item] * 60
    session.commit()
    reader, text = read(volunteer.get(f"/certificates/{paper.id}.pdf").data)
    assert len(reader.pages) == 3
    assert text.count("DayWhatPlaceServicehours") == 3
    assert text.count("Homevisit") == 60
    session.get_one(Person, (world.first.township, world.first.people[VOLUNTEER])).name = "王🙂"
    session.commit()
    answer = volunteer.get(f"/certificates/{paper.id}.pdf")
    assert answer.status_code == 422
    assert "print the page instead" in answer.text


def test_anybody_verifies_a_certificate_and_learns_no_name(
    app: Flask, session: Session, world: World, volunteer: FlaskClient, head: FlaskClient
) -> None:
    paper = certified(session, world, volunteer, head)
    visitor, code = in_english(app.test_client()), paper.code or ""
    typed = "-".join(code[n : n + 4] for n in range(0, 16, 4)).lower()
    for asked in (code, typed):
        page = visitor.get(f"/verify?code={asked}").text
        assert "Genuine" in page
        assert paper.number in page
        assert not re.search("volunteer CANARY|王站长|Home visit", page)
    assert "No such certificate" in visitor.get("/verify?code=ABCD").text
    assert "No such certificate" not in visitor.get("/verify").text
    post(head, f"/certificates/{paper.id}/withdraw")
    assert "later withdrawn" in visitor.get(f"/verify?code={code}").text


def test_without_approved_hours_nothing_is_certified(
    session: Session, world: World, volunteer: FlaskClient, head: FlaskClient
) -> None:
    served(session, world, 60)
    today = datetime.now(UTC).astimezone(CHINA).date()
    facts: dict[str, object] = {"from_day": today.isoformat(), "to_day": (today - timedelta(days=1)).isoformat()}
    assert post(volunteer, "/hours/certificates", facts).status_code == 422
    post(volunteer, "/hours/certificates", {**facts, "to_day": today.isoformat()})
    assert post(volunteer, "/hours/certificates", {**facts, "to_day": today.isoformat()}).status_code == 422
    paper = session.scalars(select(Certificate)).one()
    answer = post(head, f"/certificates/{paper.id}/issue", {"head": "a", "handler": "b"})
    assert answer.status_code == 422
    assert "No hours are approved in this period" in answer.text


def test_the_station_sees_who_has_served_how_much(session: Session, world: World, head: FlaskClient) -> None:
    duties = [served(session, world, 90), served(session, world, 30, hours_ago=6, child=1)]
    assert "Nothing is approved yet." in head.get("/hours/station").text
    post(head, "/hours/station", {"duty": duties})
    page = head.get("/hours/station").text
    assert "2 hours in all" in page
    assert "Mark what you approve." in post(head, "/hours/station", follow_redirects=True).text
