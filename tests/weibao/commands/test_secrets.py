"""``weibao rotate-keys``: every sealed column, beside a program that runs; what it says of one that does not open."""

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Session

from tenants.crypto import Keyring, sealed_with
from tenants.enums import AccountRole, PhotoGround, SheetKind
from tenants.models import Account, Activity, Base, Child, utc_now
from tenants.services import identities, photos, second_factor, uploads
from tests.command_line import run, settings_for, told_in_one_line
from tests.conftest import LogIn, config_for, post
from tests.keys import NEWER
from tests.pages import in_english
from tests.weibao.views.conftest import session
from tests.weibao.views.test_unopened import PAGES
from tests.world import World

__all__ = ["session"]
NEWEST = Keyring(keys={**NEWER.keys, 3: b"3" * 32}, index_key=NEWER.index_key)


def keys(ring: Keyring) -> str:
    """A ring as the setting has it."""
    return ",".join(f"{number}:{b64encode(key).decode()}" for number, key in ring.keys.items())


def settings(url: str, ring: Keyring) -> dict[str, str]:
    return settings_for(url) | {"WEIBAO_DATA_KEYS": keys(ring)}


@pytest.fixture
def sealed(session: Session, world: World) -> None:
    """A row in each sealed column, under the second key."""
    planted: set[str] = set()
    for page in PAGES:
        if not planted.issuperset(page.columns):
            page.plant(session, world)
        planted.update(page.columns)
    activity = session.get_one(Activity, (world.first.township, world.first.activity))
    activity.starts_at = utc_now() - timedelta(hours=1)
    session.flush()
    photos.add(session, world.head, NEWER, activity, b"picture", PhotoGround.NOBODY)
    uploads.keep(session, world.head, NEWER, kind=SheetKind.PEOPLE, file_name="x.xlsx", content=b"cells")
    second_factor.begin(session.scalars(select(Account)).first(), NEWER)  # type: ignore[arg-type]  # there is one


def under(session: Session) -> dict[str, set[int]]:
    """The numbers of the keys in use, by column."""
    found: dict[str, set[int]] = {}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, LargeBinary) and column.name.endswith("sealed"):
                kept = session.execute(select(column).where(column.is_not(None))).scalars()
                found[f"{table.name}.{column.name}"] = {sealed_with(value) for value in kept}
    return found


@pytest.mark.usefixtures("sealed")
def test_every_sealed_column_is_under_the_newest_key_afterwards(
    app: Flask, session: Session, world: World, database_url: str, tmp_path: Path, log_in: LogIn
) -> None:
    assert {column: numbers for column, numbers in under(session).items() if numbers != {2}} == {}
    app.config["WEIBAO"] = replace(config_for(database_url), data_keys=keys(NEWEST))
    head = in_english(log_in(AccountRole.STATION_HEAD))
    identity = f"/children/{world.first.children[0]}/identity"
    assert "KANARI" in post(head, identity, {"purpose": "visit"}).text
    session.rollback()
    done = run("rotate-keys", cwd=tmp_path, settings=settings(database_url, NEWEST))
    assert done.returncode == 0, done.stderr
    assert {column: numbers for column, numbers in under(session).items() if numbers != {3}} == {}
    assert "KANARI" in post(head, identity, {"purpose": "visit"}).text  # the program that runs opens old and new
    session.rollback()
    again = run("rotate-keys", cwd=tmp_path, settings=settings(database_url, NEWEST))
    assert again.stdout.startswith(
        "key 3: 0 children's files, 0 consents, 0 concerns, notes and photos, 0 uploads and 0 "
    )


def test_a_value_that_does_not_open_is_told_in_one_line(
    session: Session, world: World, database_url: str, tmp_path: Path
) -> None:
    child = session.get_one(Child, (world.first.township, world.first.children[0]))
    child.name_sealed = NEWER.seal("KANARI", identities.place_of(child, "name"))
    session.commit()
    without = Keyring(keys={1: NEWER.keys[1], 3: b"3" * 32}, index_key=NEWER.index_key)
    done = run("rotate-keys", cwd=tmp_path, settings=settings(database_url, without))
    assert "sealed under a key that is not in the settings (key 2)" in told_in_one_line(done)
