"""Every fact that the log keeps is told in words; ``tests/conftest.py`` watches what all tests have it keep."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tenants.services import audit_log
from tests.conftest import UnwordedError
from tests.world import World
from weibao.audit_details import KEYS, Detail, told, without_words

ID = "a2" * 13


@pytest.mark.parametrize(
    "facts",
    [
        {"purpose": "report"},
        {"purposes": ["file", "pictures"]},
        {"kind": "volunteer", "page": 2, "closed": False},
        {"role": "飞行员"},
        {"child": ID, "freed": [ID, ID], "draft": None},
        {"holiday": "winter/2027-01-16", "since": "2027-01-16", "table": "687b4f0d5eeadd95", "year": 2027},
        {"undone": "roster.move", "opening": ID},
    ],
)
def test_what_has_words_is_found_to_have_them(facts: dict[str, object]) -> None:
    assert without_words(facts) == []


@pytest.mark.parametrize(
    ("facts", "lacking"),
    [
        ({"ghost": 1}, ["ghost"]),
        ({"purpose": "fun"}, ["purpose: fun"]),
        ({"purposes": ["file", "fun"]}, ["purposes: fun"]),
        ({"holiday": "easter/2027-01-16"}, ["holiday: easter/2027-01-16"]),
        ({"undone": "roster.walk"}, ["undone: roster.walk"]),
    ],
)
def test_a_key_or_a_code_without_words_is_found(facts: dict[str, object], lacking: list[str]) -> None:
    assert without_words(facts) == lacking


def test_a_line_that_a_page_would_show_in_code_fails_the_test_that_writes_it(session: Session, world: World) -> None:
    with pytest.raises(UnwordedError, match=r"child\.read: ghost"):
        audit_log.record(session, world.head, "child.read", "child", details={"ghost": 1})
    session.rollback()


def test_facts_are_told_in_the_readers_language_with_ids_to_search_for(app: Flask) -> None:
    facts = {"purpose": "report", "waiting": True, "child": ID, "people": [ID, ID], "draft": None, "opening": ID}
    with app.test_request_context(headers={"Cookie": "language=en"}):
        assert list(told(facts, {ID: "a worry"}, "gone")) == [
            Detail(word="purpose", text="Mandatory report"),
            Detail(word="on the waiting list", text="yes"),
            Detail(word="child's file", ids=(ID,)),
            Detail(word="people", ids=(ID, ID)),
            Detail(word="draft", text="–"),
            Detail(word="reason", text="a worry"),
        ]
        assert [one.text for one in told({"opening": ID}, {}, "gone")] == ["gone"]
    with app.test_request_context(headers={"Cookie": "language=zh"}):
        chinese = [f"{one.word}{one.text}" for one in told(facts, {}, "")]
        assert [text for text in chinese if text.isascii()] == []


def test_a_key_of_an_older_version_is_shown_as_it_stands(app: Flask) -> None:
    with app.test_request_context():
        assert list(told({"ghost": "x"}, {}, "")) == [Detail(word="ghost", text="x")]


def test_no_key_is_told_in_english_to_a_chinese_reader(app: Flask) -> None:
    with app.test_request_context(headers={"Cookie": "language=zh"}):
        words = [str(word) for key in KEYS.values() for word in (key.word, *key.values.values())]
    assert [word for word in words if word.isascii()] == []
