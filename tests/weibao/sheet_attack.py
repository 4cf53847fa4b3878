"""A reader with a solver: what the county's published sheet of a month leaves possible for each number that it hides.

All that is told stands in one model: ranges, totals, the files of each township, that each file has one level of risk
and one category at least, and, if a sheet gave it away, what the children weigh. A hidden number is worked out if there
is no second solution in which it differs.
"""

from collections.abc import Iterable, Mapping, Sequence

from ortools.sat.python import cp_model

from tenants.enums import ChildCategory
from tenants.queries.county import Figures
from tenants.queries.glance import RISKS
from weibao.indicators import INDICATORS, Column
from weibao.small_numbers import HIDDEN, SMALL, THRESHOLD, UNTOLD

CATEGORIES = tuple(member.value for member in ChildCategory)
LEVELS = tuple(f"risk_{level}" for level in RISKS)
GROUPED = tuple(key for key, one in INDICATORS.items() if one.group)
ALONE = tuple(key for key in GROUPED if key not in CATEGORIES + LEVELS)
MANY = 1000
"""More than anybody thinks possible."""
Weights = Mapping[str, Mapping[str, int]]
Place = tuple[str, str]
"""A township, or "" for the county; and an indicator."""


class Riddle:
    """Numbers in their ranges, some of which are hidden, and all that is known of them."""

    def __init__(self) -> None:
        self.model = cp_model.CpModel()
        self.numbers: dict[Place, cp_model.IntVar] = {}

    def put(self, place: Place, word: str, most: int) -> None:
        """A number by what is told of it."""
        ranges = {SMALL: (1, min(most, THRESHOLD - 1)), HIDDEN: (THRESHOLD, most), UNTOLD: (0, most)}
        least, most = ranges[word] if word in ranges else (int(word), int(word))
        self.numbers[place] = self.model.new_int_var(least, most, " ".join(place))

    def only_one(self, hidden: Iterable[Place]) -> dict[Place, int]:
        """Those of some numbers that can only be one."""
        first = self._solved()
        assert first is not None, "what is told cannot be true"
        return {place: first[place] for place in hidden if self._otherwise(place, first[place]) is None}

    def _otherwise(self, place: Place, number: int) -> dict[Place, int] | None:
        asked, is_more, is_less = (self.model.new_bool_var("") for _ in range(3))
        self.model.add(self.numbers[place] > number).only_enforce_if(is_more)
        self.model.add(self.numbers[place] < number).only_enforce_if(is_less)
        self.model.add_bool_or(is_more, is_less).only_enforce_if(asked)
        self.model.clear_assumptions()
        self.model.add_assumption(asked)
        return self._solved()

    def _solved(self) -> dict[Place, int] | None:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        if solver.solve(self.model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return None
        return {place: solver.value(number) for place, number in self.numbers.items()}


class Reader(Riddle):
    """The model of whoever reads a sheet; ``weighed`` are the weights of all children by township, if it tells them."""

    def __init__(
        self, sheet: Mapping[str, Column], townships: Sequence[str], *, weighed: Mapping[str, int], table: Weights
    ) -> None:
        super().__init__()
        self.sheet = sheet
        self.files = {one: int(sheet["children"].cells[one]) for one in townships}
        for key in GROUPED:
            for one in (*townships, ""):
                most = MANY * len(townships) if not one else MANY if key in ALONE else self.files[one]
                self.put((one, key), self.word((one, key)), most)
            self.model.add(sum(self.numbers[one, key] for one in townships) == self.numbers["", key])
        for one in townships:
            self._know(one)
        for one, weight in weighed.items():
            self._weigh(one, weight, table)

    def word(self, place: Place) -> str:
        """What the sheet tells."""
        one, key = place
        return self.sheet[key].cells[one] if one else self.sheet[key].total

    def _know(self, one: str) -> None:
        """Each file has one level of risk and one category at least, and no category has more files than there are."""
        self.model.add(sum(self.numbers[one, key] for key in LEVELS) == self.files[one])
        self.model.add(sum(self.numbers[one, key] for key in CATEGORIES) >= self.files[one])
        for key in CATEGORIES:
            self.model.add(self.numbers[one, key] <= self.files[one])

    def _weigh(self, one: str, weight: int, table: Weights) -> None:
        """Each child weighs what the table has for a category of theirs and their risk."""
        counted = {
            (category, risk): self.model.new_int_var(0, self.files[one], f"{one} {category} {risk}")
            for category in CATEGORIES
            for risk in RISKS
        }
        for category in CATEGORIES:
            self.model.add(sum(counted[category, risk] for risk in RISKS) <= self.numbers[one, category])
        for risk in RISKS:
            self.model.add(sum(counted[kind, risk] for kind in CATEGORIES) == self.numbers[one, f"risk_{risk}"])
        self.model.add(sum(number * table[kind][risk] for (kind, risk), number in counted.items()) == weight)

    def worked_out(self) -> dict[Place, int]:
        """The hidden numbers that can only be one; those of a township without any files are no secret."""
        return self.only_one(
            place for place in self.numbers if self.word(place) in {SMALL, UNTOLD} and self.files.get(place[0], 1)
        )


def worked_out(
    sheet: Mapping[str, Column],
    townships: Sequence[str],
    *,
    weighed: Mapping[str, int] | None = None,
    table: Weights | None = None,
) -> dict[Place, int]:
    """Hidden numbers of a sheet that follow from all that it tells together, by township ("": the county's)."""
    return Reader(sheet, townships, weighed=weighed or {}, table=table or {}).worked_out()


def worked_out_of_villages(cells: Sequence[Mapping[str, str]], total: Figures) -> dict[Place, int]:
    """Hidden numbers of a township's villages, by their place in the list, that its page gives away.

    Whoever reads it knows the totals, that no more visits are rostered than are due, and that without children there
    are none. That there is nothing where a number is hidden is no secret.
    """
    riddle, of_visits = Riddle(), ("due", "covered", "overdue", "done")
    for key in ("children", *of_visits):
        for at, words in enumerate(cells):
            riddle.put((str(at), key), words[key], MANY)
        riddle.model.add(sum(riddle.numbers[str(at), key] for at in range(len(cells))) == getattr(total, key))
    for place in map(str, range(len(cells))):
        riddle.model.add(riddle.numbers[place, "covered"] <= riddle.numbers[place, "due"])
        for key in of_visits:
            riddle.model.add(riddle.numbers[place, key] <= MANY * riddle.numbers[place, "children"])
    hidden = [place for place in riddle.numbers if cells[int(place[0])][place[1]] in {SMALL, UNTOLD}]
    return {place: number for place, number in riddle.only_one(hidden).items() if number}
