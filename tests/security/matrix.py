"""Every endpoint, method and subject: who asks, what for, and what came back."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tenants.enums import AccountRole
from tenants.models import (
    Absence,
    Account,
    AccountSession,
    ActivityPhoto,
    ActivitySeries,
    ActivityTemplate,
    AvailabilityException,
    AvailabilityInvitation,
    AvailabilityRequest,
    Bar,
    CalendarTable,
    CategoryWeights,
    Certificate,
    ChildCategoryPeriod,
    Concern,
    Consent,
    Disposal,
    Duty,
    Enrolment,
    Hold,
    HolidayPlan,
    Home,
    Lending,
    Message,
    Resource,
    Roster,
    ServiceContract,
    SheetUpload,
    SignUp,
    StaffAllocation,
    StaffMember,
    SwapRequest,
    Township,
    Training,
    Vetting,
    VettingRequest,
    Visit,
    VisitRule,
    VolunteerApplication,
    new_id,
)
from tests.conftest import csrf_token, post
from tests.world import PASSWORD, Place

SECRETS = {"static", "feeds.show", "account.link", "availability_answers.by_link"}  # reached by a secret, or nobody's
NOT_IDS = {
    "category": "left_behind",
    "risk": "high",
    "filename": "x",
    "token": "x",
    "number": "1",
    "subject": "holidays",
    "year": "2027",
    "kind": "people",
}
ELSEWHERE = "elsewhere"
"""The device of a log-in that nobody asks from."""
_NOISE = re.compile(r'(csrf-token" content|csrf_token"[^>]*value)="[^"]*"')


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Who asks; ``township`` None: a county officer, or nobody."""

    name: str
    role: AccountRole | None
    canary: str | None


@dataclass(frozen=True, kw_only=True)
class Request:
    """One endpoint and method with real ids filled in."""

    endpoint: str
    method: str
    path: str
    ids: tuple[str, ...]


@dataclass(kw_only=True)
class Tally:
    """What a walk found."""

    requests: int = 0
    faults: list[str] = field(default_factory=list)


def ids_of(session: Session, place: Place) -> dict[str, str]:
    """A real id of a township for each argument of the program's addresses."""
    township = place.township

    def any_id(model: type[Any]) -> str:
        return session.scalars(select(model.id).where(model.township_id == township)).first() or new_id()

    county = session.scalars(select(Township.county_id).where(Township.id == township)).one()

    def county_id(model: type[ServiceContract | StaffAllocation | StaffMember]) -> str:
        return session.scalars(select(model.id).where(model.county_id == county)).first() or new_id()

    def to_come(model: type[CalendarTable | CategoryWeights | VisitRule], since: InstrumentedAttribute[date]) -> str:
        query = select(model.id).where(model.county_id == county, since > datetime.now(UTC).date())
        return session.scalars(query).first() or new_id()

    draft = select(Roster.id).where(Roster.township_id == township, Roster.version.is_(None))
    log_ins = select(AccountSession.id).join(Account, Account.id == AccountSession.account_id)
    log_ins = log_ins.where(AccountSession.device == ELSEWHERE)  # whoever asks does not end the own log-in by it
    visit, asked = any_id(Visit), VettingRequest
    return {
        **NOT_IDS,
        "account_id": session.scalars(select(Account.id).where(Account.township_id == township)).first() or "",
        "activity_id": place.activity,
        "allocation_id": county_id(StaffAllocation),
        "contract_id": county_id(ServiceContract),
        "bar_id": session.scalars(select(Bar.id).where(Bar.township_id == township)).first() or new_id(),
        "batch_id": session.scalars(select(asked.batch).where(asked.township_id == township)).first() or new_id(),
        "request_id": session.scalars(select(asked.id).where(asked.township_id == township)).first() or new_id(),
        "check_id": any_id(Vetting),
        "child_id": place.children[0],
        "consent_id": any_id(Consent),
        "application_id": any_id(VolunteerApplication),
        "disposal_id": any_id(Disposal),
        "duty_id": any_id(Duty),
        "code": session.scalars(select(Home.door_code).where(Home.id == place.homes[0])).first() or new_id(),
        "certificate_id": any_id(Certificate),
        "concern_id": any_id(Concern),
        "hold_id": any_id(Hold),
        "absence_id": any_id(Absence),
        "asking_id": any_id(AvailabilityRequest),
        "invitation_id": any_id(AvailabilityInvitation),
        "exception_id": any_id(AvailabilityException),
        "lending_id": session.scalars(select(Lending.id).where(Lending.lender_id == township)).first() or new_id(),
        "log_in_id": session.scalars(log_ins.where(Account.township_id == township)).first() or new_id(),
        "rule_id": to_come(VisitRule, VisitRule.from_day),
        "table_id": to_come(CalendarTable, CalendarTable.since),
        "weights_id": to_come(CategoryWeights, CategoryWeights.from_day),
        "enrolment_id": any_id(Enrolment),
        "resource_id": any_id(Resource),
        "series_id": any_id(ActivitySeries),
        "template_id": any_id(ActivityTemplate),
        "plan_id": any_id(HolidayPlan),
        "message_id": any_id(Message),
        "photo_id": any_id(ActivityPhoto),
        "period_id": any_id(ChildCategoryPeriod),
        "person_id": next(iter(place.people.values())),
        "swap_id": any_id(SwapRequest),
        "wish_id": any_id(SignUp),
        "roster_id": session.scalars(draft).first() or "",
        "staff_id": county_id(StaffMember),
        "task_id": visit,
        "training_id": any_id(Training),
        "upload_id": any_id(SheetUpload),
        "township_id": township,
        "village_id": place.villages[0],
        "visit_id": visit,
    }


def requests(app: Flask, ids: dict[str, str]) -> Iterator[Request]:
    """Each endpoint and method; a new argument name must be given an id above."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        if rule.endpoint in SECRETS:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield Request(
                endpoint=rule.endpoint, method=method, path=_fill(rule, ids),
                ids=tuple(ids[name] for name in sorted(rule.arguments) if name not in NOT_IDS),
            )  # fmt: skip


def _fill(rule: Rule, ids: dict[str, str]) -> str:
    return re.sub(r"<(?:[^<>:]+:)?(\w+)>", lambda match: ids[match[1]], rule.rule)


def client_of(app: Flask, subject: Subject) -> tuple[FlaskClient, str]:
    """A logged-in browser and its token."""
    client = app.test_client()
    if subject.role is not None:
        answer = post(client, "/login", {"username": subject.name, "password": PASSWORD})
        assert answer.status_code == 303
    return client, csrf_token(client)


def ask(client: FlaskClient, token: str, request: Request) -> tuple[int, str]:
    """Status, and body with headers, less what differs between any two answers."""
    if request.method == "GET":
        answer = client.get(request.path)
    else:
        answer = client.post(request.path, data={"csrf_token": token})
        with client.session_transaction() as kept:  # what it would say on the next page is not that page's own
            kept.pop("_flashes", None)
    text = _NOISE.sub("", _text(answer)) + "\n".join(f"{k}: {v}" for k, v in answer.headers if k != "Set-Cookie")
    for one in request.ids:
        text = text.replace(one, "ID")
    return answer.status_code, re.sub(r"Content-Length: \d+", "", text)


def _text(answer: TestResponse) -> str:
    """The body; of a workbook, everything that is written in it."""
    if not answer.data.startswith(b"PK"):
        return answer.data.decode(errors="replace")
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        return "\n".join(archive.read(part).decode(errors="replace") for part in archive.infolist())
