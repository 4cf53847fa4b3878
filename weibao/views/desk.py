"""Where each role starts: what waits for this account today."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import Blueprint, render_template

from tenants.enums import AccountRole
from tenants.queries import concerns, duties, freed, people, postings, station, vetting, village
from tenants.queries import county as figures
from tenants.queries import first_steps as first
from tenants.queries.duties import HeldDuty
from weibao import abroad, duty_words
from weibao.access import may, me
from weibao.db import db
from weibao.i18n import today, zone
from weibao.message_words import since
from weibao.permissions import STATION
from weibao.views import county
from weibao.words import named

blueprint = Blueprint("desk", __name__)
_NEXT = 5
_WEEK = timedelta(days=7)


@blueprint.get("/")
def start() -> str:
    """The start page of the account's role."""
    role = me().role
    if role is AccountRole.COUNTY_OFFICER:
        return county.townships()
    return _station() if role in STATION else _field()


@blueprint.get("/health")
def health() -> tuple[dict[str, str], int]:
    """For a supervisor process: the program answers."""
    return {"status": "ok"}, 200


def _station() -> str:
    """The next roster, overdue visits, checks that end soon."""
    session, day = db.session(), today()
    (own,) = figures.townships(session, day, datetime.combine(day, time(), tzinfo=zone()))
    published, drafts = station.rosters_ahead(session, day)
    now = datetime.now(UTC)
    lapsing = vetting.lapsing(session, day, now, zone())
    steps = None if first.has_published(session) else first.first_steps(session, day, now)
    return render_template(
        "desk/station.html",
        place=named(own),
        **_concerns(),
        steps=steps,
        figures=own.figures,
        published=published,
        drafts=drafts,
        overdue=station.overdue_visits(session, day),
        ending=station.checks_ending(session, day),
        unchecked=people.unchecked(session, day),
        postings=postings.notices(session, day, zone()),
        lapsing=lapsing,
        falling=sum(len(row.tasks) for row in lapsing),
        freed=freed.freed(session, now),
    )


def _concerns() -> dict[str, Any]:
    """Concerns about a child that wait for this account, with the time that has passed: they stand first."""
    waiting = concerns.unread(db.session(), me().actor) if may("concerns.index") else []
    return {"concerns": waiting, "since": since, "now": datetime.now(UTC)}


def _coming(person_id: str, now: datetime) -> list[HeldDuty]:
    """My duties at home and where I am lent."""
    return abroad.gathered(db.session(), me().township_id, person_id, lambda work: duties.coming(work, person_id, now))


def _field() -> str:
    """My next duties; for a child director the village's numbers too."""
    session, user, now = db.session(), me(), datetime.now(UTC)
    coming = _coming(user.person_id, now) if user.person_id else []
    held = [duty for duty in coming if not duty.is_cancelled]
    directed = village.directed_by(session, user.actor) if user.role is AccountRole.CHILD_DIRECTOR else None
    due = village.due_visits(session, directed.id, today()) if directed else []
    return render_template(
        "desk/field.html",
        place=user.place,
        **_concerns(),
        days=duty_words.by_day(coming[:_NEXT]),
        this_week=sum(duty.starts_at < now + _WEEK for duty in held),
        coming=len(held),
        changed=sum(duty.is_changed or duty.is_cancelled for duty in coming),
        village=directed,
        overdue=sum(visit.due_on < today() for visit in due),
        unplanned=sum(visit.planned_at is None for visit in due),
        words=duty_words,
        postings=postings.notices(session, today(), zone(), person_id=user.person_id) if user.person_id else [],
    )
