"""Every table, so that one import knows them all."""

from tenants.models.account import Account, AuditEntry, AuditHead, FeedToken
from tenants.models.asking import Absence, AvailabilityInvitation, AvailabilityRequest
from tenants.models.attendance import Attendance, Certificate, Concern, ConcernReading
from tenants.models.base import Base, CountyOnly, CountyOwned, SharedByTwo, SystemOnly, TownshipOwned, new_id, utc_now
from tenants.models.calendar import CalendarSpan, CalendarTable
from tenants.models.child import Child, ChildCategoryPeriod, ChildRiskPeriod, FamiliarPerson
from tenants.models.exchange import SignUp, StationSetting, SwapAsk, SwapRequest
from tenants.models.joining import VolunteerApplication
from tenants.models.lending import Lending
from tenants.models.login import AccountLink, AccountSession, LoginThrottle
from tenants.models.message import Addressed, Delivery, Message
from tenants.models.participation import (
    ActivityPhoto,
    ActivityRecord,
    ActivityResource,
    ActivitySeries,
    ActivitySeriesMember,
    Enrolment,
    Resource,
)
from tenants.models.person import (
    AvailabilityException,
    Bar,
    LastingWish,
    Person,
    PersonSkill,
    StatedSkill,
    Training,
    Vetting,
    VettingRequest,
    WeeklyAvailability,
)
from tenants.models.place import County, Home, Township, Village
from tenants.models.programme import ActivityTemplate, HolidayPlan, HolidayPlanActivity
from tenants.models.retention import Consent, Disposal, DisposalFile, Hold, RetentionRule
from tenants.models.roster import Assignment, Duty, Roster, RosterEdit, Seat, SolveRun, UnservedTask
from tenants.models.staffing import (
    CategoryWeights,
    DiversionAttempt,
    PostingNotice,
    ServiceContract,
    StaffAllocation,
    StaffContract,
    StaffMember,
    StaffPosting,
)
from tenants.models.task import Activity, ActivityRole, Visit, VisitReceipt, VisitRule, Wish
from tenants.models.upload import SheetUpload

__all__ = [
    "Absence",
    "Account",
    "AccountLink",
    "AccountSession",
    "Activity",
    "ActivityPhoto",
    "ActivityRecord",
    "ActivityResource",
    "ActivityRole",
    "ActivitySeries",
    "ActivitySeriesMember",
    "ActivityTemplate",
    "Addressed",
    "Assignment",
    "Attendance",
    "AuditEntry",
    "AuditHead",
    "AvailabilityException",
    "AvailabilityInvitation",
    "AvailabilityRequest",
    "Bar",
    "Base",
    "CalendarSpan",
    "CalendarTable",
    "CategoryWeights",
    "Certificate",
    "Child",
    "ChildCategoryPeriod",
    "ChildRiskPeriod",
    "Concern",
    "ConcernReading",
    "Consent",
    "County",
    "CountyOnly",
    "CountyOwned",
    "Delivery",
    "Disposal",
    "DisposalFile",
    "DiversionAttempt",
    "Duty",
    "Enrolment",
    "FamiliarPerson",
    "FeedToken",
    "Hold",
    "HolidayPlan",
    "HolidayPlanActivity",
    "Home",
    "LastingWish",
    "Lending",
    "LoginThrottle",
    "Message",
    "Person",
    "PersonSkill",
    "PostingNotice",
    "Resource",
    "RetentionRule",
    "Roster",
    "RosterEdit",
    "Seat",
    "ServiceContract",
    "SharedByTwo",
    "SheetUpload",
    "SignUp",
    "SolveRun",
    "StaffAllocation",
    "StaffContract",
    "StaffMember",
    "StaffPosting",
    "StatedSkill",
    "StationSetting",
    "SwapAsk",
    "SwapRequest",
    "SystemOnly",
    "Township",
    "TownshipOwned",
    "Training",
    "UnservedTask",
    "Vetting",
    "VettingRequest",
    "Village",
    "Visit",
    "VisitReceipt",
    "VisitRule",
    "VolunteerApplication",
    "WeeklyAvailability",
    "Wish",
    "new_id",
    "utc_now",
]
