from pathlib import Path

from benchmarks.feeds import stand
from benchmarks.feeds.served import settings
from weibao.app import create_app
from weibao.db import db


def test_the_stands_feed_holds_what_its_section_says(tmp_path: Path) -> None:
    place = stand.build(tmp_path)
    app = create_app(settings(place.database_url))
    first = app.test_client().get(place.path)
    assert first.data.count(b"BEGIN:VEVENT") == stand.EVENTS
    known = {"If-None-Match": first.headers["ETag"]}
    assert app.test_client().get(place.path, headers=known).status_code == 304
    with app.app_context():
        db.engine.dispose()
