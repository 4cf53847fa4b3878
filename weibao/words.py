"""The words of the domain in the user's language: one label for each value of each closed list."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask import Flask
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tenants import calendar as c
from tenants import enums as e
from tenants.crypto import SealFault, Shown
from tenants.errors import Fact, Named
from tenants.models import Home
from tenants.queries import seats
from tenants.queries import township_calendar as t
from tenants.queries.arrangements import SafetyPhone
from weibao.i18n import language, of_both
from weibao.planning.adults import is_age
from weibao.say import listed

_LABELS: tuple[tuple[StrEnum, LazyString], ...] = (
    (e.AccountRole.COUNTY_OFFICER, _l("County officer")),
    (e.AccountRole.STATION_HEAD, _l("Station head")),
    (e.AccountRole.STATION_STAFF, _l("Station staff")),
    (e.AccountRole.SOCIAL_WORKER, _l("Social worker")),
    (e.AccountRole.CHILD_DIRECTOR, _l("Child director")),
    (e.AccountRole.VOLUNTEER, _l("Volunteer")),
    (e.TownshipKind.TOWNSHIP, _l("Township (xiang)")),
    (e.TownshipKind.TOWN, _l("Town (zhen)")),
    (e.TownshipKind.SUBDISTRICT, _l("Subdistrict (jiedao)")),
    (e.VillageKind.VILLAGE, _l("Village")),
    (e.VillageKind.COMMUNITY, _l("Urban community")),
    (e.Gender.FEMALE, _l("Female")),
    (e.Gender.MALE, _l("Male")),
    (e.VettingResult.CLEAR, _l("Nothing found")),
    (e.VettingResult.BARRED, _l("Barred")),
    (e.VettingResult.LIFTED, _l("Barred once; lifted by the county")),
    (e.ExceptionKind.AWAY, _l("Away")),
    (e.DayPart.MORNING, _l("Morning")),
    (e.DayPart.AFTERNOON, _l("Afternoon")),
    (e.DayPart.EVENING, _l("Evening")),
    (e.ExceptionKind.EXTRA, _l("Free beyond the week")),
    (e.ChildCategory.LEFT_BEHIND, _l("Left-behind child")),
    (e.ChildCategory.IN_DIFFICULTY, _l("Child in difficulty")),
    (e.ChildCategory.DISABLED, _l("Disabled child")),
    (e.ChildCategory.SCATTERED_ORPHAN, _l("Scattered orphan")),
    (e.ChildCategory.DE_FACTO_UNSUPPORTED, _l("De facto unsupported child")),
    (e.RiskLevel.HIGH, _l("High risk")),
    (e.RiskLevel.MEDIUM, _l("Medium risk")),
    (e.RiskLevel.LOW, _l("Low risk")),
    (e.Priority.CRITICAL, _l("Critical")),
    (e.Priority.HIGH, _l("High")),
    (e.Priority.NORMAL, _l("Normal")),
    (e.Priority.LOW, _l("Low")),
    (e.Service.CHILD_PROTECTION, _l("Child protection")),
    (e.Service.SOCIAL_WORK, _l("Social work")),
    (e.Service.OTHER, _l("Other work")),
    (e.ActivityKind.MORAL_PRACTICE, _l("Moral practice")),
    (e.ActivityKind.PROTECTION, _l("Protection knowledge")),
    (e.ActivityKind.PARENTS_SCHOOL, _l("Parents' school")),
    (e.ActivityKind.SAFETY, _l("Safety")),
    (e.ActivityKind.ARTS, _l("Arts")),
    (e.ActivityKind.SPORTS, _l("Sports")),
    (e.ActivityKind.TUTORING, _l("Tutoring")),
    (seats.SeatState.PROPOSED, _l("Proposed, told to nobody yet")),
    (seats.SeatState.PUBLISHED, _l("Published, no answer yet")),
    (seats.SeatState.ACCEPTED, _l("Accepted")),
    (seats.SeatState.DECLINED, _l("Has declined")),
    (seats.SeatState.DONE, _l("Done")),
    (seats.SeatState.MISSED, _l("Missed")),
    (seats.SeatState.DROPPED, _l("No longer held")),
    (e.VisitState.DUE, _l("Due")),
    (e.VisitState.DONE, _l("Done")),
    (e.ActivityState.PLANNED, _l("Planned")),
    (e.ActivityState.HELD, _l("Held")),
    (e.RosterState.DRAFT, _l("Draft")),
    (e.RosterState.PUBLISHED, _l("Published")),
    (e.DutyState.CONFIRMED, _l("Confirmed")),
    (e.DutyState.CANCELLED, _l("Cancelled")),
    (e.RunState.QUEUED, _l("Waiting")),
    (e.RunState.RUNNING, _l("Running")),
    (e.RunState.STOPPED, _l("Stopped")),
    (e.RunState.FAILED, _l("Failed")),
    (e.Familiarity.NOBODY, _l("Nobody in particular")),
    (e.Familiarity.VILLAGE_DIRECTOR, _l("The village's child director, or whoever is named")),
    (e.Familiarity.NAMED, _l("Whoever is named")),
    (e.PersonKind.VOLUNTEER, _l("Volunteer")),
    (e.PersonKind.SOCIAL_WORKER, _l("Social worker")),
    (e.PersonKind.CHILD_DIRECTOR, _l("Child director")),
    (e.PersonKind.STATION_STAFF, _l("Station staff")),
    (e.VisitState.CANCELLED, _l("Called off")),
    (e.ActivityState.CANCELLED, _l("Called off")),
    (e.RunState.DONE, _l("Done")),
    (e.LendingState.ASKED, _l("Asked for")),
    (e.LendingState.OFFERED, _l("Offered")),
    (e.LendingState.WAITING, _l("Waiting for agreement")),
    (e.LendingState.AGREED, _l("Agreed")),
    (e.LendingState.DECLINED, _l("Not agreed")),
    (e.LendingState.WITHDRAWN, _l("Taken back")),
    (e.LendingState.ENDED, _l("Ended")),
    (e.LendingParty.LENDER, _l("Lending station")),
    (e.LendingParty.BORROWER, _l("Borrowing station")),
    (e.LendingParty.PERSON, _l("The person")),
    (e.LendingParty.COUNTY, _l("The county")),
    (e.LendingParty.PROGRAM, _l("The program")),
    (e.LinkPurpose.INVITATION, _l("Invitation")),
    (e.LinkPurpose.RECOVERY, _l("Recovery")),
    (e.AllocationState.QUEUED, _l("Waiting")),
    (e.AllocationState.RUNNING, _l("Being worked out")),
    (e.AllocationState.FAILED, _l("Failed")),
    (e.AllocationState.READY, _l("Worked out")),
    (e.AllocationState.PROPOSED, _l("Proposed")),
    (e.AllocationState.APPROVED, _l("Approved")),
    (e.AllocationState.REJECTED, _l("Rejected")),
    (e.DiversionWay.ROSTER, _l("By a roster")),
    (e.DiversionWay.ACTIVITY, _l("By turning an activity into other work")),
    (e.DiversionWay.REGISTER, _l("By taking them off the purchased-service staff")),
    (e.DiversionWay.IMPORT, _l("By an import")),
    (e.DiversionWay.RETURN, _l("By taking a posted worker back")),
    (e.DiversionWay.DEACTIVATE, _l("By deactivating them")),
    (e.DiversionWay.REENTRY, _l("By entering them again as somebody else")),
    (e.DiversionWay.LENDING, _l("By lending them for a neighbour's other work")),
    (e.DisposalStep.CLOSE, _l("Close the file")),
    (e.DisposalStep.IDENTITY, _l("Destroy the identity")),
    (e.DisposalStep.ANONYMISE, _l("Anonymise")),
    (e.DisposalStep.ERASE, _l("Erase")),
    (e.DisposalState.PROPOSED, _l("Proposed")),
    (e.DisposalState.DONE, _l("Carried out")),
    (e.DisposalState.DECLINED, _l("Declined")),
    (e.DisposalOutcome.WAITING, _l("Waiting for a decision")),
    (e.DisposalOutcome.DONE, _l("Carried out")),
    (e.DisposalOutcome.HELD, _l("Left as it is: held")),
    (e.DisposalOutcome.NOT_DUE, _l("Left as it is: not due any more")),
    (e.HoldKind.LEGAL, _l("Court, police or procuratorate")),
    (e.HoldKind.OBJECTION, _l("Objection of the family")),
    (e.HoldKind.ARCHIVE, _l("Archive or audit")),
    (e.ConsentPurpose.FILE, _l("File and visits")),
    (e.ConsentPurpose.IDENTITY, _l("Identity, encrypted")),
    (e.ConsentPurpose.SHARING, _l("Telling others who help")),
    (e.ConsentPurpose.ACTIVITIES, _l("Taking part in activities")),
    (e.ConsentPurpose.PICTURES, _l("Photographs")),
    (e.ConsentGiver.PARENT, _l("Father or mother")),
    (e.ConsentGiver.GRANDPARENT, _l("Grandparent as guardian")),
    (e.ConsentGiver.OTHER_GUARDIAN, _l("Another guardian")),
    (e.ConsentGiver.COMMITTEE, _l("Village committee or civil affairs as guardian")),
    (e.ConsentGiver.CHILD, _l("The child, aged 14 or more")),
    (e.SheetKind.PEOPLE, _l("People")),
    (e.SheetKind.AVAILABILITY, _l("Availability")),
    (e.SheetKind.HOMES, _l("Children's Homes")),
    (e.SheetKind.ACTIVITIES, _l("Activities")),
    (e.SheetKind.CHILDREN, _l("Children's ledger")),
    (e.Purpose.VISIT, _l("To find or call the family for a visit")),
    (e.Purpose.REPORT, _l("Mandatory report")),
    (e.Purpose.REFERRAL, _l("Referral to another service")),
    (e.Purpose.CORRECTION, _l("To check or correct the entry")),
    (e.DeclineReason.ILLNESS, _l("Illness")),
    (e.DeclineReason.WORK, _l("Work or lessons")),
    (e.DeclineReason.FAMILY, _l("Family")),
    (e.DeclineReason.TRAVEL, _l("No way to get there")),
    (e.DeclineReason.OTHER, _l("Something else")),
    (e.SignUpMode.OFF, _l("The station gives them; nobody signs up")),
    (e.SignUpMode.APPROVAL, _l("People ask, the station decides")),
    (e.SignUpMode.AT_ONCE, _l("Whoever fits has the place at once")),
    (e.DeliveryState.WAITING, _l("Waiting to go out")),
    (e.DeliveryState.SENDING, _l("Going out")),
    (e.DeliveryState.SENT, _l("Sent")),
    (e.DeliveryState.FAILED, _l("Did not go out")),
    (e.DeliveryState.UNCERTAIN, _l("Perhaps sent")),
    (e.DeliveryState.SKIPPED, _l("No way out set up")),
    (e.ConcernOutcome.REPORTED, _l("Reported to the police (mandatory report)")),
    (e.ConcernOutcome.REFERRED, _l("Referred to another service")),
    (e.ConcernOutcome.FOLLOWED_UP, _l("Followed up by the station")),
    (e.ConcernOutcome.UNFOUNDED, _l("Looked into, nothing found")),
    (e.Purpose.ASSISTANCE, _l("Application for assistance")),
    (e.ResourceKind.ROOM, _l("Room")),
    (e.ResourceKind.EQUIPMENT, _l("Equipment")),
    (e.ConsentKind.WRITTEN, _l("in writing")),
    (e.ConsentKind.MESSAGE, _l("by message")),
    (e.ConsentKind.SPOKEN, _l("spoken, noted by the station")),
    (e.PhotoGround.CONSENTED, _l("Every child recognisable in it has the guardian's consent to photographs")),
    (e.PhotoGround.NOBODY, _l("No child is recognisable in it")),
    (e.Society.COMMUNITY, _l("Community")),
    (e.Society.SOCIAL_ORGANISATION, _l("Social organisation")),
    (e.Society.SOCIAL_WORKER, _l("Social workers")),
    (e.Society.VOLUNTEER, _l("Volunteers")),
    (e.Society.CHARITY, _l("Charity resources")),
    (e.ApplicationState.WAITING, _l("Waiting for a decision")),
    (e.ApplicationState.APPROVED, _l("Approved")),
    (e.ApplicationState.DECLINED, _l("Declined")),
    (t.ItemState.DUE, _l("Due")),
    (t.ItemState.PLANNED, _l("Planned")),
    (t.ItemState.PROPOSED, _l("Proposed (draft)")),
    (t.ItemState.PUBLISHED, _l("Published")),
    (t.ItemState.DONE, _l("Done")),
    (t.ItemState.CANCELLED, _l("Called off")),
    (c.DayKind.SCHOOL, _l("School day")),
    (c.DayKind.FREE, _l("Free day")),
    (c.Subject.HOLIDAYS, _l("Statutory holidays")),
    (c.Subject.TERMS, _l("School terms")),
    (c.SpanKind.HOLIDAY, _l("Statutory holiday")),
    (c.SpanKind.MAKE_UP, _l("Make-up school day")),
    (c.SpanKind.TERM, _l("Term")),
    (c.SpanKind.WINTER, _l("Winter holiday")),
    (c.SpanKind.SUMMER, _l("Summer holiday")),
)
# Members of two lists with the same value are equal, so the list's name belongs to the key.
LABELS = {(type(member).__name__, member.value): word for member, word in _LABELS}

SKILLS: dict[str, LazyString] = {
    "case_work": _l("Case work"),
    "counselling": _l("Counselling"),
    "tutoring": _l("Tutoring (skill)"),
    "sports": _l("Sports (skill)"),
    "arts": _l("Arts (skill)"),
    "first_aid": _l("First aid"),
    "law": _l("Law"),
    "health": _l("Health"),
}
ROLES: dict[str, LazyString] = {
    "lead": _l("Lead"),
    "companion": _l("Companion"),
    "specialist": _l("Specialist"),
    "helper": _l("Helper"),
    "first_aid": _l("First aid (role)"),
}
_PHONES: dict[str, LazyString] = {
    "公安报警": _l("Police"),
    "医疗急救": _l("Ambulance"),
    "青少年服务热线": _l("Youth helpline"),
}
"""The numbers that hold in the whole country, as a county has them from the start (tenants/models/place.py)."""


def label(value: StrEnum | str | None) -> LazyString | str:
    """The word for a value of a closed list; a value without one stands for itself."""
    if value is None:
        return ""
    return LABELS[type(value).__name__, value.value] if isinstance(value, StrEnum) else str(value)


def kind_label(value: str) -> LazyString | str:
    """The word for a person's post, kept as its value in a list of posts."""
    return label(e.PersonKind(value))


