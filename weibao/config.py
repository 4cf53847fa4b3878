"""Settings, read once from WEIBAO_* variables. No secret has a default outside ``weibao demo``."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from tenants.crypto import Keyring
from weibao.told import ToldError

MINUTE = 60
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


class ConfigError(ToldError, ValueError):
    """A setting that cannot be used; the message is one line that names the variable."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """The program's settings.

    ``secret_key`` signs cookies; ``data_keys`` (NUMBER:BASE64, several by comma, the highest seals) and ``index_key``
    (BASE64) seal identities: ``weibao new-keys`` makes all three. ``owner_database_url`` is who owns the tables, for
    ``weibao db upgrade`` alone: on PostgreSQL the program itself must connect as another role, which row-level
    security holds. ``solver_seconds`` bounds one planning run. ``public_url`` is how phones reach the program, for
    calendar addresses; empty: as the request came. ``smtp_host`` lets e-mail out (``smtp_security`` is starttls, tls or
    none), ``webhook_url`` hands messages for phones to a gateway, signed with ``webhook_secret``; empty: neither is
    done. ``proxy_hops`` trusts that many reverse proxies. ``demo`` is set by
    ``weibao demo`` alone.
    """

    secret_key: str
    data_keys: str = ""
    index_key: str = ""
    database_url: str = "sqlite:///weibao.sqlite"
    owner_database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 5000
    threads: int = 8
    public_url: str = ""
    proxy_hops: int = 0
    secure_cookies: bool = False
    require_second_factor: bool = True
    language: str = "zh"
    embedded_worker: bool = True
    solver_seconds: int = 30
    solver_workers: int = 2
    session_minutes: int = 12 * MINUTE
    log_level: str = "INFO"
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_sender: str = ""
    webhook_url: str = ""
    webhook_secret: str = ""
    demo: bool = False

    def __post_init__(self) -> None:
        """Guard the ranges."""
        if len(self.secret_key) < 32:
            raise ConfigError("WEIBAO_SECRET_KEY: must be set, to at least 32 characters")
        try:
            Keyring.read(self.data_keys, self.index_key)
        except ValueError as error:
            raise ConfigError(f"WEIBAO_DATA_KEYS, WEIBAO_INDEX_KEY: {error}; 'weibao new-keys' makes them") from None
        _within("WEIBAO_PORT", self.port, 1, 65535)
        _within("WEIBAO_THREADS", self.threads, 1, 256)
        _within("WEIBAO_PROXY_HOPS", self.proxy_hops, 0, 5)
        _within("WEIBAO_SOLVER_SECONDS", self.solver_seconds, 1, 3600)
        _within("WEIBAO_SOLVER_WORKERS", self.solver_workers, 1, 64)
        _within("WEIBAO_SESSION_MINUTES", self.session_minutes, 5, 7 * 24 * MINUTE)
        if self.language not in {"zh", "en"}:
            raise ConfigError("WEIBAO_LANGUAGE: must be zh or en")
        if self.log_level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ConfigError("WEIBAO_LOG_LEVEL: must be DEBUG, INFO, WARNING or ERROR")
        self._check_ways_out()
        for name, url in (("DATABASE", self.database_url), ("OWNER_DATABASE", self.owner_url)):
            if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
                raise ConfigError(f"WEIBAO_{name}_URL: must begin with sqlite:/// or postgresql+psycopg://")
            _need_url(f"WEIBAO_{name}_URL", url)
            if url.removeprefix("sqlite:///") in {"", ":memory:"}:
                raise ConfigError(f"WEIBAO_{name}_URL: must name a file: what is in memory goes with the program")
        if self.owner_url.partition(":")[0] != self.database_url.partition(":")[0]:
            raise ConfigError("WEIBAO_OWNER_DATABASE_URL: must be of the database that WEIBAO_DATABASE_URL names")

    def _check_ways_out(self) -> None:
        _within("WEIBAO_SMTP_PORT", self.smtp_port, 1, 65535)
        if self.smtp_security not in {"starttls", "tls", "none"}:
            raise ConfigError("WEIBAO_SMTP_SECURITY: must be starttls, tls or none")
        if self.smtp_host and "@" not in self.smtp_sender:
            raise ConfigError("WEIBAO_SMTP_SENDER: must be the address that e-mail comes from")
        if self.smtp_user and self.smtp_security == "none":
            raise ConfigError("WEIBAO_SMTP_SECURITY: a password is not sent in clear: use starttls or tls")
        if self.webhook_url and not self.webhook_url.startswith(("https://", "http://")):
            raise ConfigError("WEIBAO_WEBHOOK_URL: must begin with https:// or http://")
        if self.webhook_url and len(self.webhook_secret) < 32:
            raise ConfigError("WEIBAO_WEBHOOK_SECRET: must be set, to at least 32 characters")

    @property
    def keyring(self) -> Keyring:
        """The keys that seal."""
        return Keyring.read(self.data_keys, self.index_key)

    @property
    def owner_url(self) -> str:
        """Who migrates the database."""
        return self.owner_database_url or self.database_url

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Config":
        """Read every field from ``WEIBAO_<FIELD>``; an SQLite file is looked for from the working directory.

        Raises:
            ConfigError: a variable is missing, unreadable or unknown.

        """
        known = {f"WEIBAO_{field.name.upper()}": field for field in fields(cls)}
        unknown = sorted(k for k in environment if k.startswith("WEIBAO_") and k not in known and "_TEST_" not in k)
        if unknown:
            raise ConfigError(f"{unknown[0]}: no such setting")
        given = {f.name: _read(k, environment[k], type(f.default)) for k, f in known.items() if k in environment}
        values: dict[str, Any] = {"secret_key": "", **given}
        config = cls(**values)
        owner_url = config.owner_database_url and _placed(config.owner_database_url)
        return replace(config, database_url=_placed(config.database_url), owner_database_url=owner_url)

    def to_environment(self) -> dict[str, str]:
        """The process's environment with these settings in it, for a child process."""
        own = {f"WEIBAO_{field.name.upper()}": str(getattr(self, field.name)) for field in fields(self)}
        return {**{k: v for k, v in os.environ.items() if not k.startswith("WEIBAO_")}, **own}


def _need_url(name: str, url: str) -> None:
    try:
        make_url(url)
    except (ArgumentError, ValueError):  # its message may hold the password
        raise ConfigError(f"{name}: cannot be read as an address") from None


def _placed(url: str) -> str:
    """The address with a whole path: Flask-SQLAlchemy would look for a relative one in Flask's instance folder."""
    parts = make_url(url)
    if parts.get_backend_name() != "sqlite" or not parts.database or parts.database.startswith("file:"):
        return url
    return parts.set(database=str(Path(parts.database).resolve())).render_as_string(hide_password=False)


def _within(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise ConfigError(f"{name}: must lie between {low} and {high}")


def _read(name: str, text: str, kind: type) -> str | int | bool:
    if kind is bool:
        if text.lower() not in _TRUE | _FALSE:
            raise ConfigError(f"{name}: must be true or false")
        return text.lower() in _TRUE
    if kind is int:
        try:
            return int(text)
        except ValueError:
            raise ConfigError(f"{name}: must be a whole number") from None
    return text
