"""Ending a file: what is due, two people, what is destroyed and what is left, and the certificate."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.crypto import Keyring
from tenants.enums import (
    AccountRole,
    ChildCategory,
    ConsentGiver,
    ConsentPurpose,
    DisposalOutcome,
    DisposalState,
    DisposalStep,
    HoldKind,
    PersonKind,
    VisitState,
)
from tenants.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tenants.models import (
    Account,
    Attendance,
    AuditEntry,
    Base,
    Child,
    ChildCategoryPeriod,
    ChildRiskPeriod,
    Concern,
    Consent,
    Disposal,
    FamiliarPerson,
    RetentionRule,
    Visit,
    new_id,
)
from tenants.queries import children as child_queries
from tenants.queries import retention as queries
from tenants.services import (
    attendance,
    audit_log,
    children,
    concerns,
    consents,
    disposals,
    forgetting,
    identities,
    retention,
    visits,
)
from tenants.services.consents import ConsentTerms
from tenants.services.identities import Identity
from tests import drafts, duties
from tests.drafts import begin, due_visit, today, visit_task
from tests.world import World

KEYRING = Keyring(keys={1: bytes(range(32))}, index_key=bytes(32))
SECRET = Identity(name="CanaryName", id_number="140522201503070121", address="CanaryLane", guardian_phone="139CANARY")


def account(session: Session, world: World, role: AccountRole) -> Actor:
    """One of the first township's accounts."""
    row = session.scalars(select(Account).where(Account.username == world.usernames[role])).one()
    return Actor(
        county_id=world.county, township_id=world.first.township, account_id=row.id, person_id=row.person_id, role=role
    )


@pytest.fixture
def head(station: Session, world: World) -> Actor:
    """The station's head."""
    return account(station, world, AccountRole.STATION_HEAD)


@pytest.fixture
def staff(station: Session, world: World) -> Actor:
    """One of the station's staff, another person than its head."""
    row = station.scalars(select(Account).where(Account.username == world.usernames[AccountRole.STATION_STAFF])).one()
    row.person_id = world.first.people[PersonKind.SOCIAL_WORKER]
    station.flush()
    return account(station, world, AccountRole.STATION_STAFF)


@pytest.fixture
def decided(session: Session, world: World) -> None:
    """The county's decision for left-behind children: close at once, anonymise after 12 months, erase after 24."""
    session.add(
        RetentionRule(county_id=world.county, category=ChildCategory.LEFT_BEHIND, close_months=0, anonymise_months=12,
                      erase_months=24, decided_on=date(2026, 1, 5), source="县民政发〔2026〕1号")
    )  # fmt: skip
    session.commit()


def child_of(session: Session, world: World, number: int = 1) -> Child:
    """Odd numbers are left-behind children, even ones scattered orphans."""
    return session.get_one(Child, (world.first.township, world.first.children[number]))


def closed(session: Session, world: World, months: int, number: int = 1) -> Child:
    """A file that was closed that many months ago."""
    child = child_of(session, world, number)
    child.closed_on = queries.months_after(today(), -months)
    session.flush()
    return child


def previewed(session: Session, actor: Actor) -> list[tuple[str, str, date]]:
    return [(due.child.case_code, due.step.value, due.since) for due in queries.preview(session, actor, today())]


# What is due


