"""Every action that the log knows is told in words."""

import ast
import re
from pathlib import Path

from weibao.audit_words import ACTS, SUBJECTS, said
from weibao.planning.changes import ChangeKind

ROOT = Path(__file__).resolve().parents[2]
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
RECORDED_BY_PAGES = {"account.recover", "sheet.export", "roster.put_in", "roster.swap", "roster.fix", "child.list"}
NO_ACTIONS = {"common_passwords.txt"}


def actions() -> set[str]:
    """Every text of the services that reads like an action, and the changes that a planner makes by hand."""
    found = RECORDED_BY_PAGES | {f"roster.{kind.value}" for kind in ChangeKind}
    for path in (ROOT / "tenants" / "services").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and ACTION.fullmatch(node.value):
                found.add(node.value)
    return found - NO_ACTIONS


def test_every_recorded_action_has_words() -> None:
    assert [action for action in sorted(actions()) if said(action) == action] == []


def test_no_word_is_kept_in_vain() -> None:
    used = [action.split(".", 1) for action in actions()]
    assert set(SUBJECTS) - {subject for subject, _act in used} == set()
    assert set(ACTS) - {act for _subject, act in used} == set()


def test_an_unknown_action_is_shown_as_it_stands() -> None:
    assert said("ghost.walk") == "ghost.walk"
