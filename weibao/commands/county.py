"""A county with its places, and accounts."""

import sys
from pathlib import Path

import click
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole
from tenants.errors import InvalidError
from tenants.models import Person, Township
from tenants.scope import Scope
from tenants.services.accounts import create_account
from tenants.services.counties import create_county
from weibao.commands.common import county_named, ready_app, township_named
from weibao.config import Config
from weibao.db import session_for
from weibao.places import read_places


@click.command("create-county")
@click.argument("name")
@click.option("--name-en", required=True, help="Its name in English.")
@click.option("--places", type=click.Path(path_type=Path), required=True, help="Its places file (JSON).")
def create_county_command(name: str, name_en: str, places: Path) -> None:
    """Create a county: its townships, villages and Children's Homes, and visit rules marked as examples."""
    read = read_places(places)
    app = ready_app(Config.from_environment())
    with app.app_context(), session_for(Scope.of_system(reason="create a county")) as session:
        create_county(session, name=name, name_en=name_en, townships=read.townships)
    villages = sum(len(township.villages) for township in read.townships)
    click.echo(f"created {name}: townships: {len(read.townships)}, villages: {villages}")


@click.command("create-account")
@click.argument("username")
@click.option("--role", type=click.Choice([role.value for role in AccountRole]), required=True)
@click.option("--county", help="The county's name; may be left out where there is only one.")
@click.option("--township", help="The township's name; a county officer has none.")
@click.option("--person", help="Name or id of the person in the township whose account it is.")
@click.option("--name", help="The name shown; the person's, or the user name, unless given.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def create_account_command(
    username: str, role: str, county: str | None, township: str | None, person: str | None, name: str | None,
    password_stdin: bool,
) -> None:  # fmt: skip
    """Create an account; the password is asked for, and not shown."""
    app = ready_app(Config.from_environment())
    password = _password(from_stdin=password_stdin)
    with app.app_context(), session_for(Scope.of_system(reason="create an account")) as session:
        its_county = county_named(session, county)
        its_township = township_named(session, its_county, township) if township else None
        its_person = _person(session, its_township, person) if person else None
        create_account(
            session,
            Actor(county_id=its_county.id),
            username=username,
            password=password,
            role=AccountRole(role),
            display_name=name or (its_person.name if its_person else username),
            township_id=its_township.id if its_township else None,
            person_id=its_person.id if its_person else None,
        )
    click.echo(f"created {username}")


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        try:
            return sys.stdin.readline().rstrip("\r\n")
        except UnicodeDecodeError:
            raise click.UsageError("the password on standard input is not written in UTF-8") from None
    if not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask for the password: use --password-stdin")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _person(session: Session, township: Township | None, name: str) -> Person:
    if township is None:
        raise InvalidError("a person belongs to a township: name it too", field="person")
    query = select(Person).where(Person.township_id == township.id, or_(Person.name == name, Person.id == name))
    found = session.scalars(query).all()
    if not found:
        raise InvalidError(f"there is nobody called {name} in {township.name}", field="person")
    if len(found) > 1:
        raise InvalidError(f"several people are called {name}: give an id", field="person")
    return found[0]
