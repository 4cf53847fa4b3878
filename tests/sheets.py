"""Workbooks as people send them: filled in by openpyxl, as a person would by hand."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from werkzeug.test import TestResponse

from tests.conftest import csrf_token, post


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook of rows; the first row of each sheet holds the headings."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    """A workbook's bytes."""
    held = BytesIO()
    book.save(held)
    return held.getvalue()


def opened(content: bytes) -> Workbook:
    """A workbook, with formulas as they are."""
    return load_workbook(BytesIO(content))


def send(client: FlaskClient, kind: str, content: bytes, name: str = "名单.xlsx") -> TestResponse:
    """Send a file by the form of its kind."""
    data = {f"{kind}-file": (BytesIO(content), name), f"{kind}-csrf_token": csrf_token(client)}
    return client.post(f"/sheets/{kind}", data={**data, "csrf_token": csrf_token(client)})


def take(client: FlaskClient, kind: str, content: bytes) -> TestResponse:
    """Send a file and take it in."""
    answer = send(client, kind, content)
    assert answer.status_code == 303, answer.text
    return post(client, f"{answer.headers['Location']}/take")


def look(client: FlaskClient, kind: str, content: bytes) -> str:
    """Send a file and see what it would do."""
    answer = send(client, kind, content)
    assert answer.status_code == 303, answer.text
    return str(client.get(answer.headers["Location"]).text)
