"""No path puts a person in two places at once: 8 threads of 200 tries, and the same without the locks."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, create_engine, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session, aliased
from sqlalchemy.pool import NullPool

from tenants.enums import DutyState, PersonKind
from tenants.errors import ConflictError
from tenants.models import Activity, Duty
from tenants.scope import Scope
from tenants.services import bookings
from tenants.services.bookings import OVERLAP, Place
from tests import databases
from tests.duties import add_visit, give, soon
from tests.world import World
from weibao import schema
from weibao.db import session_for

THREADS, TRIES = 8, 200
HALF = timedelta(minutes=30)


def overlaps(session: Session) -> int:
    """Pairs of confirmed duties of one person at one time."""
    a, b = aliased(Duty), aliased(Duty)
    pair = (a.person_id == b.person_id) & (a.id < b.id) & (a.starts_at < b.ends_at) & (b.starts_at < a.ends_at)
    both = (a.state == DutyState.CONFIRMED) & (b.state == DutyState.CONFIRMED)
    return session.scalar(select(func.count()).select_from(a).join(b, pair).where(both)) or 0


def confirmed(session: Session) -> int:
    return session.scalar(select(func.count(Duty.id)).where(Duty.state == DutyState.CONFIRMED)) or 0


@pytest.fixture
def many(app: Flask, world: World) -> list[tuple[str, datetime]]:
    """Ids and starts of 240 activities, an hour each, that begin at one of 48 half-hours."""
    with app.app_context(), session_for(Scope.of_system(reason="test")) as session:
        first = session.get_one(Activity, (world.first.township, world.first.activity))
        rows = [
            Activity(
                township_id=first.township_id, home_id=first.home_id, title="t", kind=first.kind, service=first.service,
                priority=first.priority, starts_at=soon() + HALF * (n % 48), ends_at=soon() + HALF * (n % 48 + 2),
            )
            for n in range(240)
        ]  # fmt: skip
        session.add_all(rows)
        session.flush()
        return [(row.id, row.starts_at) for row in rows]


def place(activity: str, starts_at: datetime) -> Place:
    return Place(visit_id=None, activity_id=activity, role="helper", starts_at=starts_at, ends_at=starts_at + 2 * HALF)


Book = Callable[[str, Place], None]


def storm(app: Flask, world: World, many: list[tuple[str, datetime]], book: Book) -> list[BaseException]:
    """Many threads try to book four people at once; returns what went wrong beyond a refusal."""
    people, faults = sorted(world.first.people.values()), list[BaseException]()

    def try_often(number: int) -> None:
        chance = random.Random(number)
        with app.app_context():
            for _ in range(TRIES):
                try:
                    with suppress(ConflictError):
                        book(chance.choice(people), place(*chance.choice(many)))
                except Exception as error:
                    faults.append(error)

    threads = [threading.Thread(target=try_often, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


def test_eight_threads_of_two_hundred_tries_never_book_one_person_twice_at_a_time(
    app: Flask, world: World, many: list[tuple[str, datetime]], session: Session
) -> None:
    scope = Scope.of_township(world.county, world.first.township, reason="test")

    def book(person: str, where: Place) -> None:
        with session_for(scope) as own:
            bookings.book(own, person, where)

    session.commit()
    assert storm(app, world, many, book) == []
    assert overlaps(session) == 0
    assert confirmed(session) > 40


@contextmanager
def owner(database_url: str) -> Iterator[Connection]:
    engine = create_engine(databases.owner_url(database_url), poolclass=NullPool)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def unlocked(connection: Connection) -> None:
    """Take the database's own lock off."""
    if connection.dialect.name == "sqlite":
        for verb in ("insert", "update"):
            connection.execute(text(f"drop trigger {OVERLAP}_{verb}"))
    else:
        connection.execute(text(f"alter table duty drop constraint {OVERLAP}"))


def newest_lock() -> ModuleType:
    """The newest migration that puts the lock on."""
    revisions = ScriptDirectory.from_config(schema.alembic_config()).walk_revisions()
    return next(one.module for one in revisions if hasattr(one.module, "keep_apart"))


def locked(connection: Connection) -> None:
    """Put it on again, for the tests that come after in the same database."""
    migration = newest_lock()
    connection.execute(text("delete from duty"))
    with Operations.context(MigrationContext.configure(connection)):
        migration.keep_apart()


