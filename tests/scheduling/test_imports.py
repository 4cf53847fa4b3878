"""Reading, auditing and explaining cost a web worker no solver and no compiler."""

import subprocess
import sys

HEAVY = ("numba", "numpy", "ortools", "llvmlite")
LIGHT = ("io", "check", "audit", "reasons", "explain", "roster")


def test_light_modules_import_nothing_heavy() -> None:
    names = "; ".join(f"import scheduling.{name}" for name in LIGHT)
    code = f"{names}; import sys; print([name for name in {HEAVY} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
