"""The guides name what the program has, by the words that its pages and its command line use."""

import re
from dataclasses import MISSING, fields
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po

from weibao.cli import cli
from weibao.config import Config

ROOT = Path(__file__).resolve().parents[2]
OPERATOR = (ROOT / "docs" / "OPERATOR.md").read_text("utf-8")
USERS = (ROOT / "docs" / "USERS.md").read_text("utf-8")
SETTINGS = OPERATOR.partition("## Settings")[2].partition("\n## ")[0]
COMMANDS = OPERATOR.partition("## Commands")[2].partition("\n## ")[0]
OF_A_PHONE = {"安装应用", "添加到主屏幕"}
"""What a phone's browser calls its own menus."""


def defaults() -> dict[str, str]:
    """What the operator's guide gives as the default of each setting; one row may hold several, by comma."""
    found: dict[str, str] = {}
    for left, right in re.findall(r"^\| (`WEIBAO_[^|]+) \| ([^|]+) \|", SETTINGS, re.M):
        told = [one.strip().strip("`") for one in right.split(", ")]
        names = re.findall(r"`(WEIBAO_\w+)`", left)
        found |= dict(zip(names, told * len(names) if len(told) == 1 else told, strict=True))
    return found


def commands(group: click.Group, before: str = "weibao") -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        found |= (
            commands(command, f"{before} {name}") if isinstance(command, click.Group) else {f"{before} {name}": command}
        )
    return found


def test_every_setting_is_told_with_its_default() -> None:
    known = {f"WEIBAO_{field.name.upper()}": field.default for field in fields(Config)}
    told = defaults()

    assert told.keys() == known.keys()
    plain = {name: str(value).lower() for name, value in known.items() if value is not MISSING and value != ""}
    in_words = {"WEIBAO_LANGUAGE", "WEIBAO_LOG_LEVEL"}
    assert {name: told[name].lower() for name in plain.keys() - in_words} == {
        name: plain[name] for name in plain.keys() - in_words
    }


def test_every_command_is_told() -> None:
    assert [name for name in commands(cli) if f"`{name}" not in COMMANDS] == []


def test_no_command_or_option_is_told_that_is_not_there() -> None:
    known = commands(cli)
    for told in re.findall(r"`(weibao [^`]+)`", OPERATOR):
        name = next((one for one in known if told == one or told.startswith(f"{one} ")), None)
        assert name is not None, told
        options = {one for param in known[name].params for one in param.opts}
        assert [one for one in re.findall(r"(?<!\S)\[?(--?[a-z][\w-]*)", told) if one not in options] == []


@pytest.fixture(scope="module")
def chinese() -> str:
    """Every word that the pages say in Chinese; whatever is filled in is an ellipsis."""
    with (ROOT / "weibao" / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        texts = [message.string for message in read_po(file)]
    whole = "\n".join("\n".join(text) if isinstance(text, tuple) else text for text in texts)
    return re.sub(r"%\(\w+\)[sd]", "…", whole)


def test_words_quoted_in_the_users_guide_are_those_of_the_pages(chinese: str) -> None:
    quoted = {part.strip() for words in re.findall(r"“([^”]+)”", USERS) for part in words.split("→")}

    assert len(quoted) > 40
    assert {words for words in quoted - OF_A_PHONE if words not in chinese} == set()