def society_label(value: str) -> LazyString | str:
    """The word for one of the five societies, kept as its value in a record."""
    return label(e.Society(value))


def skill_label(word: str) -> LazyString | str:
    """The word for a skill; a county's own skills stand for themselves."""
    return _("an age of 18") if is_age(word) else SKILLS.get(word, word)


def role_label(word: str) -> LazyString | str:
    """The word for a role on a team."""
    return ROLES.get(word, word)


def phone_label(phone: SafetyPhone) -> LazyString | str:
    """Whose number it is; a name that the county has entered itself stands as it is."""
    if phone.is_station:
        return _("%(township)s station", township=named(phone))
    return _PHONES.get(phone.name, phone.name)


def choices(kind: type[StrEnum]) -> list[tuple[str, LazyString | str]]:
    """Value and word of each member, for a select field."""
    return [(member.value, label(member)) for member in kind]


_UNOPENED: dict[SealFault, LazyString] = {
    SealFault.KEY: _l("Cannot be opened: it is sealed under key %(key)s, which is not in the program's settings. The "
                      "operator can put the key back."),
    SealFault.PLACE: _l("Cannot be opened: it is damaged, or was sealed for another place. Please tell the operator."),
    SealFault.SHORT: _l("Cannot be opened: what is kept is no sealed text. Please tell the operator."),
}  # fmt: skip


