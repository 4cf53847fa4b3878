"""Periods to begin with: an example for a county to change, since no national period for these files was found.

The law asks that personal information be kept no longer than its purpose needs (Personal Information Protection Law,
art. 19) and names no number of months for a station's ledger. An example previews, and destroys
nothing.
"""

from tenants.enums import ChildCategory

# category -> months until a file is closed (after the category ended); then anonymised, erased (after it was closed)
EXAMPLES: dict[ChildCategory, tuple[int, int, int]] = {
    ChildCategory.LEFT_BEHIND: (3, 24, 60),
    ChildCategory.IN_DIFFICULTY: (6, 36, 120),
    ChildCategory.DISABLED: (6, 36, 120),
    ChildCategory.SCATTERED_ORPHAN: (6, 60, 180),
    ChildCategory.DE_FACTO_UNSUPPORTED: (6, 60, 180),
}
