"""Looking at what chosen tables and rules would do tells a county officer no hidden number, and is written down.

The attack: a table that weighs one class 1 and every other 0 counts its children in each township; so do two tables
that differ by 1 in one class, and a rule of one day. Shown by two states of the files that the county page tells alike:
whoever could work out a hidden number from the pages would have to see them differ.
"""

from dataclasses import dataclass
from itertools import product

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, ChildCategory, RiskLevel
from tenants.marks import mark_of
from tenants.models import AuditEntry, Child, ChildCategoryPeriod, ChildRiskPeriod
from tenants.queries import staffing
from tenants.queries.due import county_today
from tests.conftest import LogIn, csrf_token
from tests.pages import in_english, main_of
from tests.staff import WEIGHTS, register
from tests.weibao.views.test_rules import TERMS
from tests.world import World

ORPHAN, LEFT = ChildCategory.SCATTERED_ORPHAN, ChildCategory.LEFT_BEHIND
CLASSES = list(product((category.value for category in ChildCategory), ("high", "medium", "low", "none")))
Table = dict[str, dict[str, int]]


def unit(of: tuple[str, str], base: Table | None = None) -> Table:
    """A table that weighs one class 1 more than another table, or than nothing."""
    return {
        category: {risk: (base[category][risk] if base else 0) + ((category, risk) == of) for risk in row}
        for category, row in WEIGHTS.items()
    }


HIDDEN = [one for one in CLASSES if one[0] in {ORPHAN, LEFT}]
TABLES = [unit(one) for one in CLASSES] + [unit(one, WEIGHTS) for one in HIDDEN]


@dataclass(frozen=True)
class Officer:
    """A county officer at the desk, and the day from which a new table or rule would hold."""

    client: FlaskClient
    token: str
    day: str

    def weigh(self, table: Table) -> str:
        """What the page tells of a table that is not kept."""
        cells = {f"{category}-{risk}": weight for category, row in table.items() for risk, weight in row.items()}
        return self._effect("/staff/weights/decide", {**cells, "source": "x"})

    def rule(self, category: str, risk: str, days: int) -> str:
        """What the page tells of a rule that is not kept."""
        return self._effect(f"/rules/{category}/{risk}", {**TERMS, "interval_days": str(days)})

    def glance(self) -> list[str]:
        """What the county page tells of categories and risks, and the desk of loads."""
        return [main_of(self.client.get(page).text) for page in ("/county/glance", "/staff")]

    def _effect(self, path: str, facts: dict[str, object]) -> str:
        sent = {**facts, "from_day": self.day, "csrf_token": self.token}
        answer = self.client.post(path, data=sent)
        assert answer.status_code == 200, answer.text
        return answer.text.split('id="effect"')[1].split("</table>")[0]


@pytest.fixture
def officer(log_in: LogIn, world: World, session: Session) -> Officer:
    """Ten disabled children in each township beside two orphans and two left-behind ones; a worker in each."""
    today = county_today(session, world.county)
    for place in (world.first, world.second):
        register(session, world.county, place)
        for number in range(10):
            child = Child(township_id=place.township, case_code=f"X-{number}", pseudonym="x",
                          village_id=place.villages[0], birth_year=2015)  # fmt: skip
            child.categories = [
                ChildCategoryPeriod(township_id=place.township, category=ChildCategory.DISABLED, from_day=today)
            ]
            child.risks = [ChildRiskPeriod(township_id=place.township, level=RiskLevel.MEDIUM, from_day=today)]
            session.add(child)
    session.commit()
    client = in_english(log_in(AccountRole.COUNTY_OFFICER))
    return Officer(client, csrf_token(client), today.isoformat())


def exchange(session: Session, world: World) -> None:
    """A left-behind child of the first township becomes an orphan, an orphan of the second is left behind."""
    for place, child, category in ((world.first, 3, ORPHAN), (world.second, 0, LEFT)):
        mine = ChildCategoryPeriod.child_id == place.children[child]
        session.scalars(select(ChildCategoryPeriod).where(mine)).one().category = category
    session.commit()


def counted(session: Session, world: World, table: Table) -> int:
    """The first township's weight by a table, counted from its files."""
    weights = staffing.weight_classes(table)
    found = staffing.children_by_class(session, county_today(session, world.county), weights)[world.first.township]
    return sum(weights[name] * number for name, number in found.counts.items())


def test_tables_of_weights_tell_two_states_apart_no_more_than_the_county_page_does(
    officer: Officer, session: Session, world: World
) -> None:
    """Control: counted from the files, the same tables give the hidden number of orphans at high risk, 1 and then 2."""
    told, effects = officer.glance(), [officer.weigh(table) for table in TABLES]
    raw = [counted(session, world, table) for table in TABLES]
    exchange(session, world)
    assert officer.glance() == told
    assert [officer.weigh(table) for table in TABLES] == effects
    assert len(set(effects)) > 2  # the page does tell tables apart

    asked = CLASSES.index((ORPHAN.value, "high"))
    again = [counted(session, world, table) for table in TABLES]
    assert (raw[asked], again[asked]) == (1, 2)
    base = counted(session, world, WEIGHTS)
    assert again[len(CLASSES) + HIDDEN.index((ORPHAN.value, "high"))] - base == 2


def test_rules_tell_two_states_apart_no_more_than_the_county_page_does(
    officer: Officer, session: Session, world: World
) -> None:
    asked = list(product((ORPHAN, LEFT), RiskLevel, (1, 6, 29)))
    effects = [officer.rule(*one) for one in asked]
    exchange(session, world)
    assert [officer.rule(*one) for one in asked] == effects
    assert len(set(effects)) > 2


def test_each_look_leaves_a_line_that_tells_its_table_from_others(
    officer: Officer, session: Session, world: World
) -> None:
    officer.weigh(TABLES[0])
    officer.weigh(TABLES[1])
    officer.rule("disabled", "high", 1)
    lines = session.scalars(select(AuditEntry).where(AuditEntry.action.endswith(".preview"))).all()
    tables = [mark_of(table) for table in TABLES[:2]]
    assert [line.details.get("table") for line in lines] == [*tables, None]
    assert lines[2].action == "rule.preview"
    assert (lines[2].details["category"], lines[2].details["risk"]) == ("disabled", "high")
    assert all(line.account_id for line in lines)
