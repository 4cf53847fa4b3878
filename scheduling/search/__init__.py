"""The compiled search; importing this package costs nothing, numba and numpy come with the first call.

``warm_up()`` compiles every kernel once (some half a minute on one core) and leaves the machine code in the user's
cache folder (jit.py), from where it loads in under a second. ``make demo`` and the tests' fixture call it, so that no
user waits.
"""


def warm_up() -> None:
    """Compile and cache every kernel; harmless if that was done before."""
    from scheduling.search.warm import compile_kernels  # noqa: PLC0415  # numba must not be imported with the package

    compile_kernels()
