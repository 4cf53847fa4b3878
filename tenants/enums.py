"""The closed lists of the domain; values are what the database and the JSON forms hold."""

from enum import StrEnum


class AccountRole(StrEnum):
    """What an account may be; one account has one role at one place."""

    COUNTY_OFFICER = "county_officer"
    STATION_HEAD = "station_head"
    STATION_STAFF = "station_staff"
    SOCIAL_WORKER = "social_worker"
    CHILD_DIRECTOR = "child_director"
    VOLUNTEER = "volunteer"


class TownshipKind(StrEnum):
    """乡, 镇 or 街道; not derived from the name."""

    TOWNSHIP = "xiang"
    TOWN = "zhen"
    SUBDISTRICT = "jiedao"


class VillageKind(StrEnum):
    """村 or 社区."""

    VILLAGE = "village"
    COMMUNITY = "community"


class PersonKind(StrEnum):
    """The post that a person holds."""

    VOLUNTEER = "volunteer"
    SOCIAL_WORKER = "social_worker"
    CHILD_DIRECTOR = "child_director"
    STATION_STAFF = "station_staff"


class Gender(StrEnum):
    """As the person states it; None where it is not known."""

    FEMALE = "female"
    MALE = "male"


class VettingResult(StrEnum):
    """Outcome of a criminal-record check (Law on the Protection of Minors, art. 62).

    ``LIFTED`` was bad once and counts for nothing since the county has lifted the bar.
    """

    CLEAR = "clear"
    BARRED = "barred"
    LIFTED = "lifted"


class ExceptionKind(StrEnum):
    """A dated exception to the weekly availability."""

    AWAY = "away"
    EXTRA = "extra"


class DayPart(StrEnum):
    """Half-days as volunteers think of them; their minutes are in tenants/services/halves.py."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class ChildCategory(StrEnum):
    """The categories of children that the work is for (notice 2.1, 3.4); a child can be in several."""

    LEFT_BEHIND = "left_behind"
    IN_DIFFICULTY = "in_difficulty"
    DISABLED = "disabled"
    SCATTERED_ORPHAN = "scattered_orphan"
    DE_FACTO_UNSUPPORTED = "de_facto_unsupported"


class RiskLevel(StrEnum):
    """Assessed risk; how it is assessed is the county's matter."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Priority(StrEnum):
    """How much it weighs when a task cannot be served."""

    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Service(StrEnum):
    """What a task is for; purchased-service staff may do only the first two (notice 3.2)."""

    CHILD_PROTECTION = "child_protection"
    SOCIAL_WORK = "social_work"
    OTHER = "other"


class ActivityKind(StrEnum):
    """Kinds of holiday and spare-time activity (notice 2.3)."""

    MORAL_PRACTICE = "moral_practice"
    PROTECTION = "protection_knowledge"
    PARENTS_SCHOOL = "parents_school"
    SAFETY = "safety"
    ARTS = "arts"
    SPORTS = "sports"
    TUTORING = "tutoring"


class VisitState(StrEnum):
    """A visit is due until it is done or called off."""

    DUE = "due"
    DONE = "done"
    CANCELLED = "cancelled"


class ActivityState(StrEnum):
    """An activity is planned until it is held or called off."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class FeedKind(StrEnum):
    """What a calendar address shows: a person's duties, the township's, or the activities of a Children's Home."""

    PERSON = "person"
    TOWNSHIP = "township"
    HOME = "home"


class RosterState(StrEnum):
    """A draft is edited; a published version is frozen; a later version replaces it."""

    DRAFT = "draft"
    PUBLISHED = "published"


class DutyState(StrEnum):
    """What a person holds from the published rosters."""

    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class RunState(StrEnum):
    """Life of a solver run; a run interrupted by a crash is queued again at start."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class Familiarity(StrEnum):
    """Who counts as known to a household, by a visit rule."""

    NOBODY = "nobody"
    VILLAGE_DIRECTOR = "village_director"
    NAMED = "named"


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    INVITATION = "invitation"
    RECOVERY = "recovery"


class Purpose(StrEnum):
    """What a child's identity is opened for."""

    VISIT = "visit"
    REPORT = "report"
    REFERRAL = "referral"
    CORRECTION = "correction"
    ASSISTANCE = "assistance"


class AllocationState(StrEnum):
    """Life of a proposal who serves which township: worked out, proposed by one officer, decided by another."""

    QUEUED = "queued"
    RUNNING = "running"
    FAILED = "failed"
    READY = "ready"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


class DiversionWay(StrEnum):
    """How somebody tried to give purchased-service staff other work (notice 3.2)."""

    ROSTER = "roster"
    ACTIVITY = "activity"
    REGISTER = "register"
    IMPORT = "import"
    RETURN = "return"
    DEACTIVATE = "deactivate"
    REENTRY = "reentry"
    LENDING = "lending"


class DisposalStep(StrEnum):
    """What is done to a file whose period is over, from the mildest to the last."""

    CLOSE = "close"
    IDENTITY = "identity"
    ANONYMISE = "anonymise"
    ERASE = "erase"


class DisposalState(StrEnum):
    """A disposal is proposed by one person; another one has it carried out or declines it."""

    PROPOSED = "proposed"
    DONE = "done"
    DECLINED = "declined"


class DisposalOutcome(StrEnum):
    """What became of one file of a disposal; a file that is held, or no longer due, is left as it is."""

    WAITING = "waiting"
    DONE = "done"
    HELD = "held"
    NOT_DUE = "not_due"


