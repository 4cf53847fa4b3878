"""Reading and auditing an allocation cost a web process no solver."""

import subprocess
import sys


def test_the_room_is_entered_without_a_solver() -> None:
    code = "import scheduling.allocation, sys; print([n for n in ('ortools', 'numpy', 'numba') if n in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
