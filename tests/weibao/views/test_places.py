"""Taking over and taking places, as people do it on their pages."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, DutyAnswer, DutyState, PersonKind, SignUpState
from tenants.models import Account, Activity, Duty, Person, SignUp, SwapAsk, SwapRequest, utc_now
from tests.conftest import LogIn, post
from tests.duties import add_visit, give
from tests.exchange import another
from tests.pages import in_english
from tests.world import World

VOLUNTEER, STAFF, WORKER = PersonKind.VOLUNTEER, PersonKind.STATION_STAFF, PersonKind.SOCIAL_WORKER


@pytest.fixture
def volunteer(log_in: LogIn) -> FlaskClient:
    return in_english(log_in(AccountRole.VOLUNTEER))


@pytest.fixture
def helper(session: Session, world: World) -> str:
    """The volunteer's duty as helper of the township's activity."""
    activity = session.get_one(Activity, (world.first.township, world.first.activity))
    return give(
        session, world.first, VOLUNTEER, activity=activity.id, role="helper", starts_at=activity.starts_at
    )  # fmt: skip


def test_a_volunteer_looks_for_a_substitute_and_a_colleague_steps_in(
    session: Session, world: World, helper: str, volunteer: FlaskClient, log_in: LogIn
) -> None:
    duty = session.get_one(Duty, (world.first.township, helper))
    activity = session.get_one(Activity, (world.first.township, world.first.activity))
    duty.ends_at = activity.ends_at
    assert "Ask for a substitute" in volunteer.get(f"/mine/duties/{helper}").text
    answer = post(volunteer, f"/mine/duties/{helper}/substitute", {"reason": "illness"}, follow_redirects=True)
    assert "1 person who fits has been asked" in answer.text
    swap = session.scalars(select(SwapRequest)).one()

    staff = in_english(log_in(AccountRole.STATION_STAFF))
    assert "1 colleague asks you to step in" in staff.get("/mine/duties").text
    page = staff.get("/places").text
    assert f"/places/calls/{swap.id}/take" in page
    answer = post(staff, f"/places/calls/{swap.id}/take", follow_redirects=True)

    assert "The duty is yours" in answer.text
    session.expire_all()
    held = session.scalars(select(Duty.person_id).where(Duty.state == DutyState.CONFIRMED)).one()
    assert held == world.first.people[STAFF]
    assert "Cancelled" in volunteer.get("/mine/duties").text
    assert post(staff, f"/places/calls/{swap.id}/take").status_code == 409


def test_whoever_is_asked_about_a_visit_does_not_see_its_case_code(
    session: Session, world: World, volunteer: FlaskClient, log_in: LogIn
) -> None:
    visit = add_visit(session, world.first, 1)
    give(session, world.first, WORKER, visit=visit, role="lead")
    duty = session.scalars(select(Duty)).one()
    worker, director = log_in(AccountRole.SOCIAL_WORKER), in_english(log_in(AccountRole.CHILD_DIRECTOR))
    assert "C-001" in worker.get(f"/mine/duties/{duty.id}").text
    post(worker, f"/mine/duties/{duty.id}/substitute", {"reason": "work"})
    page = director.get("/places").text
    assert "Home visit · CANARY-ALPHA" in page
    assert "C-001" not in page
    assert "/calls/" not in volunteer.get("/places").text


def test_an_answer_without_a_reason_is_refused_and_the_page_says_so(helper: str, volunteer: FlaskClient) -> None:
    for step in ("decline", "substitute"):
        answer = post(volunteer, f"/mine/duties/{helper}/{step}", {"reason": ""})
        assert answer.status_code == 422
        assert "Choose a reason." in answer.text
        assert "<details open>" in answer.text


def test_accepting_and_declining(session: Session, world: World, helper: str, volunteer: FlaskClient) -> None:
    assert "I shall come" in post(volunteer, f"/mine/duties/{helper}/accept", follow_redirects=True).text
    session.expire_all()
    duty = session.get_one(Duty, (world.first.township, helper))
    assert (duty.answer, duty.sequence) == (DutyAnswer.ACCEPTED, 0)
    duty.starts_at, duty.ends_at = duty.starts_at + timedelta(days=7), duty.ends_at + timedelta(days=7)
    session.commit()
    post(volunteer, f"/mine/duties/{helper}/decline", {"reason": "family"})
    session.expire_all()
    assert (duty.answer, duty.state) == (DutyAnswer.DECLINED, DutyState.CANCELLED)


def test_a_sign_up_waits_for_the_station(session: Session, world: World, volunteer: FlaskClient, log_in: LogIn) -> None:
    assert "2 free places" in volunteer.get("/places").text
    answer = post(volunteer, f"/places/{world.first.activity}", {"role": "helper"}, follow_redirects=True)
    assert "The station decides" in answer.text
    wish = session.scalars(select(SignUp)).one()
    head = in_english(log_in(AccountRole.STATION_HEAD))
    assert "To decide" in head.get("/exchange").text
    post(head, f"/exchange/{wish.id}/approve")
    session.expire_all()
    assert wish.state is SignUpState.ACCEPTED
    assert session.scalars(select(Duty.person_id)).one() == world.first.people[VOLUNTEER]
    assert post(head, f"/exchange/{wish.id}/refuse").status_code == 409


def test_a_wish_can_be_taken_back_and_refused(
    session: Session, world: World, volunteer: FlaskClient, log_in: LogIn
) -> None:
    post(volunteer, f"/places/{world.first.activity}", {"role": "helper"})
    wish = session.scalars(select(SignUp)).one()
    assert post(log_in(AccountRole.STATION_STAFF), f"/places/wishes/{wish.id}/withdraw").status_code == 404
    post(volunteer, f"/places/wishes/{wish.id}/withdraw")
    session.expire_all()
    assert wish.state is SignUpState.WITHDRAWN
    post(volunteer, f"/places/{world.first.activity}", {"role": "helper"})
    second = session.scalars(select(SignUp).where(SignUp.id != wish.id)).one()
    post(log_in(AccountRole.STATION_HEAD), f"/exchange/{second.id}/refuse")
    assert "The place was not given" in volunteer.get("/inbox").text


def test_a_role_that_does_not_fit_is_refused(world: World, volunteer: FlaskClient) -> None:
    for role in ("lead", "nothing", ""):
        assert post(volunteer, f"/places/{world.first.activity}", {"role": role}).status_code == 409


def unasked(session: Session, swap: SwapRequest) -> str:
    """Of the six who fit and have an account, the one whom the first wave has left out."""
    asked = {ask.person_id for ask in swap.asks}
    fit = Person.kind.in_([VOLUNTEER, STAFF]), Person.id.in_(select(Account.person_id))
    here = select(Person.id).where(Person.township_id == swap.township_id, Person.id != swap.person_id, *fit)
    (left,) = set(session.scalars(here)) - asked
    return left


def test_the_station_reads_when_the_next_are_asked_and_whom_to_call(
    session: Session, world: World, helper: str, volunteer: FlaskClient, log_in: LogIn
) -> None:
    activity = session.get_one(Activity, (world.first.township, world.first.activity))
    session.get_one(Duty, (world.first.township, helper)).ends_at = activity.ends_at
    another(session, world, "Without Account", account=False)
    for number in range(5):
        another(session, world, f"v{number}")
    session.commit()
    post(volunteer, f"/mine/duties/{helper}/substitute", {"reason": "illness"})
    swap = session.scalars(select(SwapRequest)).one()
    assert ", others are looked for." in volunteer.get(f"/mine/duties/{helper}").text
    head = in_english(log_in(AccountRole.STATION_HEAD))
    page = head.get("/exchange").text
    assert "5 people asked" in page
    assert "The next people are asked on" in page
    assert "Without Account" in page
    assert 'href="tel:00000000001"' in page
    session.add(SwapAsk(township_id=swap.township_id, swap_id=swap.id, person_id=unasked(session, swap)))
    session.commit()
    page = head.get("/exchange").text
    assert "Everybody who fits and has an account has been asked." in page
    assert "The next people are asked on" not in page
    swap.nobody_at = utc_now()
    session.commit()
    assert "Nobody left to ask" in head.get("/exchange").text


def test_whoever_waits_reads_their_place_in_the_queue(
    session: Session, world: World, helper: str, log_in: LogIn
) -> None:
    activity = session.get_one(Activity, (world.first.township, world.first.activity))
    activity.roles[1].maximum = 1
    person = another(session, world, "first in the queue")
    wish = SignUp(township_id=world.first.township, activity_id=activity.id, person_id=person, role="helper")
    wish.state = SignUpState.WAITING
    session.add(wish)
    session.commit()
    staff = in_english(log_in(AccountRole.STATION_STAFF))
    answer = post(staff, f"/places/{activity.id}", {"role": "helper"}, follow_redirects=True).text
    assert "You are number 2 on the waiting list." in answer
    assert "Number 2 on the waiting list" in answer
