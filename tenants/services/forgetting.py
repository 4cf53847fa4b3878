"""What is destroyed of a child's file, table by table, and what is left for statistics.

Anonymising leaves village, year of birth in fives, categories, risks and visits with their days, under a new code that
nobody can link to the old one. Erasing leaves only the row, and the visits, that published rosters point to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tenants.enums import DisposalStep
from tenants.models import (
    Assignment,
    Attendance,
    Child,
    ChildCategoryPeriod,
    ChildRiskPeriod,
    Concern,
    Consent,
    DisposalFile,
    Duty,
    Enrolment,
    FamiliarPerson,
    FileOpening,
    Hold,
    UnservedTask,
    Visit,
    new_id,
)
from tenants.services import photos
from tenants.services.identities import Identity

AGE_BAND = 5
"""Years; a year of birth is rounded down to a multiple of it."""
KINDS: Mapping[DisposalStep, tuple[str, ...]] = {
    DisposalStep.CLOSE: (),
    DisposalStep.IDENTITY: ("identity",),
    DisposalStep.ANONYMISE: ("identity", "names", "person", "acquaintances", "texts", "consents", "photos"),
    DisposalStep.ERASE: ("identity", "names", "person", "acquaintances", "texts", "consents", "photos", "history"),
}
"""What a step destroys, as the certificate lists it."""


@dataclass(frozen=True, kw_only=True)
class Treatment:
    """What becomes of a table's rows of one child.

    ``blank`` are the columns that are emptied when the file is anonymised, with what stands there afterwards;
    ``delete`` lists the steps at which the rows go.
    """

    model: type[Any]
    blank: Mapping[str, object]
    delete: frozenset[DisposalStep]


_BOTH, _LAST = frozenset({DisposalStep.ANONYMISE, DisposalStep.ERASE}), frozenset({DisposalStep.ERASE})
TREATMENTS: Mapping[str, Treatment] = {
    treatment.model.__tablename__: treatment
    for treatment in (
        Treatment(model=ChildCategoryPeriod, blank={}, delete=_LAST),
        Treatment(model=ChildRiskPeriod, blank={}, delete=_LAST),
        Treatment(model=FamiliarPerson, blank={}, delete=_BOTH),
        Treatment(model=Consent, blank={}, delete=_BOTH),
        Treatment(model=Enrolment, blank={}, delete=_LAST),
        Treatment(model=Hold, blank={}, delete=_BOTH),
        Treatment(model=FileOpening, blank={}, delete=_BOTH),
        Treatment(model=DisposalFile, blank={"child_id": None}, delete=frozenset()),
        Treatment(
            model=Visit,
            blank={"note_sealed": None, "needs_gender": None, "day_facts": [], "day_note_sealed": None},
            delete=_LAST,
        ),
    )
}
"""Every table that points to a child has a line here; a test fails for one that has none."""


def forget(session: Session, child: Child, step: DisposalStep, today: date) -> None:
    """Destroy what a step destroys; the caller has seen to it that two people want it."""
    _forget_identity(child)
    if step is DisposalStep.IDENTITY:
        return
    _forget_texts(session, child)
    photos.forget_child(session, child)  # before the enrolments go that say where it was
    for treatment in TREATMENTS.values():
        _treat(session, child, step, treatment)
    child.case_code, child.pseudonym = f"X-E{new_id()[:10].upper()}", ""
    child.birth_year -= child.birth_year % AGE_BAND
    child.gender = child.needs_gender = child.confirmed_on = None
    child.anonymised_on = child.anonymised_on or today
    if step is DisposalStep.ERASE:
        child.birth_year, child.erased_on = 0, today
    session.flush()
    session.expire(child)


def _forget_identity(child: Child) -> None:
    for field in fields(Identity):
        setattr(child, f"{field.name}_sealed", None)
    child.id_number_index = None


def _forget_texts(session: Session, child: Child) -> None:
    """Empty what was written about the child's visits: notes on duties, and the concerns that came of them.

    A concern without a duty names a village alone; nobody can tell whose it is.
    """
    visits = select(Visit.id).where(Visit.township_id == child.township_id, Visit.child_id == child.id)
    held = select(Duty.id).where(Duty.township_id == child.township_id, Duty.visit_id.in_(visits))
    notes = select(Attendance).where(Attendance.township_id == child.township_id, Attendance.duty_id.in_(held))
    for note in session.scalars(notes):
        note.note_sealed = None
    raised = select(Concern).where(Concern.township_id == child.township_id, Concern.duty_id.in_(held))
    for concern in session.scalars(raised):
        concern.text_sealed = b""
    session.flush()


def _treat(session: Session, child: Child, step: DisposalStep, treatment: Treatment) -> None:
    model = treatment.model
    rows = session.scalars(select(model).where(model.township_id == child.township_id, model.child_id == child.id))
    needed = _rostered(session, child) if model is Visit else set()
    for row in rows.all():
        if step in treatment.delete and row.id not in needed:
            session.delete(row)
            continue
        for name, value in treatment.blank.items():
            setattr(row, name, value)
    session.flush()


def _rostered(session: Session, child: Child) -> set[str]:
    """The child's visits that a roster or somebody's duty names: those rows show who went where, and stay."""
    named = [
        select(model.id).where(model.township_id == Visit.township_id, model.visit_id == Visit.id).exists()
        for model in (Assignment, UnservedTask, Duty)
    ]
    mine = select(Visit.id).where(Visit.township_id == child.township_id, Visit.child_id == child.id)
    return set(session.scalars(mine.where(or_(*named))))
