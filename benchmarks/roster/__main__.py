"""``python -m benchmarks.roster [PART...]``: measure, and write the parts' sections of RESULTS.md.

Parts: quality, first, proofs, replan, peers, routing, seats, huge; all without a name. The judge and the generator run
as programs of their own from the folder that WEIBAO_SHARED names, or ``../shared``.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.results import machine, put
from benchmarks.roster import sections
from benchmarks.roster.runs import ROSTERS
from scheduling.solve import warm_up

SMALL_TO_LARGE = ("small-1", "small-2", "small-3", "medium-1", "medium-2", "medium-3", "large-1", "large-2", "large-3")
ONE_OF_EACH = ("small-1", "medium-1", "large-1")
Seeds = tuple[int, ...]
JUDGED = "Every score is the judge's; no roster had a violation. *Ratio*: soft cost to the greedy planner's."

PARTS: dict[str, tuple[str, str, Callable[[Path, Seeds], str]]] = {
    "quality": (
        "Rosters against a careful planner by hand, 30 s",
        "Median of the solver's seeds; two threads. Numbers above 2 are instances made by the generator.",
        lambda folder, seeds: sections.quality(folder, SMALL_TO_LARGE, 30, seeds),
    ),
    "first": (
        "First answers",
        "One run each. *Stated*: from the packages loaded; *wall*: the whole command.",
        lambda folder, _seeds: sections.first_answers(folder, SMALL_TO_LARGE),
    ),
    "proofs": (
        "Proofs of tiny instances, 2 s",
        "One run each.",
        lambda folder, _seeds: sections.proofs(folder, tuple(f"tiny-{seed}" for seed in range(1, 6)), 2),
    ),
    "bounds": (
        "Bounds, 60 s",
        "One run each.",
        lambda folder, _seeds: sections.quality(
            folder, ("small-1", "small-2", "small-3", "medium-1", "medium-2"), 60, (0,)
        ),
    ),
    "replan": (
        "Re-planning",
        "Median of seeds 0, 1, 2 against one run of 120 s. *Dropped*: single changes taken back, the published seat "
        "kept, that give a valid and better roster; the control is a first-fit roster, on which some must be found.",
        lambda folder, _seeds: sections.replanning(
            folder, ("small-1-replan", "medium-1-replan", "large-1-replan"), 120
        ),
    ),
    "peers": (
        "Beside plain CP-SAT, 60 s",
        "*Plain*: the whole problem in one CP-SAT model with greedy's roster as hint, two threads.",
        lambda folder, _seeds: sections.peers(folder, ONE_OF_EACH, 60),
    ),
    "routing": (
        "Beside VROOM and Timefold, 30 s",
        "Only tasks for one person without a predecessor; limits over several windows taken out for all. VROOM knows "
        "travel alone, so it is ahead in travel where weibao pays for familiar faces and due days; Timefold was given "
        "every soft term, its default search and one thread, and the start of its Java machine is in its wall time.",
        lambda folder, _seeds: sections.routing(folder, ONE_OF_EACH, 30),
    ),
    "seats": (
        "Ranked alternatives for a seat",
        "Every last seat of greedy's roster, one warm process.",
        lambda folder, _seeds: sections.alternatives_for_a_seat(folder, "medium-1"),
    ),
    "huge": (
        "A huge instance, 60 s and 180 s",
        "2,040 tasks, 1,084 people; one run each.",
        lambda folder, _seeds: "\n\n".join(
            sections.quality(folder, ("huge-1",), seconds, (0,)) for seconds in (60, 180)
        ),
    ),
}


def main() -> int:
    """Measure the parts that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.roster", description=__doc__)
    parser.add_argument("parts", nargs="*", help=", ".join(PARTS))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2], help="of the quality part")
    given = parser.parse_args()
    chosen = given.parts or list(PARTS)
    if unknown := [part for part in chosen if part not in PARTS]:
        parser.error(f"no such part: {', '.join(unknown)} (known: {', '.join(PARTS)})")
    if not ROSTERS.is_dir():
        print(f"not measured: the judge and the generator are absent ({ROSTERS})")
        return 0
    warm_up()
    with tempfile.TemporaryDirectory() as folder:
        for part in chosen:
            title, how, measure = PARTS[part]
            where, seeds = machine(), f" --seeds {' '.join(map(str, given.seeds))}" if part == "quality" else ""
            text = measure(Path(folder), tuple(given.seeds))
            put(title, f"{how} {JUDGED}\n\n    python -m benchmarks.roster {part}{seeds}\n\n{where}.\n\n{text}")
            print(f"## {title}\n\n{text}\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
