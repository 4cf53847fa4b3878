"""weibao (未保): the operating desk of a county's child-protection network."""

__version__ = "0.1.0"
