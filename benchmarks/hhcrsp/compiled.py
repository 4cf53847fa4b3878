"""Decorators for the kernels. Their machine code is kept where that of the scheduler's own kernels is."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

from scheduling.search import jit  # noqa: F401  # on import it tells numba which cache folder to use

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

_njit: Any = numba.njit  # its types leave out the options about wrappers
_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}


def kernel(function: Kernel) -> Kernel:
    """Compile into its callers: real calls, which pass a board as some fifty words, make the search twice as slow."""
    return cast("Kernel", _njit(**_OPTIONS, forceinline=True, no_cpython_wrapper=True)(function))


def entry(function: Kernel) -> Kernel:
    """Compile on first use, to be called from Python without the interpreter's lock."""
    return cast("Kernel", _njit(**_OPTIONS)(function))
