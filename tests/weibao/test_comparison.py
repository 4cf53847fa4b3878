"""Townships over months: nothing that is hidden follows from what is told beside it, whatever is shown."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from itertools import product
from random import Random
from types import SimpleNamespace

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.queries.glance import RISKS, Beginning, Counts, Month
from tests.weibao.test_small_numbers import fits, given_away, readings
from weibao import comparison
from weibao.comparison import NOTHING, Comparison
from weibao.indicators import INDICATORS, told
from weibao.small_numbers import HIDDEN, SMALL, UNTOLD, Told

TODAY = date(2026, 11, 12)
PLACES = ("a", "b", "c", "d")
LONG_AGO = Beginning(files=date(2015, 1, 1), work=date(2015, 1, 1))
GROUPED = [key for key, one in INDICATORS.items() if one.group]


def counts_of(children: int, level: Callable[[], str], group: int) -> Counts:
    """A township's month: each file has one level, and some of them a category."""
    return Counts(
        children=children,
        risks=Counter(level() for _child in range(children)),
        categories=Counter({"left_behind": group}),
    )


def months_of(rng: Random, spans: list[Month]) -> dict[Month, defaultdict[str, Counts]]:
    """A county of four townships, as months are read; numbers of files from none to twelve."""
    found = {}
    for span in spans:
        found[span] = defaultdict(Counts)
        for place in PLACES:
            children = rng.choice((0, 1, 3, 6, 9, 12))
            found[span][place] = counts_of(children, lambda: rng.choice(RISKS), rng.randint(0, children))
    return found


@pytest.fixture
def compare(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Comparison]:
    """A comparison of invented counts instead of a county's."""
    monkeypatch.setattr(comparison, "today", lambda: TODAY)

    def _compare(seed: int, key: str, base: str = "counts", *, chosen: tuple[str, ...] = PLACES) -> Comparison:
        page = Comparison(key=key, months=6, base=base, chosen=frozenset(chosen))
        spans = Month.last(18, TODAY)
        rows = [SimpleNamespace(id=place, name=place, name_en=place) for place in PLACES]
        workers = {span: Counter(dict.fromkeys(PLACES, 2)) for span in spans}
        begun = dict.fromkeys(PLACES, LONG_AGO)
        known = {"townships": rows, "_counts": months_of(Random(seed), spans), "_workers": workers, "_begun": begun}
        page.__dict__.update(known)
        return page

    with app.test_request_context():
        yield _compare


def possible(words: list[str], total: str, files: list[int]) -> list[set[int]]:
    """What each number and the total may be for a reader of a column who knows the files of each township."""
    ways = [
        (*way, sum(way))
        for way in product(
            *([n for n in range(most + 1) if fits(word, n)] for word, most in zip(words, files, strict=True))
        )
        if fits(total, sum(way))
    ]
    return [set(values) for values in zip(*ways, strict=True)]


def test_no_hidden_number_of_a_category_follows_from_the_table(compare: Callable[..., Comparison]) -> None:
    for seed in range(12):
        page = compare(seed, "left_behind")
        for place, span in enumerate(page.spans):
            *words, total = (line.words[place] for line in page.lines)
            files = [page._counts[span][one].children for one in PLACES]
            for word, numbers in zip([*words, total], possible(words, total, files), strict=True):
                assert word not in {SMALL, UNTOLD} or len(numbers) > 1


def test_what_is_hidden_as_a_count_has_no_rate_and_no_change(compare: Callable[..., Comparison]) -> None:
    for key, base, seed in product(("left_behind", "risk_high"), ("children", "workers"), range(4)):
        counts, rates = compare(seed, key), compare(seed, key, base)
        for line, rate in zip(counts.lines, rates.lines, strict=True):
            hidden = [word in {SMALL, HIDDEN, UNTOLD} for word in line.words]
            assert all(word == UNTOLD for word, is_hidden in zip(rate.words, hidden, strict=True) if is_hidden)
            for place, span in enumerate(counts.spans):
                before = counts._value(span.year_before(TODAY), None if line.is_county else line.name).word
                if hidden[place] or before in {SMALL, HIDDEN, UNTOLD}:
                    assert {line.changes[place], rate.changes[place]} <= {UNTOLD, NOTHING}


