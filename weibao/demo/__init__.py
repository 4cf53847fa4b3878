"""The demonstration county: plainly invented places and people, the same for the same seed and day."""

from weibao.demo.county import load

__all__ = ["load"]