class HoldKind(StrEnum):
    """Why a file must stay as it is."""

    LEGAL = "legal"
    OBJECTION = "objection"
    ARCHIVE = "archive"


class ConsentPurpose(StrEnum):
    """What a guardian agrees to, each one apart (Personal Information Protection Law, art. 14, 29)."""

    FILE = "file"
    IDENTITY = "identity"
    SHARING = "sharing"
    ACTIVITIES = "activities"
    PICTURES = "pictures"


class ConsentGiver(StrEnum):
    """Who has signed."""

    PARENT = "parent"
    GRANDPARENT = "grandparent"
    OTHER_GUARDIAN = "other_guardian"
    COMMITTEE = "committee"
    CHILD = "child"


class DutyAnswer(StrEnum):
    """What the holder has said to a duty; nothing yet: None."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class DeclineReason(StrEnum):
    """Why somebody cannot come; more is not asked for."""

    ILLNESS = "illness"
    WORK = "work"
    FAMILY = "family"
    TRAVEL = "travel"
    OTHER = "other"


class SwapState(StrEnum):
    """A search for a substitute is open until somebody takes the duty, or it is ended."""

    OPEN = "open"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"


class AskState(StrEnum):
    """What somebody who was asked to step in has said."""

    ASKED = "asked"
    REFUSED = "refused"
    ACCEPTED = "accepted"


class SignUpMode(StrEnum):
    """Whether people may take open places by themselves; the station chooses."""

    OFF = "off"
    APPROVAL = "approval"
    AT_ONCE = "at_once"


class SignUpState(StrEnum):
    """A wish to take a place: it waits for the station, or on the list for a free place."""

    REQUESTED = "requested"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class MessageKind(StrEnum):
    """What somebody is told; the words are made where they are read."""

    ROSTER_PUBLISHED = "roster_published"
    DUTY_DECLINED = "duty_declined"
    SWAP_ASKED = "swap_asked"
    SWAP_TAKEN = "swap_taken"
    SWAP_NOBODY = "swap_nobody"
    SIGN_UP_REQUESTED = "sign_up_requested"
    SIGN_UP_ACCEPTED = "sign_up_accepted"
    SIGN_UP_REFUSED = "sign_up_refused"
    SIGN_UP_CAME_UP = "sign_up_came_up"
    CONCERN_RAISED = "concern_raised"
    HOURS_APPROVED = "hours_approved"
    CERTIFICATE_ASKED = "certificate_asked"
    CERTIFICATE_ISSUED = "certificate_issued"
    POSTING = "posting"
    PLACES_OPEN = "places_open"
    CHECK_ENDED = "check_ended"
    DUTIES_FREED = "duties_freed"
    DUTIES_RETURNED = "duties_returned"
    ROSTER_WITHDRAWN = "roster_withdrawn"
    AVAILABILITY_ASKED = "availability_asked"
    APPLICATION_SENT = "application_sent"
    LENDING_ASKED = "lending_asked"
    LENDING_CONSENT = "lending_consent"
    LENDING_AGREED = "lending_agreed"
    LENDING_CLOSED = "lending_closed"
    LENT_DUTIES = "lent_duties"
    DIVERSION_TRIED = "diversion_tried"
    ACTIVITY_MOVED = "activity_moved"
    DUTY_CALLED_OFF = "duty_called_off"
    PROPOSAL_WAITS = "proposal_waits"
    PROPOSAL_DECIDED = "proposal_decided"
    POSTING_STOPPED = "posting_stopped"


class Channel(StrEnum):
    """A way out of the program; the inbox needs none."""

    EMAIL = "email"
    WEBHOOK = "webhook"


class DeliveryState(StrEnum):
    """Where a message that leaves the program stands.

    ``uncertain``: the worker ended while an e-mail went out; it is not sent a second time.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    SKIPPED = "skipped"


class SheetKind(StrEnum):
    """What a spreadsheet holds."""

    PEOPLE = "people"
    AVAILABILITY = "availability"
    HOMES = "homes"
    ACTIVITIES = "activities"
    CHILDREN = "children"


class ResourceKind(StrEnum):
    """What an activity can ask for beside people."""

    ROOM = "room"
    EQUIPMENT = "equipment"


class ConsentKind(StrEnum):
    """How a guardian has consented (Personal Information Protection Law, art. 31)."""

    WRITTEN = "written"
    MESSAGE = "message"
    SPOKEN = "spoken"


class PhotoGround(StrEnum):
    """Why a photo of an activity may be kept; there is no third reason."""

    CONSENTED = "consented"
    NOBODY = "nobody_recognisable"


class Society(StrEnum):
    """The five societies that work together (五社联动; notice 2.2)."""

    COMMUNITY = "community"
    SOCIAL_ORGANISATION = "social_organisation"
    SOCIAL_WORKER = "social_worker"
    VOLUNTEER = "volunteer"
    CHARITY = "charity_resources"


class ConcernOutcome(StrEnum):
    """What came of a concern about a child."""

    REPORTED = "reported"
    REFERRED = "referred"
    FOLLOWED_UP = "followed_up"
    UNFOUNDED = "unfounded"


class ApplicationState(StrEnum):
    """Where somebody stands who would like to become a volunteer."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"


class LendingState(StrEnum):
    """Where a loan of somebody to a neighbouring township stands."""

    ASKED = "asked"
    OFFERED = "offered"
    WAITING = "waiting"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class LendingParty(StrEnum):
    """Who takes a step of a loan; the program ends what is over."""

    LENDER = "lender"
    BORROWER = "borrower"
    PERSON = "person"
    COUNTY = "county"
    PROGRAM = "program"
