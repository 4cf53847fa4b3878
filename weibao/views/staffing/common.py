"""What the pages about purchased-service staff share: the blueprint, names, and a proposal's page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property

from flask import Blueprint
from flask_babel import gettext as _
from sqlalchemy import select

from tenants import example_rules
from tenants.enums import AllocationState
from tenants.models import Account, Duty, StaffAllocation, StaffMember, StaffPosting, Township
from tenants.queries import staffing as queries
from tenants.queries.staffing import Faces, Key, Known
from tenants.services.allocations import Move, Wishes
from weibao import charts
from weibao.access import me
from weibao.allocating import Outlook, Point, outlook_of, points_of
from weibao.db import db
from weibao.explaining import moves as words
from weibao.i18n import zone
from weibao.words import named

blueprint = Blueprint("staffing", __name__, url_prefix="/staff")


@dataclass(frozen=True)
class Names:
    """Names of the county's townships and workers in the user's language."""

    townships: dict[str, Township]
    staff: dict[str, StaffMember]

    def place(self, township_id: str | None) -> str:
        """A township's name; empty for none."""
        row = self.townships.get(township_id or "")
        return named(row) if row else ""

    def worker(self, staff_id: str) -> str:
        """A worker's name; a dash for one who is no longer in the register."""
        row = self.staff.get(staff_id)
        return named(row) if row else "–"


def names() -> Names:
    """The names of the county."""
    session = db.session()
    staff = queries.register(session, with_left=True)
    return Names({row.id: row for row in queries.townships(session)}, {row.id: row for row in staff})


def officer_name(account_id: str | None) -> str:
    """Who did it."""
    return db.session().scalar(select(Account.display_name).where(Account.id == (account_id or ""))) or ""


def officer() -> Account:
    """The account of the officer who asks."""
    return db.session().scalars(select(Account).where(Account.id == me().id)).one()


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a move takes from the township that is left: duties already published, and families' known face."""

    duties: list[Duty]
    known: Known


@dataclass(frozen=True)
class ProposalPage:
    """A proposal as its page shows it."""

    row: StaffAllocation
    names: Names

    @cached_property
    def outlook(self) -> Outlook | None:
        """The point that is meant; None while it is not worked out."""
        return outlook_of(self.row)

    @cached_property
    def points(self) -> list[Point]:
        """The frontier."""
        return points_of(self.row)

    @property
    def wishes(self) -> Wishes:
        """What was asked."""
        return Wishes.of_settings(self.row.settings)

    @cached_property
    def even(self) -> float:
        """The spread of a county in which every worker carries the same."""
        return self.outlook.even if self.outlook else 0.0

    @cached_property
    def point_lines(self) -> list[tuple[Point, words.PointWords]]:
        """Each point with its words."""
        return [(point, words.point_words(point, self.even)) for point in self.points]

    @property
    def curve(self) -> charts.Curve:
        """Heaviest load over the number of moves."""
        return charts.curve([(point.score.moves, point.score.peak / 100) for point in self.points])

    @cached_property
    def moves(self) -> list[Move]:
        """Who changes post at the point that is meant."""
        return self.outlook.moves if self.outlook else []

    def reasons(self, move: Move) -> list[str]:
        """Why somebody moves."""
        old, new = self.names.place(move.from_township_id), self.names.place(move.to_township_id)
        by_hand, home_known = move.staff_id in self.wishes.pins, move.staff_id in self._with_home
        return words.reasons(move.facts, old, new, by_hand=by_hand, home_known=home_known)

    @cached_property
    def _with_home(self) -> set[str]:
        """Movers whose home is entered: in the register, or by the township that they leave."""
        keys = self._keys | _left(self.postings.values())
        homes = queries.homes_of(db.session(), keys.values())
        entered = {staff for staff, row in self.names.staff.items() if row.home_lat is not None}
        return entered | {staff for staff, key in keys.items() if key in homes}

    @cached_property
    def _keys(self) -> dict[str, Key]:
        """Who the movers are in the townships that they leave."""
        held = {move.staff_id: self._key(move) for move in self.moves}
        return {staff: key for staff, key in held.items() if key}

    @cached_property
    def faces(self) -> Faces:
        """Families that lose a known face by the moves, beside those that are decided until their day."""
        session = db.session()
        coming = queries.ahead(session, until=self.row.moves_on)
        gone = _left(coming)
        return queries.families_of(session, self._keys.values(), gone=gone.values())

    @cached_property
    def effects(self) -> dict[str, Effect]:
        """What the moves take away, by worker."""
        moment = datetime.combine(self.row.moves_on, time(), tzinfo=zone())
        duties, known = queries.duties_from(db.session(), self._keys.values(), moment), self.faces.by_person
        return {staff: Effect(duties=duties.get(key, []), known=known[key]) for staff, key in self._keys.items()}

    def _key(self, move: Move) -> Key | None:
        worker = self.names.staff.get(move.staff_id)
        if worker is None or worker.township_id != move.from_township_id:
            return None
        return queries.key_of(worker.township_id, worker.person_id)

    @property
    def score_words(self) -> dict[str, str]:
        """The figures of the point that is meant."""
        if self.outlook is None or self.row.chosen is None:
            return {}
        return self.figures(self.points[self.row.chosen])

    def figures(self, point: Point) -> dict[str, str]:
        """A point's figures."""
        score = point.score
        return {
            "moves": str(score.moves),
            "short": str(score.short),
            "skills": str(score.skills_missing),
            "peak": words.peak_word(score),
            "uneven": words.uneven_word(score, self.even),
        }

    @property
    def today_words(self) -> dict[str, str]:
        """The same figures for today's posts."""
        if self.outlook is None:
            return {}
        score = self.outlook.score_today
        return {"peak": words.peak_word(score), "uneven": words.uneven_word(score, self.even)}

    @cached_property
    def postings(self) -> dict[str, StaffPosting]:
        """What the decision made, by worker; empty before it."""
        if self.row.state is not AllocationState.APPROVED:
            return {}
        return {one.staff_id: one for one in queries.postings_of(db.session(), self.row.id)}

    @property
    def is_by_example(self) -> bool:
        """Whether nobody had decided the weights that it was worked out with."""
        return self.row.weights_source == example_rules.SOURCE

    @property
    def weights_source(self) -> str:
        """Who decided the weights."""
        return str(_("example")) if self.is_by_example else self.row.weights_source

    @property
    def is_overtaken(self) -> bool:
        """Whether it is undecided, and workers stand otherwise by now than it was worked out from."""
        undecided = self.row.state in {AllocationState.READY, AllocationState.PROPOSED}
        return undecided and bool(queries.displaced(db.session(), self.row))

    @property
    def is_mine(self) -> bool:
        """Whether this officer proposed it, and so cannot decide it."""
        return self.row.proposed_by == me().id

    @property
    def is_open(self) -> bool:
        """Whether it may still be changed."""
        return self.row.state is AllocationState.READY

    @property
    def proposed_by(self) -> str:
        """Who proposed it."""
        return officer_name(self.row.proposed_by)

    @property
    def decided_by(self) -> str:
        """Who decided it."""
        return officer_name(self.row.decided_by)


def _left(postings: Iterable[StaffPosting]) -> dict[str, Key]:
    """Who workers are in the townships that they leave by some postings."""
    held = {one.staff_id: queries.key_of(one.from_township_id, one.from_person_id) for one in postings}
    return {staff: key for staff, key in held.items() if key}


def page_of(allocation_id: str) -> ProposalPage:
    """The page of a proposal; another county's answers as one that is not there."""
    return ProposalPage(queries.allocation(db.session(), allocation_id), names())
