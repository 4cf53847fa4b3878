"""The ``weibao`` command."""

import os
import sys
from importlib import import_module
from io import TextIOWrapper

import click

from scheduling.errors import FaultsError
from tenants.errors import DomainError
from weibao import __version__
from weibao.told import ToldError

_COMMANDS = {
    "check-config": "server:check_config",
    "new-keys": "server:new_keys",
    "rotate-keys": "secrets:rotate_keys",
    "audit": "secrets:audit_group",
    "retention": "retention:retention",
    "db": "server:database",
    "serve": "server:serve_command",
    "worker": "server:worker",
    "demo": "demo:demo",
    "create-county": "county:create_county_command",
    "create-account": "county:create_account_command",
    "export-problem": "export:export_problem",
    "solve": "roster:solve_command",
    "allocate": "allocate:allocate_command",
    "explain": "roster:explain_command",
}
"""Module of ``weibao.commands`` and command in it: only the one that is called is loaded, so that ``solve`` does not
wait for Flask, nor ``serve`` for the problem's readers."""


class _Commands(click.Group):
    """A group that loads a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, in alphabetical order."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb's command, or None for an unknown one."""
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(f"weibao.commands.{module}"), name)
        return command


@click.group(cls=_Commands)
@click.version_option(__version__)
def cli() -> None:
    """未保 weibao: the operating desk of a county's child-protection network."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command; what a user can mend is told in one line, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Chinese is no reason to stop
    os.umask(os.umask(0o077) | 0o077)  # what the program writes, the database first, is for its own account alone
    try:
        cli.main(arguments, standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        sys.exit(130)
    except Exception as error:
        answer = _answer(error)
        if answer is None:
            raise
        click.echo(answer[0], err=True)
        sys.exit(answer[1])


def _answer(error: Exception) -> tuple[str, int] | None:
    """What to say and the exit code, or None for a fault of the program's own."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message(), error.exit_code
    if isinstance(error, click.ClickException):
        return f"weibao: {error.format_message()}", error.exit_code
    if isinstance(error, DomainError):
        return f"weibao: {error.field}: {error.message}" if error.field else f"weibao: {error.message}", 1
    if isinstance(error, FaultsError):
        return "\n".join(f"weibao: {fault}" for fault in error.faults), 2
    if _is_of_the_database(error):
        return f"weibao: the database cannot be used: {_first_line(error)}", 1
    return (f"weibao: {error}", 1) if isinstance(error, ToldError) else None


_NO_RIGHTS = {"42501", "42704", "3D000", "3F000"}
"""PostgreSQL's insufficient_privilege, undefined_object, invalid_catalog_name and invalid_schema_name."""


def _is_of_the_database(error: Exception) -> bool:
    """Whether the database itself failed or refuses the role; SQLAlchemy's other errors are a statement's fault."""
    from sqlalchemy.exc import DatabaseError, OperationalError  # noqa: PLC0415 -- most commands need no database

    refused = isinstance(error, DatabaseError) and getattr(error.orig, "sqlstate", None) in _NO_RIGHTS
    return refused or type(error) in {DatabaseError, OperationalError}


def _first_line(error: Exception) -> str:
    lines = str(getattr(error, "orig", error)).strip().splitlines()
    return lines[0] if lines else type(error).__name__


if __name__ == "__main__":
    main()
