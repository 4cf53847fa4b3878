"""Each kind of file with what stands behind it: its layout over the township's rows, what goes out, what comes in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tenants.actor import Actor
from tenants.crypto import Keyring
from tenants.enums import SheetKind
from tenants.models import Activity, Person
from tenants.queries import children as child_queries
from tenants.queries import homes as home_queries
from tenants.queries import people as people_queries
from tenants.queries.due import county_today, county_zone
from tenants.roles import FIRST_TEAM
from tenants.services.imports import activities as activity_rows
from tenants.services.imports import availability as availability_rows
from tenants.services.imports import children as child_rows
from tenants.services.imports import homes as home_rows
from tenants.services.imports import people as people_rows
from tenants.services.imports.run import Outcome, Verdict
from weibao.sheets import activities, availability, children, homes, intake, people, workbooks
from weibao.sheets.differences import Difference, differences
from weibao.sheets.followers import Followers, Following
from weibao.sheets.layout import Exported, Intake, Layout, Leaf, Line, Mark
from weibao.sheets.parsing import Sheet
from weibao.words import refusal


@dataclass(frozen=True, kw_only=True)
class Held:
    """A file held against what is there; with any fault nothing of it is taken."""

    layout: Layout
    intake: Intake
    faults: tuple[Mark, ...]
    rows: int
    added: int
    changed: int
    same: int
    differences: tuple[Difference, ...] = ()
    following: tuple[Following, ...] = ()

    @property
    def lost(self) -> frozenset[str]:
        """Ids of the duties that fall open, since their holders cannot come to where the file moves them."""
        return frozenset[str]().union(*(one.lost for one in self.following))

    @property
    def told(self) -> frozenset[str]:
        """Ids of the people whose duties it moves or opens."""
        return frozenset[str]().union(*(one.told for one in self.following))

    @property
    def changes_nothing(self) -> bool:
        """Whether everything in it is there already."""
        return not self.faults and not self.added and not self.changed


def layout_of(session: Session, kind: SheetKind) -> Layout:
    """The columns of a kind, with the township's own lists."""
    if kind is SheetKind.AVAILABILITY:
        return availability.layout(people_queries.active_people(session))
    if kind is SheetKind.ACTIVITIES:
        return activities.layout(home_queries.open_homes(session))
    makers = {SheetKind.PEOPLE: people.layout, SheetKind.HOMES: homes.layout, SheetKind.CHILDREN: children.layout}
    return makers[kind](people_queries.villages(session))


def template(session: Session, kind: SheetKind) -> bytes:
    """An empty file with an example row."""
    return workbooks.template(layout_of(session, kind))


def filled(session: Session, actor: Actor, kind: SheetKind) -> bytes:
    """What is there now, to change and send back."""
    return workbooks.filled(layout_of(session, kind), _exported(session, actor, kind))


def marked(held: Held) -> bytes:
    """What was sent, with its faults marked."""
    return workbooks.marked(held.layout, held.intake, held.faults)


def _exported(session: Session, actor: Actor, kind: SheetKind) -> Exported:
    today = county_today(session, actor.county_id)
    if kind in {SheetKind.PEOPLE, SheetKind.AVAILABILITY}:
        query = (
            select(Person).where(Person.active, Person.guest.is_(False)).order_by(Person.kind, Person.name, Person.id)
        )
        loaded = (selectinload(Person.skills), selectinload(Person.base_village), selectinload(Person.weekly))
        rows = session.scalars(query.options(*loaded, selectinload(Person.exceptions))).all()
        return people.export(rows) if kind is SheetKind.PEOPLE else availability.export(rows)
    if kind is SheetKind.HOMES:
        return homes.export(session.scalars(home_queries.listed()).all())
    if kind is SheetKind.CHILDREN:
        listed = child_queries.listed(actor, child_queries.ChildFilter(), today)
        return children.export(session.scalars(listed).all(), today)
    zone = county_zone(session, actor.county_id)
    ahead = select(Activity).order_by(Activity.starts_at, Activity.id)
    loaded = (selectinload(Activity.home), selectinload(Activity.roles), selectinload(Activity.resources))
    found = session.scalars(ahead.options(*loaded))
    return activities.export([row for row in found if row.starts_at.astimezone(zone).date() >= today], zone)


