"""What the page of a township's figures shows: weeks, villages, people and households, with their charts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from statistics import median

from flask_babel import ngettext

from tenants.enums import PersonKind
from tenants.queries import figures
from tenants.queries.figures import Household, Member, VillageVisits, Weeks
from weibao import charts
from weibao.access import me
from weibao.db import db
from weibao.i18n import day as day_word
from weibao.i18n import today, zone
from weibao.planning.figures import WeekBalance, balance_by_week, travel_by_week
from weibao.words import named


@dataclass(frozen=True, kw_only=True)
class Load:
    """What one person has held in the weeks."""

    member: Member
    duties: int
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Fairness:
    """How evenly minutes are spread; ``gini`` is 0 where all have the same, and nears 1 where one has everything."""

    mean: float
    median: float
    most: int
    idle: int
    gini: float


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A village on the map; ``sign`` says the most urgent of its visits without any colour."""

    row: VillageVisits
    x: float
    y: float

    @property
    def state(self) -> str:
        """The most urgent state of its visits: overdue, due, done or none."""
        row = self.row
        return next((word for word in ("overdue", "due", "done") if getattr(row, word)), "none")

    @property
    def sign(self) -> str:
        """The state as a sign."""
        return {"overdue": "!", "due": "○", "done": "✓", "none": "–"}[self.state]


def gini(values: Sequence[float]) -> float:
    """The Gini coefficient of amounts that are not negative (half of the relative mean difference of all pairs)."""
    total, count = sum(values), len(values)
    if not total:
        return 0.0
    return sum((2 * rank - count - 1) * value for rank, value in enumerate(sorted(values), 1)) / (count * total)


def fairness(loads: Sequence[Load]) -> Fairness | None:
    """How evenly some people's minutes are spread; None where there is nobody or nothing."""
    minutes = [load.minutes for load in loads]
    if not any(minutes):
        return None
    return Fairness(
        mean=sum(minutes) / len(minutes),
        median=median(minutes),
        most=max(minutes),
        idle=minutes.count(0),
        gini=gini(minutes),
    )


@dataclass(frozen=True)
class Page:
    """The figures of some weeks, and whose loads are compared (None: everybody's)."""

    weeks: Weeks
    kind: PersonKind | None = None

    @cached_property
    def balances(self) -> list[WeekBalance]:
        """Hours there are and hours needed by week."""
        return balance_by_week(db.session(), me().township_id or "", self.weeks)

    @property
    def has_need(self) -> bool:
        """Whether anything falls due in these weeks."""
        return any(row.needed for row in self.balances)

    @property
    def short(self) -> list[WeekBalance]:
        """Weeks with fewer hours than are needed."""
        return [row for row in self.balances if row.is_short]

    @property
    def balance_chart(self) -> charts.BarChart:
        """Free hours behind needed ones."""
        step = charts.every(self.weeks.number)
        rows = [
            ("" if index % step else short_day(row.monday), row.free / 60, row.needed / 60)
            for index, row in enumerate(self.balances)
        ]
        width, height = charts.SMALL
        return charts.bars(rows, width=width, height=height)

    @cached_property
    def spots(self) -> list[Spot]:
        """The villages on the map."""
        points = self.village_map.points
        return [Spot(row=row, x=x, y=y) for row, (x, y) in zip(self._villages, points, strict=True)]

    @cached_property
    def _villages(self) -> list[VillageVisits]:
        return figures.village_visits(db.session(), self.weeks, today())

    @cached_property
    def village_map(self) -> charts.MapChart:
        """Where the villages lie."""
        return charts.spread([(row.village.lat, row.village.lon) for row in self._villages])

    @property
    def late_villages(self) -> int:
        """How many villages have overdue visits."""
        return sum(spot.row.overdue > 0 for spot in self.spots)

    @cached_property
    def _duties(self) -> list[figures.HeldDuty]:
        return figures.held_duties(db.session(), self.weeks, zone())

    @cached_property
    def loads(self) -> list[Load]:
        """Everybody's duties and minutes, the most first."""
        counts, minutes = Counter[str](), Counter[str]()
        for duty in self._duties:
            counts[duty.person_id] += 1
            minutes[duty.person_id] += duty.minutes
        rows = [
            Load(member=one, duties=counts[one.id], minutes=minutes[one.id])
            for one in figures.members(db.session(), counts)
            if self.kind in {None, one.kind}
        ]
        return sorted(rows, key=lambda load: -load.minutes)

    @property
    def fairness(self) -> Fairness | None:
        """How evenly the loads are spread."""
        return fairness(self.loads)

    @property
    def load_chart(self) -> charts.ColumnChart:
        """Hours of each person, the most first, with the mean."""
        rows = [(str(rank), load.minutes / 60) for rank, load in enumerate(self.loads, 1)]
        return charts.columns(rows, with_mean=True)

    @cached_property
    def households(self) -> list[Household]:
        """The households visited, those with the most faces first."""
        return figures.households(db.session(), self.weeks)

    @property
    def told_visits(self) -> int:
        """Visits of which it is known who came."""
        return sum(row.visits for row in self.households)

    @property
    def known_visits(self) -> int:
        """Those of them that somebody made who knew the household."""
        return sum(row.known for row in self.households)

    @property
    def untold_visits(self) -> int:
        """Visits of which no roster says who came."""
        return sum(row.untold for row in self.households)

    @property
    def load_names(self) -> list[str]:
        """What each column is called."""
        return [named(load.member) for load in self.loads]

    @property
    def faces_names(self) -> list[str]:
        """What each column is called."""
        return [ngettext("%(num)s person", "%(num)s people", n) for n, _one in enumerate(self.faces_chart.columns, 1)]

    @property
    def faces_chart(self) -> charts.ColumnChart:
        """How many households saw one face, two, three and so on."""
        counts = Counter(row.faces for row in self.households if row.visits)
        return charts.columns([(str(n), counts[n]) for n in range(1, max(counts, default=0) + 1)])

    @cached_property
    def travel(self) -> dict[date, int]:
        """Minutes on the road by Monday."""
        return travel_by_week(db.session(), me().township_id or "", self.weeks, self._duties)

    @property
    def road_minutes(self) -> int:
        """Minutes on the road in all weeks."""
        return sum(self.travel.values())

    @property
    def road_share(self) -> int:
        """Minutes on the road for each hour of duty."""
        return round(60 * self.road_minutes / sum(duty.minutes for duty in self._duties))

    @property
    def travel_names(self) -> list[str]:
        """What each column is called."""
        return [day_word(monday) for monday in self.travel]

    @property
    def travel_chart(self) -> charts.ColumnChart:
        """The same in hours."""
        return charts.columns([(short_day(monday), minutes / 60) for monday, minutes in self.travel.items()])

    @cached_property
    def overdue(self) -> list[tuple[date, int]]:
        """Overdue visits at each week's end."""
        return figures.overdue_by_week(db.session(), self.weeks, today())

    @property
    def overdue_chart(self) -> charts.ColumnChart:
        """The same as points."""
        return charts.columns([(short_day(day), count) for day, count in self.overdue])

    @property
    def overdue_path(self) -> str:
        """The line through the points."""
        return charts.trend(self.overdue_chart)


def short_day(day: date) -> str:
    """Month and day, short enough to stand under a column."""
    return f"{day.month}-{day.day}"