def unsealed(text: Shown) -> str:
    """A text that was kept sealed; where it does not open, that it does not, and why."""
    return text if isinstance(text, str) else str(_UNOPENED[text.fault] % {"key": text.key})


def refusal(message: str, facts: Mapping[str, Fact]) -> str:
    """What a service refuses, in the user's language, with the names and numbers that it tells."""
    return str(_(message, **{name: _fact(value) for name, value in facts.items()}))


def _fact(value: Fact) -> str:
    if isinstance(value, tuple):
        return listed(named(one) for one in value)
    return named(value) if isinstance(value, Named) else str(value)


def named(row: Any) -> str:
    """A row's name, or an activity's title, in the user's language; without an English one the Chinese stands."""
    if isinstance(row, Home):
        return _("%(village)s Children's Home", village=named(row.village)) if language() == "en" else row.name
    for attribute in ("name", "title"):
        if hasattr(row, attribute):
            return of_both(str(getattr(row, attribute)), str(getattr(row, f"{attribute}_en") or ""))
    raise TypeError(f"a {type(row).__name__} has no name")


def init_app(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters.update(
        label=label,
        kind_label=kind_label,
        society_label=society_label,
        skill_label=skill_label,
        role_label=role_label,
        phone_label=phone_label,
        named=named,
        unsealed=unsealed,
    )