def test_cells_are_the_same_whichever_townships_are_chosen(compare: Callable[..., Comparison]) -> None:
    """Or two choices together would tell what each of them hides."""
    for key, seed in product(GROUPED, range(2)):
        every = {line.name: line.words for line in compare(seed, key).lines}
        for chosen in (("a",), ("b", "c"), ("a", "c", "d")):
            some = {line.name: line.words for line in compare(seed, key, chosen=chosen).lines}
            assert some == {name: every[name] for name in some}
            assert list(some)[:-1] == list(chosen)


LEVELS = st.lists(st.sampled_from(RISKS), max_size=7)


@settings(max_examples=60, deadline=None)
@given(files=st.lists(LEVELS, min_size=1, max_size=2))
def test_pages_of_all_levels_together_give_no_small_number_away(files: list[list[str]]) -> None:
    """A reader of the four levels' pages, and of the one of all open files, who puts them side by side."""
    counts = {str(n): Counts(children=len(levels), risks=Counter(levels)) for n, levels in enumerate(files)}
    pages = [told(f"risk_{level}", counts, list(counts)) for level in RISKS]
    table = Told(cells=[[page.cells[one] for page in pages] for one in counts], totals=[page.total for page in pages])
    assert given_away(table, readings(table, [len(levels) for levels in files])) == []


def test_change_is_that_of_whole_months_since_there_is_data(compare: Callable[..., Comparison]) -> None:
    """Files were first kept in July 2025: June 2026 has nothing to compare with, November 2026 is not over."""
    page = compare(1, "children")
    page.__dict__["_begun"] = defaultdict(Beginning, a=Beginning(files=date(2025, 7, 3)))
    for number, span in enumerate(page._read_spans):
        begun = span.first >= date(2025, 7, 1)
        page._counts[span]["a"] = Counts(children=10 + number if begun else 0)
        for other in PLACES[1:]:
            page._counts[span][other] = Counts()
    line = page.lines[0]
    assert line.words == [str(number) for number in range(22, 28)]
    assert line.changes == ("–", "+12", "+12", "+12", "+12", "–")
    assert page.heads[-2:] == ["2026-10", "2026-11 so far"]


def test_files_are_not_set_against_themselves_and_nothing_against_none(compare: Callable[..., Comparison]) -> None:
    page = compare(1, "children", "children")
    assert page.base_key == "counts"
    rates = compare(1, "done", "children")
    for span in rates.spans:
        rates._counts[span]["a"] = Counts(children=40, done=3)
        rates._counts[span]["b"] = Counts(children=0, done=1)
    assert [line.words[0] for line in rates.lines[:2]] == ["7.5", "–"]
    workers = compare(1, "done", "workers")
    workers._counts[workers.spans[0]]["a"] = Counts(children=40, done=3)
    assert workers.lines[0].words[0] == "1.5"


def test_months_before_a_township_used_the_program_have_no_number(compare: Callable[..., Comparison]) -> None:
    """Township a since July, b since November, the others not at all; none of them has done any visit yet."""
    page = compare(1, "done")
    page.__dict__["_begun"] = defaultdict(
        Beginning, a=Beginning(work=date(2026, 7, 31)), b=Beginning(files=date(2020, 1, 1), work=date(2026, 11, 1))
    )
    lines = {line.name: line.words for line in page.lines}
    assert lines["a"] == ["–", "0", "0", "0", "0", "0"]
    assert lines["b"] == lines["c"] == ["–", "–", "–", "–", "–", "0"]
    assert lines["County"] == ["–", "0", "0", "0", "0", "0"]
