"""A statement compiled once, for the one question that is asked so often that compiling its values would show."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Dialect, Select

Process = Callable[[Any], Any]


class Prepared:
    """A query in a database's own words; ``examples`` has a value for each parameter that differs from time to time."""

    def __init__(self, query: Select[*tuple[Any, ...]], dialect: Dialect, examples: Mapping[str, Any]) -> None:
        compiled = query.compile(dialect=dialect)
        values = compiled.construct_params({**examples})
        self._text = str(compiled)
        self._order: list[str] | None = compiled.positiontup
        self._processes = {name: _process(compiled.binds[name].type, dialect) for name in examples}
        self._fixed = {
            name: _process(compiled.binds[name].type, dialect)(value)
            for name, value in values.items()
            if name not in examples
        }

    def first(self, connection: Connection, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The first row, as the driver gives it."""
        given = self._fixed | {name: self._processes[name](value) for name, value in values.items()}
        ordered = given if self._order is None else tuple(given[name] for name in self._order)
        row = connection.exec_driver_sql(self._text, ordered).fetchone()
        return None if row is None else tuple(row)


def _process(kind: Any, dialect: Dialect) -> Process:
    return kind.dialect_impl(dialect).bind_processor(dialect) or (lambda value: value)
