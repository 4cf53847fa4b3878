"""How large a problem may be, and the ranges of its numbers; beyond them it is refused before any heavy work.

The counts are some three times the largest county that was tried; the numbers keep every cost far inside 64 bits.
"""

from typing import Final

MAX_BYTES: Final = 64 * 1024 * 1024
"""Size of a JSON file, in bytes."""
MAX_TASKS: Final = 5_000
MAX_PEOPLE: Final = 5_000
MAX_PLACES: Final = 1_000
MAX_DAYS: Final = 366
"""Days of a horizon."""
MAX_LIST: Final = 5_000
"""Entries of any list inside a person or a task (windows, skills, wishes)."""
MAX_ROLES: Final = 20
"""Roles of one task."""
MAX_SEATS: Final = 100
"""People in one role."""
MAX_TEXT: Final = 500
"""Characters of an id, a name or a skill."""
MAX_TASK_MINUTES: Final = 10_080
"""Length of one task: a week."""
MAX_TRAVEL: Final = 10_080
"""Travel between two places, in minutes."""
MAX_DAY_INDEX: Final = 100_000
"""Absolute value of a day index outside the horizon (a check that ended long ago, an old due day)."""
MAX_MINUTE: Final = 1_000_000
"""Absolute value of a minute or a gap that may lie outside the horizon."""
MAX_COUNT: Final = 100_000
"""Limits of a person, in minutes or tasks."""
MAX_RECENT: Final = 10_000
"""Tasks that a person did in the last 90 days."""
MAX_WEIGHT: Final = 10_000
"""Weight of one soft term."""
MAX_FAULTS: Final = 1_000
"""Faults that are listed; a file with more is worth no longer list."""
