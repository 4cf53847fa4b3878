"""How old somebody is on a day, and who counts as an adult (Civil Code, art. 17: from 18 years on)."""

from datetime import date

ADULT = 18
"""Years of age from which somebody is an adult."""
OLDEST = 100
"""Years of age; a day of birth further back is a slip of the pen."""


def age_on(born: date, day: date) -> int:
    """Whole years of age on a day; born on 29 February, a year is full on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def is_minor(born: date | None, day: date) -> bool:
    """Whether somebody is under 18 on a day; a day of birth that is not kept is an adult's."""
    return born is not None and age_on(born, day) < ADULT
