"""``python -m benchmarks``: every section of RESULTS.md that this machine can measure (about half an hour)."""

import sys

from benchmarks.roster import __main__ as roster

if __name__ == "__main__":
    sys.exit(roster.main())
