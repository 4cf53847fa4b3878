"""Words that must stand nowhere in clear, and where to look for them: files, dumps, logs, in any usual coding."""

import base64
import json
import sqlite3
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from urllib.parse import quote_plus

from sqlalchemy import create_engine, make_url, text

from tenants.models import Base


@dataclass(frozen=True, kw_only=True)
class Canaries:
    """What is typed of one child: four words that are sealed, and two that are kept in clear on purpose."""

    name: str
    id_number: str
    address: str
    guardian_phone: str
    pseudonym: str
    case_code: str

    @property
    def sealed(self) -> tuple[str, ...]:
        """What may stand nowhere."""
        return self.name, self.id_number, self.address, self.guardian_phone

    @property
    def clear(self) -> tuple[str, ...]:
        """What the search must find, or it is blind."""
        return self.pseudonym, self.case_code


CHILD = Canaries(
    name="金丝雀甲 CanaryName",
    id_number="140522201503070121",
    address="杏花巷二十七号 CanaryLane",
    guardian_phone="13900007321",
    pseudonym="假名白鹭 EgretAlias",
    case_code="KC-90731",
)


def codings(word: str) -> set[bytes]:
    """The word as files, dumps and logs might hold it; in base 64 at each of three offsets."""
    raw = word.encode()
    shifted = (base64.b64encode(bytes(offset) + raw) for offset in range(3))
    starts = (0, 2, 3)  # characters that hold bits of what stands before the word
    whole = (len(raw) // 3 * 4) - 4
    return {
        raw,
        word.encode("utf-16-le"),
        json.dumps(word)[1:-1].encode(),
        quote_plus(word).encode(),
        raw.hex().encode(),
        raw.hex().upper().encode(),
        *(coded[start : start + whole] for coded, start in zip(shifted, starts, strict=True)),
    }


def found_in(word: str, texts: Mapping[str, bytes]) -> list[str]:
    """Names of the texts that hold the word in any coding."""
    return [name for name, content in texts.items() if any(coded in content for coded in codings(word))]


def dumps_of(url: str, owner: str, folder: Path) -> dict[str, bytes]:
    """Everything that could be carried away of a database: its files and a backup, or a dump and each table's rows."""
    return _sqlite(Path(make_url(url).database or ""), folder) if url.startswith("sqlite") else _postgres(owner)


def _sqlite(file: Path, folder: Path) -> dict[str, bytes]:
    """The files as they lie there, again once the log is in, a backup, and the dump as SQL."""
    texts = {f"{path.name} as it lay": path.read_bytes() for path in file.parent.glob(f"{file.name}*")}
    source = sqlite3.connect(file)
    with sqlite3.connect(folder / "backup.sqlite") as copy:
        source.backup(copy)
    copy.close()
    texts["dump"] = "\n".join(source.iterdump()).encode()
    source.execute("pragma wal_checkpoint(truncate)")
    source.close()
    return texts | {path.name: path.read_bytes() for path in (file, folder / "backup.sqlite")}


def _postgres(owner: str) -> dict[str, bytes]:
    texts = {f"rows of {name}": rows for name, rows in _copied(owner)}
    if which("pg_dump"):
        address = make_url(owner).set(drivername="postgresql").render_as_string(hide_password=False)
        done = subprocess.run(["pg_dump", "--inserts", f"--dbname={address}"], capture_output=True, check=False)
        if b"server version mismatch" not in done.stderr:
            assert done.returncode == 0, done.stderr
            texts["pg_dump"] = done.stdout
    return texts


def _copied(owner: str) -> Iterable[tuple[str, bytes]]:
    """Each table as COPY gives it, for machines whose pg_dump is missing or older than the server."""
    engine = create_engine(owner)
    with engine.connect() as connection:
        connection.execute(text("select set_config('weibao.everything', 'on', false)"))
        raw = connection.connection.driver_connection
        assert raw is not None
        for table in Base.metadata.sorted_tables:
            with raw.cursor().copy(f"copy (select * from {table.name}) to stdout") as copy:
                yield table.name, b"".join(bytes(part) for part in copy)
    engine.dispose()
