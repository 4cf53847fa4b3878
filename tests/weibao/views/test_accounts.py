"""Whose an account is: the station head says, of those below and of the own one, and the log keeps it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, PersonKind, VettingResult
from tenants.errors import ConflictError
from tenants.models import Account, AuditEntry, Person, Vetting, utc_now
from tenants.services import accounts
from tests.conftest import LogIn, post
from tests.pages import in_english, main_of
from tests.world import Place, World

HEAD, STAFF = AccountRole.STATION_HEAD, PersonKind.STATION_STAFF


def account_of(session: Session, place: Place, role: AccountRole) -> Account:
    session.expire_all()
    return session.scalars(select(Account).where(Account.username == place.usernames[role])).one()


def left_alone(session: Session, place: Place, *roles: AccountRole) -> dict[AccountRole, str]:
    """Accounts that belong to nobody; their ids."""
    found = {role: account_of(session, place, role) for role in roles}
    for account in found.values():
        account.person_id = None
    session.commit()
    return {role: account.id for role, account in found.items()}


def told(client: FlaskClient, account_id: str, person_id: str) -> int:
    return post(client, f"/accounts/{account_id}/person", {"person_id": person_id}).status_code


def test_a_head_without_a_person_says_who_they_are_and_it_is_logged(
    session: Session, log_in: LogIn, world: World
) -> None:
    own = left_alone(session, world.first, HEAD, AccountRole.STATION_STAFF)[HEAD]
    mine, head = world.first.people[STAFF], in_english(log_in(HEAD))
    for page in ("/mine/duties", "/places", "/availability", "/accounts/"):
        assert f'href="/accounts/{own}/person"' in main_of(head.get(page).text)
    assert told(head, own, mine) == 303
    assert account_of(session, world.first, HEAD).person_id == mine
    assert "belongs to no person" not in head.get("/mine/duties").text
    (kept,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "account.link_person"))
    assert (kept.subject_id, kept.account_id, kept.details) == (own, own, {"person": mine})
    assert "told whose it is" in head.get(f"/audit/?subject={own}").text


def test_a_volunteer_without_a_person_is_told_who_can_say_whose_the_account_is(
    session: Session, log_in: LogIn, world: World
) -> None:
    left_alone(session, world.first, AccountRole.VOLUNTEER)
    page = main_of(in_english(log_in(AccountRole.VOLUNTEER)).get("/mine/duties").text)
    assert "The station head can tie it to one" in page
    assert "/person" not in page


def test_a_head_says_whose_an_account_below_is_and_takes_it_back(session: Session, log_in: LogIn, world: World) -> None:
    place, role = world.first, AccountRole.VOLUNTEER
    below, head = left_alone(session, place, role)[role], log_in(HEAD)
    assert told(head, below, place.people[PersonKind.VOLUNTEER]) == 303
    assert account_of(session, place, role).person_id == place.people[PersonKind.VOLUNTEER]
    assert told(head, below, "") == 303
    assert account_of(session, place, role).person_id is None


def test_nobody_gets_the_person_of_another_account_a_guest_or_a_neighbour(
    session: Session, log_in: LogIn, world: World
) -> None:
    place = world.first
    below, head = left_alone(session, place, AccountRole.VOLUNTEER)[AccountRole.VOLUNTEER], log_in(HEAD)
    offered = head.get(f"/accounts/{below}/person").text
    volunteer = session.get_one(Person, (place.township, place.people[PersonKind.VOLUNTEER]))
    assert volunteer.id in offered
    volunteer.guest = True
    session.commit()
    for person in (place.people[STAFF], volunteer.id, world.second.people[PersonKind.VOLUNTEER]):
        assert told(head, below, person) == 422
    assert account_of(session, place, AccountRole.VOLUNTEER).person_id is None


def test_a_person_with_an_account_is_not_invited_a_second_time(session: Session, log_in: LogIn, world: World) -> None:
    head, volunteer = log_in(HEAD), world.first.people[PersonKind.VOLUNTEER]
    assert volunteer not in head.get("/accounts/new").text
    asked = {
        "username": "again",
        "display_name": "Again",
        "role": "volunteer",
        "township_id": "",
        "person_id": volunteer,
    }
    assert post(head, "/accounts/new", asked).status_code == 422
    with pytest.raises(ConflictError, match="an account already"):
        accounts.create_account(
            session, world.head, username="again", password=None, role=AccountRole.VOLUNTEER, display_name="Again",
            township_id=world.first.township, person_id=volunteer,
        )  # fmt: skip
    left_alone(session, world.first, AccountRole.VOLUNTEER)
    assert volunteer in head.get("/accounts/new").text
    assert post(head, "/accounts/new", asked).status_code == 200


def test_an_account_of_who_is_barred_becomes_nobody_elses(session: Session, log_in: LogIn, world: World) -> None:
    place = world.first
    free = left_alone(session, place, AccountRole.CHILD_DIRECTOR)[AccountRole.CHILD_DIRECTOR]
    barred = session.get_one(Person, (place.township, place.people[PersonKind.VOLUNTEER]))
    today = utc_now().date()
    barred.vettings.append(
        Vetting(checked_on=today, valid_through=today, result=VettingResult.BARRED)  # as a head enters it
    )
    session.commit()
    head, theirs = log_in(HEAD), account_of(session, place, AccountRole.VOLUNTEER).id
    assert told(head, theirs, place.people[PersonKind.CHILD_DIRECTOR]) == 403
    assert told(head, free, barred.id) in {403, 422}
    assert account_of(session, place, AccountRole.VOLUNTEER).person_id == barred.id


def test_the_account_of_purchased_staff_follows_them_and_is_not_told_otherwise(
    session: Session, log_in: LogIn, world: World
) -> None:
    place, head = world.first, log_in(HEAD)
    worker = account_of(session, place, AccountRole.SOCIAL_WORKER).id
    assert f'href="/accounts/{worker}/person"' not in head.get("/accounts/").text
    assert told(head, worker, "") == 422
    assert account_of(session, place, AccountRole.SOCIAL_WORKER).person_id == place.people[PersonKind.SOCIAL_WORKER]


@pytest.mark.parametrize("asking", ["head", "county", "staff"])
def test_only_a_head_says_it_of_the_own_township(session: Session, log_in: LogIn, world: World, asking: str) -> None:
    # of a neighbour's account the head, of an account below the county officer and the staff
    place = world.second if asking == "head" else world.first
    account = account_of(session, place, AccountRole.VOLUNTEER)
    client = log_in({"head": HEAD, "county": "county", "staff": AccountRole.STATION_STAFF}[asking])
    assert client.get(f"/accounts/{account.id}/person").status_code == (404 if asking == "head" else 403)
    assert told(client, account.id, "") == (404 if asking == "head" else 403)
    assert account_of(session, place, AccountRole.VOLUNTEER).person_id is not None


def test_the_county_reads_of_which_station_each_head_is(log_in: LogIn, world: World) -> None:
    page = main_of(log_in(AccountRole.COUNTY_OFFICER).get("/accounts/").text)
    rows = {row.split("<code>")[1].split("<")[0]: row for row in page.split("<tr>") if "<code>" in row}
    assert ">甲镇<" in rows["station_head-alpha"]
    assert ">乙镇<" in rows["station_head-beta"]
    assert len(rows) == 2
