"""What the county sends upwards, read by somebody with a solver: nothing that is hidden can be worked out."""

from collections import Counter
from collections.abc import Mapping
from random import Random

import pytest

from tenants.queries.county import Figures, VillageRow, total
from tenants.queries.glance import RISKS, Counts
from tests.weibao.sheet_attack import CATEGORIES, GROUPED, worked_out, worked_out_of_villages
from weibao.indicators import INDICATORS, Column, told_together
from weibao.small_numbers import SMALL, is_small, shown, told_parts
from weibao.views.county import told_cells

PLACES = tuple("abcdef")
WEIGHTS = {kind: dict(zip(RISKS, (6 + at, 3, 1, 2), strict=True)) for at, kind in enumerate(CATEGORIES)}


def township(rng: Random, files: int) -> Counts:
    """Each file has a level and a category, few have a second one; most are of the first two categories."""
    first = [rng.choices(CATEGORIES, [8, 4, *[1] * (len(CATEGORIES) - 2)])[0] for _ in range(files)]
    second = [rng.choice(CATEGORIES) for _ in range(files) if rng.random() < 0.05]
    return Counts(
        children=files,
        categories=Counter(first) | Counter(second),
        risks=Counter(rng.choices(RISKS, [1, 3, 6, 1])[0] for _ in range(files)),
        came=rng.choice((0, 2, 4, 9, 30)),
        guardians=rng.choice((0, 1, 4, 12)),
    )


def county(seed: int) -> dict[str, Counts]:
    rng = Random(seed)
    return {one: township(rng, rng.choice((0, 1, 3, 6, 8, 20, 45))) for one in PLACES}


def sheet_of(counts: Mapping[str, Counts]) -> dict[str, Column]:
    return told_together(INDICATORS, counts, list(counts))


def with_ranges_alone(counts: Mapping[str, Counts]) -> dict[str, Column]:
    """The sheet as it would be if small numbers were hidden and nothing else: the negative control."""
    sheet = sheet_of(counts)
    for key in GROUPED:
        numbers = {one: INDICATORS[key].read(row) for one, row in counts.items()}
        words = {one: SMALL if is_small(number) else str(number) for one, number in numbers.items()}
        total = sum(numbers.values())
        sheet[key] = Column(cells=words, total=SMALL if is_small(total) else str(total))
    return sheet


def weight_of(counts: Counts) -> int:
    """What the township's children weigh, were each of one category alone."""
    kind = max(CATEGORIES, key=lambda one: counts.categories[one])
    return sum(WEIGHTS[kind][risk] * number for risk, number in counts.risks.items())


@pytest.mark.parametrize("seed", range(25))
def test_nothing_hidden_on_the_sheet_of_a_month_can_be_worked_out(seed: int) -> None:
    counts = county(seed)
    assert worked_out(sheet_of(counts), PLACES) == {}


def test_sheet_that_hides_small_numbers_and_nothing_else_is_broken_by_the_same_reader() -> None:
    found = [worked_out(with_ranges_alone(county(seed)), PLACES) for seed in range(5)]
    assert all(found)
    counts = county(0)
    assert {place: INDICATORS[place[1]].read(counts[place[0]]) for place in found[0] if place[0]} == {
        place: number for place, number in found[0].items() if place[0]
    }


def one_kind(files: int, **risks: int) -> Counts:
    return Counts(children=files, categories=Counter({CATEGORIES[0]: files}), risks=Counter(risks))


def test_weights_of_each_township_would_give_hidden_numbers_away() -> None:
    """Why no sheet tells them: 3 high and 2 none of ten files of one category weigh 27, and so does no other choice."""
    counts = {one: one_kind(10, high=3, none=2, low=5) for one in "ab"}
    sheet, table = sheet_of(counts), {kind: {"high": 6, "medium": 3, "low": 1, "none": 2} for kind in CATEGORIES}
    assert worked_out(sheet, "ab") == {}
    assert {place[1] for place in worked_out(sheet, "ab", weighed={"a": 27, "b": 27}, table=table)} >= {"risk_high"}


def test_categories_that_are_told_one_by_one_give_away_how_a_township_is_divided() -> None:
    """Eight files in two categories of "<5": four in each, and by the totals three in the others. Not so together."""
    rows = {
        "a": Counts(children=8, categories=Counter(dict.fromkeys(CATEGORIES[:2], 4)), risks=Counter(low=8)),
        "b": Counts(children=30, categories=Counter(dict.fromkeys(CATEGORIES[:2], 15)), risks=Counter(low=30)),
        "c": Counts(children=9, categories=Counter({CATEGORIES[0]: 3, CATEGORIES[1]: 9}), risks=Counter(low=9)),
        "d": Counts(children=9, categories=Counter({CATEGORIES[0]: 9, CATEGORIES[1]: 3}), risks=Counter(low=9)),
    }
    alone = sheet_of(rows)
    for key in CATEGORIES:
        parts = told_parts([row.categories[key] for row in rows.values()], [row.children for row in rows.values()])
        alone[key] = Column(
            cells=dict(zip(rows, (line[0] for line in parts.cells), strict=True)), total=parts.totals[0]
        )
    assert worked_out(alone, list(rows)) == {
        ("a", CATEGORIES[0]): 4, ("a", CATEGORIES[1]): 4, ("c", CATEGORIES[0]): 3, ("d", CATEGORIES[1]): 3
    }  # fmt: skip
    assert worked_out(sheet_of(rows), list(rows)) == {}


def villages(seed: int) -> list[VillageRow]:
    """A township of some villages; with one alone its total would be the village's."""
    rng = Random(seed)

    def village(at: int, children: int) -> VillageRow:
        def some(most: int) -> int:
            return sum(rng.random() < 0.5 for _ in range(most))

        due = some(children)
        figures = Figures(children=children, due=due, covered=some(due), overdue=some(children), done=some(children))
        return VillageRow(id=str(at), name="", name_en="", figures=figures)

    sizes = [*rng.sample((0, 1, 2, 3, 4), rng.randint(1, 4)), *rng.choices((5, 8, 14), k=2)]
    return [village(at, children) for at, children in enumerate(sizes)]


@pytest.mark.parametrize("seed", range(40))
def test_nothing_hidden_of_a_village_can_be_worked_out(seed: int) -> None:
    rows = villages(seed)
    assert worked_out_of_villages(told_cells(rows), total(rows)) == {}


def test_columns_of_villages_that_hide_each_for_itself_are_broken_by_the_same_reader() -> None:
    """The totals of due and rostered visits together: with four of four rostered in two villages, one is due in c."""
    columns = {"children": [2, 5, 4, 2], "due": [2, 3, 1, 2], "covered": [2, 2, 0, 2]}
    words = {key: [SMALL if place != 1 and is_small(count) else str(count) for place, count in enumerate(column)]
             for key, column in columns.items()}  # fmt: skip
    words["children"] = shown(columns["children"])
    cells = [{key: column[at] for key, column in words.items()} | {"overdue": "0", "done": "0"} for at in range(4)]
    assert worked_out_of_villages(cells, Figures(children=13, due=8, covered=6))["2", "due"] == 1
