"""``python -m benchmarks.hhcrsp INSTANCE.json -o SOLUTION.json --seconds N``: solve one instance."""

import argparse
import json
import sys
from pathlib import Path

from benchmarks.hhcrsp.instance import Instance


def main(arguments: list[str] | None = None) -> int:
    """Exit 0 with a solution written, 2 where the instance or the options cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hhcrsp", description=__doc__)
    parser.add_argument("instance", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=10.0, help="time limit after compiling (default 10)")
    parser.add_argument("--workers", type=int, default=2, help="threads, each with its own seed (default 2)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    try:
        instance = Instance.read(options.instance)
        from benchmarks.hhcrsp.anneal import solve  # noqa: PLC0415  # a wrong file is told before anything is compiled

        found = solve(instance, seconds=options.seconds, workers=options.workers, seed=options.seed)
        options.output.write_text(json.dumps(found.to_json(), indent=1), encoding="utf-8")
    except (OSError, ValueError) as error:
        print(f"hhcrsp: {error}", file=sys.stderr)
        return 2
    tardy = f"tardiness {found.tardiness:.3f}, largest {found.max_tardiness:.3f}"
    print(f"cost {found.cost:.3f} (travel {found.travel:.3f}, {tardy})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
