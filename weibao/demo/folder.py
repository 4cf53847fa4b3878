"""The folder of a demonstration: its secret, its database, and what the database was made of."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from tenants.scope import Scope
from weibao import schema
from weibao.app import create_app
from weibao.config import Config
from weibao.db import db, session_for
from weibao.demo.county import load
from weibao.places import BUILT_IN, read_places
from weibao.told import ToldError

SEED = 1
FRESH_DAYS = 6  # older than this, most of the invented visits would be overdue


class FolderError(ToldError, OSError):
    """The folder cannot be used; the message is one line."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """What a demonstration's database was made of: the day, the schema, and a digest of the places file."""

    day: str
    schema: str
    places: str

    def outlived_by(self, wanted: "Made") -> str | None:
        """Why it has to be made again, in a few words; None: it can be kept."""
        age = (date.fromisoformat(wanted.day) - date.fromisoformat(self.day)).days
        if not 0 <= age <= FRESH_DAYS:
            return f"it was made on {self.day}"
        if self.schema != wanted.schema:
            return "the program's schema has changed"
        return "the places have changed" if self.places != wanted.places else None


@dataclass(frozen=True, kw_only=True)
class DemoFolder:
    """A folder on this machine."""

    path: Path

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.path / "demo.sqlite"

    @property
    def _note(self) -> Path:
        return self.path / "demo.json"

    def secret(self, name: str, make: Callable[[], str]) -> str:
        """A secret of that name: random, made once, readable by its owner alone.

        Raises:
            FolderError: the folder or the file cannot be made, read or written.

        """
        file = self.path / name
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if not file.exists():
                with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                    out.write(make())
            return file.read_text("utf-8").strip()
        except OSError as error:
            raise FolderError(f"{self.path}: the folder cannot be used: {error.strerror}") from None

    def prepare(
        self, config: Config, *, today: date, places: Path | None, fresh: bool, say: Callable[[str], None]
    ) -> None:
        """Have the county in the database, made anew where there is none or the one there has been outlived.

        Raises:
            FolderError: the folder cannot be written.
            PlacesError: the places file cannot be used.

        """
        wanted = Made(day=today.isoformat(), schema=schema.head() or "", places=_digest(places or BUILT_IN))
        made = self._made()
        reason = "as asked" if fresh else made.outlived_by(wanted) if made else None
        if made and reason is None:
            return
        say(f"making the demonstration county{f' anew: {reason}' if reason else ''} …")
        try:
            self._make(config, wanted, places)
        except OSError as error:
            raise FolderError(f"{self.path}: the folder cannot be used: {error.strerror}") from None

    def _made(self) -> Made | None:
        """The note beside the database; None where either is missing or unreadable, as after a crash."""
        try:
            made = Made(**json.loads(self._note.read_text("utf-8")))
            date.fromisoformat(made.day)
        except (OSError, ValueError, TypeError):
            return None
        return made if self.database.exists() else None

    def _make(self, config: Config, wanted: Made, places: Path | None) -> None:
        """Make the new county beside the old one, then put it in its place; a crash leaves no half county."""
        read = read_places(places or BUILT_IN)
        new = self.path / "new.sqlite"
        for file in (self._note, *_files(self.database), *_files(new)):
            file.unlink(missing_ok=True)
        schema.migrate(sqlite_url(new), sqlite_url(new))
        app = create_app(replace(config, database_url=sqlite_url(new)))
        with app.app_context():
            with session_for(Scope.of_system(reason="demo")) as session:
                load(session, today=date.fromisoformat(wanted.day), seed=SEED, places=read)
            db.engine.dispose()
        new.replace(self.database)
        self._note.write_text(json.dumps(asdict(wanted)), "utf-8")


def sqlite_url(file: Path) -> str:
    """The address of an SQLite file."""
    return f"sqlite:///{file.resolve().as_posix()}"


def _files(database: Path) -> tuple[Path, ...]:
    return tuple(database.with_name(database.name + ending) for ending in ("", "-wal", "-shm"))


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""  # reading the places will say what is wrong with the file