def test_months_are_counted_to_the_months_last_day() -> None:
    assert queries.months_after(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert queries.months_after(date(2024, 11, 30), 3) == date(2025, 2, 28)
    assert queries.months_after(date(2024, 3, 31), -1) == date(2024, 2, 29)
    assert queries.months_after(date(2024, 5, 6), 0) == date(2024, 5, 6)


@pytest.mark.usefixtures("decided")
def test_file_falls_due_for_each_step_on_its_day(station: Session, world: World, head: Actor) -> None:
    child = closed(station, world, 12)
    assert child.closed_on is not None
    assert previewed(station, head) == [("C-001", "anonymise", queries.months_after(child.closed_on, 12))]
    child.closed_on += timedelta(days=1)
    assert previewed(station, head) == []
    closed(station, world, 24)
    assert [step for _, step, _ in previewed(station, head)] == ["erase"]


@pytest.mark.usefixtures("decided")
def test_open_file_falls_due_when_its_last_category_ended_or_the_child_came_of_age(
    station: Session, world: World, head: Actor
) -> None:
    first, second = child_of(station, world), child_of(station, world, 3)
    first.categories[0].to_day = today() - timedelta(days=1)
    second.birth_year = today().year - 19
    assert previewed(station, head) == [
        ("C-003", "close", date(today().year - 1, 12, 31)),
        ("C-001", "close", today() - timedelta(days=1)),
    ]
    first.categories.append(
        ChildCategoryPeriod(township_id=first.township_id, category=ChildCategory.LEFT_BEHIND, from_day=today())
    )
    assert [code for code, _, _ in previewed(station, head)] == ["C-003"]


@pytest.mark.usefixtures("decided")
def test_longest_period_of_all_categories_holds(station: Session, world: World, head: Actor) -> None:
    child = closed(station, world, 24)
    child.categories.append(
        ChildCategoryPeriod(township_id=child.township_id, category=ChildCategory.DISABLED,
                            from_day=today() - timedelta(days=900), to_day=today() - timedelta(days=800))
    )  # fmt: skip
    assert previewed(station, head) == []  # the example for disabled children is 36 months
    closed(station, world, 36)
    (due,) = queries.preview(station, head, today())
    assert (due.step, due.period and due.period.category) == (DisposalStep.ANONYMISE, ChildCategory.DISABLED)


def test_example_previews_and_nothing_can_be_proposed_by_it(station: Session, world: World, head: Actor) -> None:
    child = closed(station, world, 24)
    (due,) = queries.preview(station, head, today())
    assert due.period is not None
    assert (due.step, due.period.is_example, due.may_be_proposed) == (DisposalStep.ANONYMISE, True, False)
    with pytest.raises(InvalidError):
        disposals.propose(station, head, DisposalStep.ANONYMISE, [child.id])


# Two people


@pytest.mark.usefixtures("decided")
def test_one_person_cannot_do_both_and_one_of_two_is_the_head(
    station: Session, session: Session, world: World, head: Actor, staff: Actor
) -> None:
    child = closed(station, world, 12)
    disposal = disposals.propose(station, head, DisposalStep.ANONYMISE, [child.id])
    again = replace(staff, person_id=head.person_id)  # a second account of the same person
    nobody = replace(head, account_id=None)
    station.scalars(select(Account).where(Account.id == head.account_id)).one()
    for actor in (head, again, nobody):
        with pytest.raises(ForbiddenError):
            disposals.carry_out(station, actor, disposal)
    assert (disposal.state, child.anonymised_on) == (DisposalState.PROPOSED, None)
    disposals.decline(station, head, disposal)
    mine = disposals.propose(station, staff, DisposalStep.ANONYMISE, [child.id])
    with pytest.raises(ForbiddenError):
        disposals.carry_out(station, replace(staff, account_id="another", person_id="another"), mine)
    disposals.carry_out(station, head, mine)
    assert (mine.state, child.anonymised_on) == (DisposalState.DONE, today())


@pytest.mark.usefixtures("decided")
def test_a_head_who_has_let_the_other_in_of_late_is_no_second(
    station: Session, world: World, head: Actor, staff: Actor
) -> None:
    child = closed(station, world, 12)
    mine = disposals.propose(station, staff, DisposalStep.ANONYMISE, [child.id])
    audit_log.record(station, head, "account.recover", "account", staff.account_id)
    with pytest.raises(ConflictError, match="one-time link"):
        disposals.carry_out(station, head, mine)
    assert (mine.state, child.anonymised_on) == (DisposalState.PROPOSED, None)


@pytest.mark.usefixtures("decided")
def test_database_itself_refuses_a_disposal_of_one_person(station: Session, world: World, head: Actor) -> None:
    child = closed(station, world, 12)
    disposal = disposals.propose(station, head, DisposalStep.ANONYMISE, [child.id])
    disposal.state, disposal.number, disposal.decided_by = DisposalState.DONE, 1, head.account_id
    with pytest.raises(Exception, match="two_people"):
        station.flush()
    station.rollback()


@pytest.mark.usefixtures("decided")
def test_decided_proposal_is_not_decided_again(station: Session, world: World, head: Actor, staff: Actor) -> None:
    child = closed(station, world, 12)
    disposal = disposals.propose(station, staff, DisposalStep.ANONYMISE, [child.id])
    with pytest.raises(InvalidError, match="proposed already"):
        disposals.propose(station, head, DisposalStep.ANONYMISE, [child.id])
    disposals.decline(station, head, disposal)
    for step in (disposals.carry_out, disposals.decline):
        with pytest.raises(ConflictError):
            step(station, head, disposal)
    assert child.anonymised_on is None


# What is destroyed, and what is left


def full_file(station: Session, world: World, head: Actor) -> Child:
    """A closed file with an identity, a note, a consent, a lifted hold, and one visit of two in a roster."""
    child = child_of(station, world)
    identities.keep(station, head, KEYRING, child, SECRET)
    terms = ConsentTerms(
        purposes=[ConsentPurpose.FILE], given_on=today(), given_by=ConsentGiver.PARENT, giver="CanaryParent"
    )
    consents.record(station, head, KEYRING, child, terms)
    hold = retention.place_hold(station, head, child, HoldKind.LEGAL, "CanaryReason")
    retention.lift_hold(station, head, child, hold.id)
    visits.record_visit(station, head, child, today() - timedelta(days=3), "CanaryNote", keyring=KEYRING)
    draft = begin(station, world)
    rostered = due_visit(station, world, 1)
    drafts.keep(station, world, draft, visit_task(world, rostered, drafts.at(today() + timedelta(days=2), 17)))
    children.close(station, head, child)
    return closed(station, world, 12)


@pytest.mark.usefixtures("decided")
def test_anonymised_file_keeps_numbers_and_nothing_of_the_child(
    station: Session, world: World, head: Actor, staff: Actor
) -> None:
    child = full_file(station, world, head)
    before = [(v.due_on, v.state, v.category, v.risk) for v in child_queries.visits_of(station, child)]
    assert any(v.note_sealed for v in child_queries.visits_of(station, child))
    disposals.carry_out(station, head, disposals.propose(station, staff, DisposalStep.ANONYMISE, [child.id]))
    station.expire_all()

    child = child_queries.one(station, head, child.id)
    assert [(v.due_on, v.state, v.category, v.risk) for v in child_queries.visits_of(station, child)] == before
    assert {v.state for v in child_queries.visits_of(station, child)} == {VisitState.DONE, VisitState.CANCELLED}
    assert {v.note_sealed for v in child_queries.visits_of(station, child)} == {None}
    assert [row.category for row in child.categories] == [ChildCategory.LEFT_BEHIND]
    assert (child.pseudonym, child.birth_year, child.gender, child.familiar) == ("", 2015, None, [])
    assert child.case_code.startswith("X-")
    assert identities.read(station, head, KEYRING, child, next(iter(identities_purposes()))) == vars(Identity())
    assert child.id_number_index is None
    assert count(station, Consent) == 0
    assert queries.holds_of(station, child) == []


@pytest.mark.usefixtures("decided")
@pytest.mark.parametrize(("step", "months"), [(DisposalStep.ANONYMISE, 12), (DisposalStep.ERASE, 24)])
def test_texts_about_the_childs_visits_are_destroyed_and_those_about_others_stay(
    station: Session, world: World, head: Actor, staff: Actor, step: DisposalStep, months: int
) -> None:
    child = child_of(station, world)
    about, apart = written(station, world, head, 1), written(station, world, head, 0)
    children.close(station, head, child)
    closed(station, world, months)
    disposals.carry_out(station, head, disposals.propose(station, staff, step, [child.id]))
    station.expire_all()
    note, concern = found(station, about)
    assert (note.note_sealed, concerns.read(station, head, KEYRING, concern)) == (None, "")
    note, concern = found(station, apart)
    assert KEYRING.open(note.note_sealed or b"", attendance.place_of(note)) == "CanaryNote"
    assert concerns.read(station, head, KEYRING, concern) == "CanaryWorry"


def written(session: Session, world: World, head: Actor, number: int) -> str:
    """A duty at a child's visit, with a note on it and a concern that came of it."""
    visit = duties.add_visit(session, world.first, number)
    duty = duties.give(
        session, world.first, PersonKind.CHILD_DIRECTOR, visit=visit, starts_at=duties.soon(days=-9 - number)
    )
    note = Attendance(township_id=world.first.township, duty_id=duty, id=new_id())
    note.note_sealed = KEYRING.seal("CanaryNote", attendance.place_of(note))
    session.add(note)
    village = world.first.villages[0]
    concerns.raise_concern(session, head, KEYRING, village_id=village, text="CanaryWorry", duty_id=duty)
    return duty


def found(session: Session, duty: str) -> tuple[Attendance, Concern]:
    """The note and the concern of a duty."""
    note = session.scalars(select(Attendance).where(Attendance.duty_id == duty)).one()
    return note, session.scalars(select(Concern).where(Concern.duty_id == duty)).one()


def identities_purposes() -> list[identities.Purpose]:
    return list(identities.Purpose)


def count(session: Session, model: type[Consent | Visit | ChildRiskPeriod | FamiliarPerson]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.usefixtures("decided")
def test_erased_file_leaves_only_what_rosters_point_to(
    station: Session, world: World, head: Actor, staff: Actor
) -> None:
    child = full_file(station, world, head)
    closed(station, world, 24)
    rostered = select(Visit.id).where(Visit.child_id == child.id, Visit.state == VisitState.CANCELLED)
    (kept,) = station.scalars(rostered)
    disposals.carry_out(station, head, disposals.propose(station, staff, DisposalStep.ERASE, [child.id]))
    station.expire_all()

    with pytest.raises(NotFoundError):
        child_queries.one(station, head, child.id)
    assert station.scalars(select(Visit.id).where(Visit.child_id == child.id)).all() == [kept]
    for model in (ChildCategoryPeriod, ChildRiskPeriod, FamiliarPerson):
        assert station.scalars(select(model.id).where(model.child_id == child.id)).all() == []
    left = child_of(station, world)
    assert (left.birth_year, left.pseudonym, left.erased_on) == (0, "", today())


@pytest.mark.usefixtures("decided")
def test_other_files_are_left_alone(station: Session, world: World, head: Actor, staff: Actor) -> None:
    child, other = closed(station, world, 12), child_of(station, world, 3)
    before = (other.case_code, other.pseudonym, len(other.categories), len(other.familiar))
    disposals.carry_out(station, head, disposals.propose(station, staff, DisposalStep.ANONYMISE, [child.id]))
    station.expire_all()
    assert (other.case_code, other.pseudonym, len(other.categories), len(other.familiar)) == before


@pytest.mark.usefixtures("decided")
def test_nothing_is_entered_into_an_anonymised_file(station: Session, world: World, head: Actor, staff: Actor) -> None:
    child = closed(station, world, 12)
    disposals.carry_out(station, head, disposals.propose(station, staff, DisposalStep.ANONYMISE, [child.id]))
    child = child_queries.one(station, head, child.id)
    with pytest.raises(ConflictError):
        children.reopen(station, head, child)
    with pytest.raises(ConflictError):
        identities.keep(station, head, KEYRING, child, SECRET)
    with pytest.raises(ConflictError):
        visits.record_visit(station, head, child, today())


def test_every_table_that_points_to_a_child_says_what_becomes_of_its_rows() -> None:
    pointing = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_key_constraints
        if key.referred_table is Child.__table__
    }
    assert {"visit", "consent", "file_opening"} <= pointing
    assert pointing == set(forgetting.TREATMENTS)


# Holds, and the certificate


@pytest.mark.usefixtures("decided")
def test_hold_stops_a_file_also_after_it_was_proposed(
    station: Session, world: World, head: Actor, staff: Actor
) -> None:
    child, other = closed(station, world, 12), closed(station, world, 12, 3)
    disposal = disposals.propose(station, staff, DisposalStep.ANONYMISE, [child.id, other.id])
    hold = retention.place_hold(station, staff, child, HoldKind.OBJECTION, "family objects")
    disposals.carry_out(station, head, disposal)
    outcomes = {file.outcome for file in disposal.files}
    assert outcomes == {DisposalOutcome.DONE, DisposalOutcome.HELD}
    assert (child.anonymised_on, other.anonymised_on) == (None, today())
    with pytest.raises(InvalidError):
        disposals.propose(station, staff, DisposalStep.ANONYMISE, [child.id])
    retention.lift_hold(station, staff, child, hold.id)
    assert disposals.propose(station, staff, DisposalStep.ANONYMISE, [child.id]).state is DisposalState.PROPOSED


@pytest.mark.usefixtures("decided")
def test_certificate_counts_up_and_names_no_file_but_by_a_digest(
    station: Session, world: World, head: Actor, staff: Actor
) -> None:
    numbers = []
    for number in (1, 3):
        child = closed(station, world, 12, number)
        disposal = disposals.propose(station, staff, DisposalStep.ANONYMISE, [child.id])
        digest = disposals.code_digest(disposal, child.case_code)
        disposals.carry_out(station, head, disposal)
        station.refresh(disposal)
        numbers.append(disposal.number)
        assert [(file.child_id, file.code_digest) for file in disposal.files] == [(None, digest)]
        assert (disposal.proposed_by, disposal.decided_by) == (staff.account_id, head.account_id)
    assert numbers == [1, 2]


@pytest.mark.usefixtures("decided")
def test_audit_lines_of_the_whole_life_hold_no_plain_data(
    station: Session, world: World, head: Actor, staff: Actor
) -> None:
    child = full_file(station, world, head)
    words = (child.case_code, child.pseudonym, "Canary", SECRET.id_number)
    disposals.carry_out(station, head, disposals.propose(station, staff, DisposalStep.ANONYMISE, [child.id]))
    lines = station.scalars(select(AuditEntry)).all()
    text = str([(line.action, line.subject, line.subject_id, line.details) for line in lines])
    assert [word for word in words if word in text] == []
    assert {"child.anonymise", "retention.propose", "retention.carry_out", "retention.hold"} <= {
        line.action for line in lines
    }


# Consent


def test_withdrawn_consent_puts_the_identity_on_the_list_and_two_people_destroy_it(
    station: Session, world: World, head: Actor, staff: Actor
) -> None:
    child = child_of(station, world)
    identities.keep(station, head, KEYRING, child, SECRET)
    terms = ConsentTerms(
        purposes=[ConsentPurpose.IDENTITY, ConsentPurpose.FILE], given_on=today() - timedelta(days=9),
        given_by=ConsentGiver.PARENT, giver="CanaryParent",
    )  # fmt: skip
    rows = {row.purpose: row for row in consents.record(station, head, KEYRING, child, terms)}
    assert b"CanaryParent" not in (rows[ConsentPurpose.FILE].giver_sealed or b"")
    assert previewed(station, head) == []
    consents.withdraw(station, head, child, rows[ConsentPurpose.IDENTITY].id, today())
    assert previewed(station, head) == [("C-001", "identity", today())]
    disposal = disposals.propose(station, staff, DisposalStep.IDENTITY, [child.id])
    disposals.carry_out(station, head, disposal)
    assert not identities.is_kept(child)
    assert (child.case_code, child.pseudonym) != ("", "")
    assert child.anonymised_on is None
    assert previewed(station, head) == []
    names = consents.givers(station, head, KEYRING, child, list(rows.values()))
    assert set(names.values()) == {"CanaryParent"}


def test_new_consent_after_a_withdrawal_keeps_the_identity(station: Session, world: World, head: Actor) -> None:
    child = child_of(station, world)
    identities.keep(station, head, KEYRING, child, SECRET)
    terms = ConsentTerms(
        purposes=[ConsentPurpose.IDENTITY], given_on=today(), given_by=ConsentGiver.GRANDPARENT, giver="祖母"
    )
    (row,) = consents.record(station, head, KEYRING, child, terms)
    with pytest.raises(ConflictError):
        consents.record(station, head, KEYRING, child, terms)
    consents.withdraw(station, head, child, row.id, today())
    with pytest.raises(NotFoundError):
        consents.withdraw(station, head, child, row.id, today())
    consents.record(station, head, KEYRING, child, terms)
    assert previewed(station, head) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"purposes": []}, "purposes"),
        ({"giver": " "}, "giver"),
        ({"given_on": today() + timedelta(days=2)}, "given_on"),
        ({"given_by": ConsentGiver.CHILD}, "given_by"),
    ],
)
def test_consent_that_cannot_be_is_refused(
    station: Session, world: World, head: Actor, changes: dict[str, object], field: str
) -> None:
    child = child_of(station, world)  # born in 2015: under 14
    facts = {
        "purposes": [ConsentPurpose.FILE], "given_on": today(), "given_by": ConsentGiver.PARENT, "giver": "母亲"
    } | changes  # fmt: skip
    with pytest.raises(InvalidError) as caught:
        consents.record(station, head, KEYRING, child, ConsentTerms(**facts))  # type: ignore[arg-type]
    assert caught.value.field == field


