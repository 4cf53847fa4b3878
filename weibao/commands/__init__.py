"""The verbs of the ``weibao`` command, a file for each noun."""
