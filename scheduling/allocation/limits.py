"""How large an allocation problem may be; the numbers keep every sum far inside 64 bits."""

from typing import Final

MAX_TOWNSHIPS: Final = 1_000
MAX_STAFF: Final = 5_000
MAX_CELLS: Final = 2_000_000
"""Townships times workers: the size of the commute table."""
MAX_KINDS: Final = 200
"""Categories of children, and skills that one township asks for."""
MAX_CHILDREN: Final = 1_000_000
"""Children of one category in one township."""
MAX_WEIGHT: Final = 10_000
MAX_DEMAND: Final = 1_000_000
"""Demand of one township; spread has its square, times 200, summed over the townships."""
MAX_POSTS: Final = 5_000
"""``min_staff``, ``max_staff``, and how many workers with a skill a township asks for."""
MAX_MINUTES: Final = 10_080
