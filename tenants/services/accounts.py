"""Accounts: add, disable, say whose they are."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole
from tenants.errors import ConflictError, ForbiddenError, InvalidError
from tenants.models import Account, Person
from tenants.queries import accounts as queries
from tenants.queries import bars
from tenants.services import audit_log, passwords


def create_account(
    session: Session,
    actor: Actor,
    *,
    username: str,
    password: str | None,
    role: AccountRole,
    display_name: str,
    township_id: str | None = None,
    person_id: str | None = None,
) -> Account:
    """Add an account; without a password nobody can log in to it until an invitation sets one.

    Raises:
        InvalidError: the password breaks a rule, or role and township do not go together.
        ForbiddenError: the person is barred.
        ConflictError: the user name is taken, or the person has an account.

    """
    if password is not None:
        passwords.check_rules(password, username)
    if (role is AccountRole.COUNTY_OFFICER) != (township_id is None):
        raise InvalidError("a county officer has no township, everybody else has one", field="township")
    _refuse_barred(session, township_id, person_id)
    _refuse_a_second(session, person_id, field="person")
    if not username.strip():
        raise InvalidError("must not be empty", field="username")
    if queries.by_username(session, username) is not None:
        raise ConflictError("is taken", field="username")
    account = Account(
        county_id=actor.county_id,
        username=username.strip(),
        password_hash=passwords.hash_of(password) if password is not None else "",
        role=role,
        display_name=display_name,
        township_id=township_id,
        person_id=person_id,
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:  # a name taken in a county or township that this session does not see
        raise ConflictError("is taken", field="username") from None
    audit_log.record(session, actor, "account.create", "account", account.id, details={"role": role.value})
    return account


def set_disabled(session: Session, actor: Actor, account: Account, *, disabled: bool) -> None:
    """Close or open an account; the caller ends its log-ins in a system session.

    Raises:
        ForbiddenError: it is to be opened for somebody who is barred.

    """
    if not disabled:
        _refuse_barred(session, account.township_id, account.person_id)
    account.disabled = disabled
    audit_log.record(session, actor, "account.disable" if disabled else "account.enable", "account", account.id)


def link_person(session: Session, actor: Actor, account: Account, person_id: str | None) -> None:
    """Say whose account it is: a person of its township, or nobody.

    Raises:
        InvalidError: there is no such person, or the account is purchased-service staff's, which moves with its post.
        ForbiddenError: the person is barred or a guest, or the one whose account it was is.
        ConflictError: the person has another account.

    """
    present = _person_of(session, account.township_id, account.person_id)
    if present is not None and present.dedicated:
        raise InvalidError("The account of purchased-service staff follows them to their next post.", field="person_id")
    if person_id and _person_of(session, account.township_id, person_id) is None:
        raise InvalidError("There is no such person in the township.", field="person_id")
    for one in (account.person_id, person_id):
        _refuse_barred(session, account.township_id, one)
    _refuse_a_second(session, person_id, field="person_id", but=account.id)
    account.person_id = person_id
    audit_log.record(session, actor, "account.link_person", "account", account.id, details={"person": person_id or ""})


def _refuse_a_second(session: Session, person_id: str | None, *, field: str, but: str = "") -> None:
    if person_id and queries.of_person(session, person_id, but=but) is not None:
        raise ConflictError("This person has an account already.", field=field)


def _person_of(session: Session, township_id: str | None, person_id: str | None) -> Person | None:
    return session.get(Person, (township_id, person_id)) if township_id and person_id else None


def _refuse_barred(session: Session, township_id: str | None, person_id: str | None) -> None:
    person = _person_of(session, township_id, person_id)
    if person is not None and (person.guest or bars.is_barred(person)):
        raise ForbiddenError("This person is not available: no account is opened for them.")