def test_names_are_sealed_anew_under_a_new_key(station: Session, world: World, head: Actor) -> None:
    child = child_of(station, world)
    terms = ConsentTerms(purposes=[ConsentPurpose.FILE], given_on=today(), given_by=ConsentGiver.PARENT, giver="母亲")
    (row,) = consents.record(station, head, KEYRING, child, terms)
    newer = Keyring(keys={1: bytes(range(32)), 2: bytes(range(1, 33))}, index_key=bytes(32))
    assert (consents.reseal(station, newer), consents.reseal(station, newer)) == (1, 0)
    only = Keyring(keys={2: bytes(range(1, 33))}, index_key=bytes(32))
    assert consents.givers(station, head, only, child, [row]) == {row.id: "母亲"}


# The county's periods


def decide(session: Session, actor: Actor, **changes: object) -> RetentionRule:
    facts = {"close": 3, "anonymise": 24, "erase": 60, "decided_on": today(), "source": "县民政发〔2026〕1号"} | changes
    terms = retention.PeriodTerms(**facts)  # type: ignore[arg-type]
    return retention.decide(session, actor, ChildCategory.DISABLED, terms)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"erase": 12}, "erase"),
        ({"anonymise": None}, "erase"),
        ({"close": 601}, "close"),
        ({"decided_on": today() + timedelta(days=2)}, "decided_on"),
        ({"source": " "}, "source"),
    ],
)
def test_period_that_cannot_be_is_refused(
    session: Session, world: World, changes: dict[str, object], field: str
) -> None:
    officer = Actor(county_id=world.county, role=AccountRole.COUNTY_OFFICER)
    with pytest.raises(InvalidError) as caught:
        decide(session, officer, **changes)
    assert caught.value.field == field


def test_decided_period_takes_the_examples_place(session: Session, world: World) -> None:
    officer = Actor(county_id=world.county, role=AccountRole.COUNTY_OFFICER)
    assert queries.periods(session, world.county)[ChildCategory.DISABLED].is_example
    decide(session, officer, erase=None)
    decide(session, officer, anonymise=30, erase=None)
    found = queries.periods(session, world.county)[ChildCategory.DISABLED]
    assert (found.close, found.anonymise, found.erase, found.is_example) == (3, 30, None, False)
    assert session.scalar(select(func.count()).select_from(RetentionRule)) == 1
    assert session.scalar(select(func.count()).select_from(Disposal)) == 0
