"""``weibao retention``: numbers for a nightly look."""

from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from tenants.models import Child, Hold
from tenants.queries.retention import months_after
from tests.command_line import run, settings_for
from tests.drafts import today
from tests.world import World


def test_it_counts_what_is_due_by_township_and_step(
    app: Flask, session: Session, world: World, database_url: str, tmp_path: Path
) -> None:
    for place, numbers in ((world.first, (1, 3)), (world.foreign, (1,))):
        for number in numbers:
            child = session.get_one(Child, (place.township, place.children[number]))
            child.closed_on = months_after(today(), -24)
    session.add(
        Hold(
            township_id=world.first.township, child_id=world.first.children[1], kind="legal", reason="x", placed_by="x"
        )
    )
    session.commit()
    done = run("retention", cwd=tmp_path, settings=settings_for(database_url))
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.splitlines()) == {
        "甲镇: anonymise: 2 files due, 1 held",
        "丙镇: anonymise: 1 files due, 0 held",
    }