def test_the_same_storm_over_a_naive_booking_does_double_book(
    app: Flask, world: World, many: list[tuple[str, datetime]], session: Session, database_url: str
) -> None:
    """The negative control: look in one transaction, write in the next, without the database's lock."""
    scope, meet = Scope.of_township(world.county, world.first.township, reason="test"), threading.Barrier(THREADS)

    def naive(person: str, where: Place) -> None:
        with session_for(scope, reading=True) as own:
            free = True
            try:
                bookings.refuse_two_places(own, person, where.starts_at, where.ends_at)
            except ConflictError:
                free = False
        with suppress(threading.BrokenBarrierError):
            meet.wait(timeout=10)
        if free:
            with suppress(IntegrityError), session_for(scope) as own:  # the same activity twice: another key
                duty = Duty(township_id=world.first.township, person_id=person, activity_id=where.activity_id,
                            role="helper", starts_at=where.starts_at, ends_at=where.ends_at, version=1)  # fmt: skip
                own.add(duty)

    session.commit()
    with owner(database_url) as connection:
        unlocked(connection)
    try:
        assert storm(app, world, many, naive) == []
        assert overlaps(session) > 0
        session.rollback()
    finally:
        with owner(database_url) as connection:
            locked(connection)


def test_the_database_itself_refuses_an_overlap_whoever_writes_it(session: Session, world: World) -> None:
    give(session, world.first, PersonKind.VOLUNTEER, visit=add_visit(session, world.first, 0))
    second = add_visit(session, world.first, 1)
    with pytest.raises(IntegrityError, match=OVERLAP), session.begin_nested():
        give(session, world.first, PersonKind.VOLUNTEER, visit=second, starts_at=soon() + HALF)
    give(session, world.first, PersonKind.VOLUNTEER, visit=second, starts_at=soon() + 2 * HALF)
    assert confirmed(session) == 2


def test_a_cancelled_duty_stands_in_nobodys_way_until_it_is_held_again(session: Session, world: World) -> None:
    visits = [add_visit(session, world.first, n) for n in (0, 1)]
    gone = give(session, world.first, PersonKind.VOLUNTEER, visit=visits[0], state=DutyState.CANCELLED)
    give(session, world.first, PersonKind.VOLUNTEER, visit=visits[1], starts_at=soon())
    with pytest.raises(ConflictError, match="at the same time"), bookings.kept_apart(session):
        session.get_one(Duty, (world.first.township, gone)).state = DutyState.CONFIRMED


@pytest.mark.postgres
@pytest.mark.skipif(not databases.POSTGRES, reason="no PostgreSQL: set WEIBAO_TEST_POSTGRES_URL to a server's address")
def test_without_the_extension_a_trigger_refuses_the_same(tmp_path: Path) -> None:
    with databases.bare("postgresql", tmp_path) as url:
        engine = create_engine(url, poolclass=NullPool)
        schema.upgrade(engine)
        migration = newest_lock()
        with engine.begin() as connection:
            unlocked(connection)
            with Operations.context(MigrationContext.configure(connection)):
                migration.trigger_instead()
            connection.execute(text("set session_replication_role = replica"))  # no foreign keys for these two rows
            connection.execute(text(f"alter table duty enable always trigger {OVERLAP}"))
            row = (
                "insert into duty (township_id, id, person_id, visit_id, role, starts_at, ends_at, state, sequence, "
                "version, created_at, changed_at) values ('t', :id, :person, :id, 'lead', :start, :end, 'confirmed', "
                "0, 1, now(), now())"
            )
            facts = {"start": soon(), "end": soon() + 2 * HALF}
            connection.execute(text(row), {"id": "a", "person": "p", **facts})
            connection.execute(text(row), {"id": "b", "person": "q", **facts})
            with pytest.raises(IntegrityError, match=OVERLAP):
                connection.execute(text(row), {"id": "c", "person": "p", **facts})
        engine.dispose()


def test_whom_the_database_ends_for_waiting_on_each_other_is_told_that_the_time_is_taken(session: Session) -> None:
    class _EndedError(Exception):
        sqlstate = "40P01"

    with pytest.raises(ConflictError, match="at the same time"), bookings.kept_apart(session):
        raise OperationalError("insert into duty", {}, _EndedError())
    with pytest.raises(OperationalError), bookings.kept_apart(session):
        raise OperationalError("insert into duty", {}, Exception("the disk is full"))
