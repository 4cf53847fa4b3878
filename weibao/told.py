"""Errors that a user can mend."""


class ToldError(Exception):
    """Its message is one line that the ``weibao`` command says in place of a traceback."""
