"""The wheel holds everything the program reads, and runs in an empty environment with the locked packages alone."""

import os
import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from weibao.demo_accounts import LISTED

ROOT = Path(__file__).resolve().parents[2]


def run(*command: str | Path, cwd: Path) -> str:
    """What a command prints; it sees neither the checkout nor the caller's settings."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("WEIBAO_", "PYTHON", "VIRTUAL_ENV"))
    }
    done = subprocess.run(command, cwd=cwd, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as a packager builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT, cwd=folder)
    return next(folder.glob("weibao-*.whl"))


def files(folder: str, into: str) -> set[str]:
    """The names that a folder's files should have in the wheel."""
    paths = [path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*") if path.is_file()]
    return {f"{into}/{path.as_posix()}" for path in paths if "__pycache__" not in path.parts}


def test_wheel_holds_every_file_of_the_program(wheel: Path) -> None:
    held = set(ZipFile(wheel).namelist())
    wanted = {name for room in ("weibao", "tenants", "scheduling") for name in files(room, room)}
    wanted |= files("templates", "weibao/templates") | files("migrations", "weibao/migrations")

    assert {name for name in wanted if name.startswith("weibao/static/vendor/")} != set()
    assert {f"weibao/translations/{locale}/LC_MESSAGES/messages.mo" for locale in ("en", "zh_Hans_CN")} - held == set()
    assert wanted - held == set()


def test_wheel_holds_nothing_of_the_workshop(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in ZipFile(wheel).namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"weibao", "tenants", "scheduling"}


def test_wheel_sets_up_the_demonstration_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    pip = (python, "-m", "pip", "install", "--quiet", "--no-compile")
    run(*pip, "--require-hashes", "-r", ROOT / "requirements.lock", cwd=tmp_path)
    run(*pip, "--no-deps", wheel, cwd=tmp_path)

    run(python, "-m", "pip", "check", cwd=tmp_path)
    printed = run(tmp_path / "env" / "bin" / "weibao", "demo", "--check", "--folder", tmp_path / "demo", cwd=tmp_path)

    assert all(login.username in printed for login in LISTED)
