"""A neighbouring township asks the main one for a volunteer, and waits for the answer."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import LendingState, PersonKind
from tenants.models import Lending, Person, Township
from weibao.demo.rows import seeded_id


def add_question(session: Session, lender: Township, rng: Random, today: date) -> None:
    """For the first Saturday from five days on, from nine to half past five."""
    others = select(Township).where(Township.county_id == lender.county_id, Township.id != lender.id)
    borrower = session.scalars(others.order_by(Township.name).limit(1)).first()
    if borrower is None:
        return
    staff = select(Person.name).where(Person.township_id == borrower.id, Person.kind == PersonKind.STATION_STAFF)
    day = today + timedelta(days=5)
    day += timedelta(days=(5 - day.weekday()) % 7)
    asked_at = datetime.combine(today - timedelta(days=1), time(2), tzinfo=UTC)
    session.add(
        Lending(
            county_id=lender.county_id,
            id=seeded_id(rng),
            lender_id=lender.id,
            lender_name=lender.name,
            lender_name_en=lender.name_en,
            borrower_id=borrower.id,
            borrower_name=borrower.name,
            borrower_name_en=borrower.name_en,
            state=LendingState.ASKED,
            kind=PersonKind.VOLUNTEER,
            from_day=day,
            to_day=day,
            from_minute=540,
            to_minute=1050,
            reason="儿童之家开放日，缺一名志愿者",
            asked_at=asked_at,
            borrower_at=asked_at,
            borrower_by=session.scalars(staff.order_by(Person.id).limit(1)).first() or "",
        )
    )
    session.flush()
