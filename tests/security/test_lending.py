"""A loan opens nothing else: no page of either township shows anything of the other but who is lent."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole
from tenants.models import Lending, Person
from tenants.scope import Scope
from tenants.services import bookings
from tenants.services.bookings import Place
from tests import lent
from tests.drafts import VOLUNTEER, at
from tests.duties import add_visit, give
from tests.lent import agreed
from tests.security.matrix import Subject, ask, client_of, ids_of, requests
from tests.security.test_matrix import full
from tests.weibao.views.conftest import session
from tests.world import World
from weibao.db import session_for
from weibao.permissions import PERMISSIONS

__all__ = ["full", "session"]
NAME = "LENT-NAME"


@pytest.fixture
def lending(app: Flask, session: Session, full: World) -> World:
    """The second township lends its volunteer, who holds a visit at home and one in the first township."""
    person = session.get_one(Person, (full.second.township, full.second.people[VOLUNTEER]))
    person.name = person.name_en = NAME
    give(session, full.second, VOLUNTEER, visit=add_visit(session, full.second, 2), starts_at=at(lent.day(), 16))
    session.commit()
    with app.app_context(), lent.between(full) as work:
        agreed(work, full)
    with app.app_context(), session_for(Scope.of_township(full.county, full.first.township, reason="test")) as own:
        place = Place(visit_id=add_visit(own, full.first, 2), activity_id=None, role="lead",
                      starts_at=at(lent.day(), 9), ends_at=at(lent.day(), 10))  # fmt: skip
        bookings.book(own, person.id, place)
    return full


def test_no_page_of_either_township_shows_anything_of_the_other_but_who_is_lent(
    app: Flask, session: Session, lending: World
) -> None:
    """Every page of three roles, with the loan's id, and the guest's where a person is asked for."""
    world, seen, faults = lending, 0, []
    for own, other in ((world.first, world.second), (world.second, world.first)):
        ids = ids_of(session, own) | {"person_id": world.second.people[VOLUNTEER], "lending_id": loan(session)}
        session.commit()
        for role in (AccountRole.STATION_HEAD, AccountRole.SOCIAL_WORKER, AccountRole.CHILD_DIRECTOR):
            client, token = client_of(app, Subject(name=own.usernames[role], role=role, canary=own.canary))
            for request in requests(app, ids):
                if request.method != "GET" or role not in PERMISSIONS[request.endpoint]:
                    continue
                _status, text = ask(client, token, request)
                seen += NAME in text
                if other.canary in text:
                    faults.append(f"{role} {request.path}")
    assert faults == []
    assert seen > 10  # the control: the one fact that may be seen is seen


def loan(session: Session) -> str:
    """The loan between the two."""
    return session.scalars(select(Lending.id).where(Lending.begun_at.is_not(None))).one()
