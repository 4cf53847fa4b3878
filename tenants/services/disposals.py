"""Close, anonymise or erase files: one person proposes, another one decides, and a numbered certificate is left."""

import hashlib
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole, DisposalOutcome, DisposalState, DisposalStep
from tenants.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tenants.models import Account, Disposal, DisposalFile, utc_now
from tenants.queries import retention as queries
from tenants.queries.due import county_today
from tenants.services import audit_log, children, forgetting, two_people

MOST = 500
"""Files of one proposal."""
_ACTIONS = {DisposalStep.IDENTITY: "child.forget_identity", DisposalStep.ANONYMISE: "child.anonymise"}


def propose(session: Session, actor: Actor, step: DisposalStep, child_ids: Collection[str]) -> Disposal:
    """Propose a step for some files of the preview.

    Raises:
        InvalidError: none or too many are chosen, or one of them is not due, is held, or is proposed already.

    """
    if actor.account_id is None or actor.township_id is None:
        raise ForbiddenError("A disposal is proposed by a person of the station.")
    if not 0 < len(child_ids) <= MOST:
        raise InvalidError("Choose 1 to 500 files.", field="files")
    today = county_today(session, actor.county_id)
    found = queries.preview(session, actor, today)
    ready = {due.child.id for due in found if due.step is step and due.may_be_proposed}
    if not set(child_ids) <= ready:
        raise InvalidError("One of these files is not due, is held or is proposed already.", field="files")
    disposal = Disposal(township_id=actor.township_id, step=step, proposed_by=actor.account_id)
    disposal.files = [DisposalFile(township_id=actor.township_id, child_id=child) for child in sorted(set(child_ids))]
    session.add(disposal)
    session.flush()
    _record(session, actor, "retention.propose", disposal)
    return disposal


def one(session: Session, actor: Actor, disposal_id: str) -> Disposal:
    """A disposal of the actor's township.

    Raises:
        NotFoundError: there is none.

    """
    disposal = session.get(Disposal, (actor.township_id or "", disposal_id))
    if disposal is None:
        raise NotFoundError("no such disposal")
    return disposal


def decline(session: Session, actor: Actor, disposal: Disposal) -> None:
    """Leave everything as it is; whoever proposed it may take it back so.

    Raises:
        ConflictError: it is decided already.

    """
    _need_open(disposal)
    _decide(disposal, actor, DisposalState.DECLINED)
    session.flush()
    _record(session, actor, "retention.decline", disposal)


def carry_out(session: Session, actor: Actor, disposal: Disposal) -> None:
    """Do it, as the second person; a file that is held or no longer due by now is left as it is.

    Raises:
        ForbiddenError: the actor is the one who proposed it, or neither of the two is the station's head.
        ConflictError: it is decided already, or one of the two let the other in of late.

    """
    _need_open(disposal)
    _need_second_person(session, actor, disposal)
    today = county_today(session, actor.county_id)
    due = {found.child.id: found for found in queries.preview(session, actor, today) if found.step is disposal.step}
    numbers = select(func.max(Disposal.number)).where(Disposal.township_id == disposal.township_id)
    disposal.number = (session.scalar(numbers) or 0) + 1
    disposal.destroyed = list(forgetting.KINDS[disposal.step])
    _decide(disposal, actor, DisposalState.DONE)
    for file in list(disposal.files):
        _finish(session, actor, disposal, file, due.get(file.child_id or ""))
    session.flush()
    _record(session, actor, "retention.carry_out", disposal)


def _finish(session: Session, actor: Actor, disposal: Disposal, file: DisposalFile, due: queries.Due | None) -> None:
    if due is None or due.hold is not None:
        file.outcome = DisposalOutcome.NOT_DUE if due is None else DisposalOutcome.HELD
        return
    child = due.child
    file.outcome, file.code_digest = DisposalOutcome.DONE, code_digest(disposal, child.case_code)
    if disposal.step is DisposalStep.CLOSE:
        children.close(session, actor, child)
        return
    forgetting.forget(session, child, disposal.step, county_today(session, actor.county_id))
    action = _ACTIONS.get(disposal.step, "child.erase")
    audit_log.record(session, actor, action, "child", child.id, details={"certificate": disposal.number})


def code_digest(disposal: Disposal, case_code: str) -> str:
    """SHA-256 of the certificate's id and a case code: by it, who knows the code finds its file on the certificate."""
    return hashlib.sha256(f"{disposal.id}:{case_code}".encode()).hexdigest()


def _need_open(disposal: Disposal) -> None:
    if disposal.state is not DisposalState.PROPOSED:
        raise ConflictError("This proposal is decided already.")


def _need_second_person(session: Session, actor: Actor, disposal: Disposal) -> None:
    first = session.scalar(select(Account).where(Account.id == disposal.proposed_by))
    if actor.account_id is None or actor.account_id == disposal.proposed_by:
        raise ForbiddenError("Whoever proposed it cannot approve it: ask another person of the station.")
    if first is not None and first.person_id is not None and first.person_id == actor.person_id:
        raise ForbiddenError("Whoever proposed it cannot approve it: ask another person of the station.")
    roles = {actor.role, first.role if first is not None else None}
    if AccountRole.STATION_HEAD not in roles:
        raise ForbiddenError("One of the two people must be the station's head.")
    two_people.need_apart(session, actor, disposal.proposed_by)


def _decide(disposal: Disposal, actor: Actor, state: DisposalState) -> None:
    disposal.state, disposal.decided_by, disposal.decided_at = state, actor.account_id, utc_now()


def _record(session: Session, actor: Actor, action: str, disposal: Disposal) -> None:
    done = sum(file.outcome is DisposalOutcome.DONE for file in disposal.files)
    facts = {"step": disposal.step.value, "files": len(disposal.files), "done": done, "number": disposal.number}
    audit_log.record(session, actor, action, "disposal", disposal.id, details=facts)
