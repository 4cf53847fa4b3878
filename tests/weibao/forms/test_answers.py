"""Every answer of the record-keeping services has its place in the catalogue."""

import ast
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from weibao import forms
from weibao.forms.answers import ANSWERS

TENANTS = Path(__file__).resolve().parents[3] / "tenants"
IMPORTS = [f"services/imports/{kind}.py" for kind in ("run", "people", "availability", "children")]
FILES = ["roles.py", *IMPORTS, *(f"services/{name}.py" for name in
         ("people", "availability", "children", "visits", "homes", "activities", "rules", "uploads"))]  # fmt: skip
SHOWN = {"InvalidError", "ConflictError", "ForbiddenError"}


def listed() -> set[str]:
    """The answers that some form's module lists for the catalogue."""
    modules = [import_module(f"weibao.forms.{module.name}") for module in iter_modules(forms.__path__)]
    return {answer._args[0] for module in modules for answer in getattr(module, "ANSWERS", ())}


def answers_of(path: Path) -> set[str]:
    """What the errors of a module say, in place or by a constant of the module."""
    tree = ast.parse(path.read_text("utf-8"))
    named = {
        name.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for name in node.targets
        if isinstance(name, ast.Name)
    }
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    firsts = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id in SHOWN and call.args]
    texts = [named.get(first.id) if isinstance(first, ast.Name) else first for first in firsts]
    return {text.value for text in texts if isinstance(text, ast.Constant) and isinstance(text.value, str)}


@pytest.mark.parametrize("name", FILES)
def test_the_services_answers_are_listed(name: str) -> None:
    assert answers_of(TENANTS / name) <= listed()


def test_no_answer_is_listed_in_vain() -> None:
    rooms = (*TENANTS.rglob("*.py"), *(TENANTS.parent / "weibao").rglob("*.py"))
    raised = set().union(*(answers_of(path) for path in rooms))
    assert {answer._args[0] for answer in ANSWERS} - raised == set()