def hold(
    session: Session, actor: Actor, keyring: Keyring, kind: SheetKind, sheets: Sequence[Sheet], *, trial: bool
) -> Held:
    """Hold a file against what is there, and take it in unless this is a trial or anything is wrong."""
    layout = layout_of(session, kind)
    read = intake.take_in(layout, sheets)
    wrong = {(fault.sheet, fault.number) for fault in read.faults}
    good = _readable(read, wrong)
    rows = _rows(kind, good)
    lines, followers = [line for line, _row in rows], Followers()
    given = [row for _line, row in rows]
    outcome = _take(session, actor, keyring, kind, given, followers, trial=trial or bool(read.faults))
    faults = [*read.faults, *_told(layout, good, lines, outcome)]
    looked_at = trial and not faults
    present = _exported(session, actor, kind) if looked_at else []
    return Held(
        layout=layout,
        intake=read,
        faults=tuple(sorted(faults, key=lambda fault: (fault.sheet, fault.number or 0))),
        rows=sum(len(held) for held in read.lines),
        added=outcome.count(Verdict.ADDED),
        changed=outcome.count(Verdict.CHANGED),
        same=outcome.count(Verdict.SAME),
        differences=differences(layout, lines, outcome.verdicts, present) if looked_at else (),
        following=tuple(followers.found) if not faults else (),
    )


def _readable(read: Intake, wrong: set[tuple[str, int | None]]) -> Intake:
    """The lines in which every cell could be read."""
    return replace(
        read, lines=[[line for line in held if (line.sheet, line.number) not in wrong] for held in read.lines]
    )


def _rows(kind: SheetKind, read: Intake) -> list[tuple[Line, Any]]:
    if kind is SheetKind.AVAILABILITY:
        return list(availability.rows_of(read))
    makers: dict[SheetKind, Callable[[Line], Any]] = {
        SheetKind.PEOPLE: people.row_of,
        SheetKind.HOMES: homes.row_of,
        SheetKind.ACTIVITIES: activities.row_of,
        SheetKind.CHILDREN: children.row_of,
    }
    return [(line, makers[kind](line)) for line in read.lines[0]]


def _take(
    session: Session,
    actor: Actor,
    keyring: Keyring,
    kind: SheetKind,
    rows: list[Any],
    followers: Followers,
    *,
    trial: bool,
) -> Outcome:
    if kind is SheetKind.PEOPLE:
        return people_rows.take_people(session, actor, rows, trial=trial)
    if kind is SheetKind.AVAILABILITY:
        return availability_rows.take_availability(session, actor, rows, trial=trial)
    if kind is SheetKind.HOMES:
        return home_rows.take_homes(session, actor, rows, trial=trial)
    if kind is SheetKind.CHILDREN:
        return child_rows.take_children(session, actor, keyring, rows, trial=trial)
    return activity_rows.take_activities(session, actor, rows, team=FIRST_TEAM, trial=trial, edit=followers)


def _told(layout: Layout, read: Intake, lines: Sequence[Line], outcome: Outcome) -> list[Mark]:
    """What the services refused, at the cells where it stands."""
    leaf_of: dict[int, Leaf] = {
        id(line): leaf for leaf, held in zip(layout.leaves, read.lines, strict=True) for line in held
    }
    return [
        intake.fault_of(
            lines[problem.place],
            leaf_of[id(lines[problem.place])],
            problem.field,
            refusal(problem.message, problem.facts),
        )
        for problem in outcome.problems
    ]
