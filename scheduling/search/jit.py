"""Compiled code: one decorator for every kernel of the search, and where its machine code is kept."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import config, types

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def _fingerprint() -> str:
    """A digest of the kernels' sources: numba alone notices a change of a kernel's own file, not of its callees'."""
    digest = hashlib.sha256(numba.__version__.encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def cache_folder() -> Path:
    """The user's cache folder for this version of the kernels, or a temporary one where that is read-only."""
    name = f"weibao-kernels-{_fingerprint()}"
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    if _writable(home / name):
        return home / name
    return Path(tempfile.gettempdir()) / f"{name}-{os.getuid()}"


if not os.environ.get("NUMBA_CACHE_DIR"):
    vars(config)["CACHE_DIR"] = str(cache_folder())  # read by numba when a kernel is decorated


_NJIT: Any = numba.njit  # its annotations leave out the options of the next line
_OPTIONS = {"cache": True, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}


def _plain(kind: types.Type) -> types.Type:
    """One type for all whole numbers: neither constants nor table columns should make a kernel be compiled again."""
    kind = types.unliteral(kind)  # type: ignore[no-untyped-call]  # numba left it without types
    return types.int64 if isinstance(kind, types.Integer) else kind


def _compiled_once(dispatcher: Any) -> Any:
    if vars(config)["DISABLE_JIT"]:  # numba's own switch, to trace or measure the kernels as Python
        return dispatcher
    general = dispatcher.get_call_template

    def get_call_template(args: tuple[types.Type, ...], kws: dict[str, types.Type]) -> Any:
        return general(tuple(_plain(arg) for arg in args), kws)

    dispatcher.get_call_template = get_call_template
    return dispatcher


def kernel(function: Kernel) -> Kernel:
    """Compile for the use of other kernels; without the wrappers that a call from Python needs, they cost most time."""
    return cast("Kernel", _compiled_once(_NJIT(**_OPTIONS, no_cpython_wrapper=True)(function)))


def entry(function: Kernel) -> Kernel:
    """Compile on first use, to be called from Python without the interpreter's lock; the machine code stays on disk."""
    return cast("Kernel", _compiled_once(_NJIT(**_OPTIONS)(function)))
