"""Files are handed out under names that every server can write into a header."""

from flask import Flask
from werkzeug.http import parse_options_header

from tenants.enums import AccountRole
from tests.conftest import LogIn
from tests.world import World
from weibao.views.downloads import download


def test_a_chinese_name_goes_beside_a_plain_one(app: Flask) -> None:
    with app.test_request_context():
        header = download(b"", "人员 “甲”.xlsx").headers["Content-Disposition"]
    assert header.encode("latin-1")
    assert 'filename="weibao.xlsx"' in header
    assert parse_options_header(header) == ("attachment", {"filename": "人员 “甲”.xlsx"})


def test_no_name_breaks_out_of_its_header(app: Flask) -> None:
    with app.test_request_context():
        header = download(b"", 'a"\r\nX: y.xlsx').headers["Content-Disposition"]
    assert header == "attachment; filename=\"weibao.xlsx\"; filename*=UTF-8''a%22%0D%0AX%3A%20y.xlsx"


def test_headers_of_every_file_are_latin_in_chinese(log_in: LogIn, world: World) -> None:
    staff = log_in(AccountRole.STATION_STAFF)
    staff.set_cookie("language", "zh")
    for path in ("/sheets/people/template.xlsx", "/sheets/people/present.xlsx"):
        answer = staff.get(path)
        assert answer.status_code == 200
        assert [value.encode("latin-1") for _name, value in answer.headers]
