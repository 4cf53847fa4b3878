"""What a message says, in the reader's language: a line for a list, a sentence or two for an e-mail.

Only a message's own facts are read, and none of them is a child's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tenants.enums import DeclineReason, DiversionWay, MessageKind, PersonKind
from tenants.models import Message
from weibao import i18n
from weibao.duty_words import SEPARATOR
from weibao.say import _, listed, ngettext
from weibao.words import label, role_label

Facts = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Words:
    """A message in words."""

    title: str
    text: str
    icon: str


def words_of(message: Message) -> Words:
    """The message in the language of the present request or job."""
    title, text = _SAY[message.kind](message.facts)
    return Words(title=title, text=text, icon=_ICONS.get(message.kind, "bell"))


def _name(facts: Facts, key: str = "name") -> str:
    return i18n.of_both(str(facts.get(key) or ""), str(facts.get(f"{key}_en") or ""))


def _task(facts: Facts) -> str:
    """When, what and where: a visit is no more than a visit."""
    what = _name(facts, "title") or _("Home visit")
    begin = datetime.fromisoformat(facts["starts_at"])
    return SEPARATOR.join((i18n.moment(begin), what, _name(facts, "village")))


def _role(facts: Facts) -> str:
    return str(role_label(facts["role"]))


def _published(facts: Facts) -> tuple[str, str]:
    first, last = (i18n.day(date.fromisoformat(facts[key])) for key in ("from", "to"))
    counts = (
        (facts["given"], _("%(number)d new", number=facts["given"])),
        (facts["changed"], _("%(number)d changed", number=facts["changed"])),
        (facts["dropped"], _("%(number)d cancelled", number=facts["dropped"])),
    )
    news = listed(text for count, text in counts if count)
    return _("A roster has been published: %(news)s", news=news), _(
        "The roster from %(first)s to %(last)s changes your duties: %(news)s.", first=first, last=last, news=news
    )


def _declined(facts: Facts) -> tuple[str, str]:
    reason = str(label(DeclineReason(facts["reason"])))
    return (
        _("%(name)s has declined a duty", name=_name(facts)),
        _("%(task)s, %(role)s. Reason: %(reason)s.", task=_task(facts), role=_role(facts), reason=reason),
    )


def _swap_asked(facts: Facts) -> tuple[str, str]:
    return (
        _("Can you step in?"),
        _("%(task)s, %(role)s. The first to accept has it.", task=_task(facts), role=_role(facts)),
    )


def _swap_taken(facts: Facts) -> tuple[str, str]:
    return (
        _("%(name)s steps in", name=_name(facts)),
        _("%(task)s, %(role)s.", task=_task(facts), role=_role(facts)),
    )


def _swap_nobody(facts: Facts) -> tuple[str, str]:
    return (
        _("No substitute found for %(name)s", name=_name(facts)),
        _("%(task)s, %(role)s. Nobody else who fits can be asked by a message; the station must look.",
          task=_task(facts), role=_role(facts)),
    )  # fmt: skip


def _wanted(facts: Facts) -> tuple[str, str]:
    return (
        _("%(name)s would like a place", name=_name(facts)),
        _("%(task)s, %(role)s. Please approve or refuse.", task=_task(facts), role=_role(facts)),
    )


def _given(facts: Facts) -> tuple[str, str]:
    return _("You have the place"), _("%(task)s, %(role)s.", task=_task(facts), role=_role(facts))


def _refused(facts: Facts) -> tuple[str, str]:
    task = {"task": _task(facts), "role": _role(facts)}
    if facts.get("called_off"):
        return _("What you wanted a place of is called off"), _("%(task)s, %(role)s.", **task)
    return _("The place was not given"), _("%(task)s, %(role)s.", **task)


def _moved(facts: Facts) -> tuple[str, str]:
    """An activity has another time or place: to whoever holds it or waits for a place."""
    return _("An activity has moved"), _(
        "Now: %(task)s, %(role)s. Before: %(before)s.", task=_task(facts), role=_role(facts), before=_was(facts)
    )


def _was(facts: Facts) -> str:
    """When and where an activity was before it moved."""
    return SEPARATOR.join((i18n.moment(datetime.fromisoformat(facts["was_at"])), _name(facts, "was_in")))


def _called_off(facts: Facts) -> tuple[str, str]:
    """A duty ends: what it is for takes place no more, or at a time at which its holder cannot come."""
    title = _("A duty of yours is called off")
    if facts.get("moved_to"):
        now = i18n.moment(datetime.fromisoformat(facts["moved_to"]))
        return title, _(
            "%(what)s, %(before)s: it has moved to %(now)s, %(village)s, when you cannot come. Your place is open "
            "again.", what=_name(facts, "title"), before=_was(facts), now=now, village=_name(facts, "village"),
        )  # fmt: skip
    task = {"task": _task(facts), "role": _role(facts)}
    if facts["is_visit"]:
        text = _("%(task)s, %(role)s. You need not go there for it.", **task)
    else:
        text = _("%(task)s, %(role)s. It does not take place.", **task)
    more = ngettext("%(num)d more duty of yours is called off.", "%(num)d more duties of yours are called off.",
                    facts["more"])  # fmt: skip
    return title, f"{text} {more}" if facts["more"] else text


def _came_up(facts: Facts) -> tuple[str, str]:
    return (
        _("A place that you wait for has come free"),
        _("%(task)s, %(role)s. The station decides and will answer.", task=_task(facts), role=_role(facts)),
    )


def _concern(facts: Facts) -> tuple[str, str]:
    return (
        _("A concern about a child: open it now"),
        _("%(village)s. What it says stands in the program alone.", village=_name(facts, "village")),
    )


def hours(minutes: int) -> str:
    """Minutes in hours, to one place, for what is planned: 90 is 1.5."""
    return f"{minutes / 60:.1f}".removesuffix(".0")


def time_served(minutes: int) -> str:
    """Time of service in hours and minutes, without rounding, so that lines and their total agree.

    Sources: a certificate gives the time in hours (guidance 民发〔2015〕149号); records and certificates are true and
    exact (Measures, Order no. 67 of the Ministry of Civil Affairs, art. 3), so nothing is rounded to tenths of one.
    """
    if minutes % 60 == 0:
        return ngettext("%(num)d hour", "%(num)d hours", minutes // 60)
    if minutes < 60:
        return ngettext("%(num)d minute", "%(num)d minutes", minutes)
    return _("%(hours)d h %(minutes)02d min", hours=minutes // 60, minutes=minutes % 60)


def _approved(facts: Facts) -> tuple[str, str]:
    return _("Your hours are approved"), ngettext(
        "%(num)d duty, %(time)s.", "%(num)d duties, %(time)s.", facts["records"],
        time=time_served(facts["minutes"]),
    )  # fmt: skip


def _certificate_asked(facts: Facts) -> tuple[str, str]:
    return _("%(name)s asks for a certificate of service", name=_name(facts)), _(
        "It is issued free of charge and in time (Order no. 67 of the Ministry of Civil Affairs, art. 3)."
    )


def _certificate_issued(facts: Facts) -> tuple[str, str]:
    return _("Your certificate of service is ready"), _("Number %(number)s.", number=facts["number"])


def _posting(facts: Facts) -> tuple[str, str]:
    """The county posts somebody: to the worker, both stations, and whoever shares a team with them."""
    day, old, new = i18n.long_day(date.fromisoformat(facts["day"])), _name(facts, "old"), _name(facts, "new")
    if not new:
        text = _("The post at %(old)s ends on %(day)s.", old=old, day=day)
    elif not old:
        text = _("A first post: %(new)s, from %(day)s on.", new=new, day=day)
    else:
        text = _("From %(old)s to %(new)s, from %(day)s on.", old=old, new=new, day=day)
    return _("The county posts %(name)s", name=_name(facts)), text


def _posting_stopped(facts: Facts) -> tuple[str, str]:
    """To the county, and to the stations that had been told; nobody reads here why."""
    return _("The posting of %(name)s does not take place", name=_name(facts)), _(
        "%(name)s does not go to %(new)s on %(day)s.", name=_name(facts), new=_name(facts, "new"),
        day=i18n.long_day(date.fromisoformat(facts["day"])),
    )  # fmt: skip


def _places_open(facts: Facts) -> tuple[str, str]:
    """Somebody may not go on; the reason is none of a message's business."""
    return _("Places have fallen open"), ngettext(
        "%(name)s leaves %(num)d duty. Plan again, or give the place to somebody else.",
        "%(name)s leaves %(num)d duties. Plan again, or give the places to others.",
        facts["number"], name=_name(facts),
    )  # fmt: skip


def _check_ended(facts: Facts) -> tuple[str, str]:
    return _("Your check has ended"), ngettext(
        "%(num)d duty with children is cancelled. Ask your station for a new check.",
        "%(num)d duties with children are cancelled. Ask your station for a new check.",
        facts["number"],
    )  # fmt: skip


def _days(facts: Facts) -> dict[str, str]:
    return {name: i18n.day(date.fromisoformat(facts[key])) for name, key in (("first", "from"), ("last", "to"))}


def _freed(facts: Facts) -> tuple[str, str]:
    """Duties are cancelled between two publications: their holder and the team are told, not why."""
    counts = _own_and_team(facts)
    if not facts["own"]:
        return _("Your team changes"), _(
            "From %(first)s to %(last)s: %(news)s. The station looks for somebody.", news=counts, **_days(facts)
        )
    return _("Duties of yours are cancelled"), _("From %(first)s to %(last)s: %(news)s.", news=counts, **_days(facts))


def _own_and_team(facts: Facts) -> str:
    counts = (
        (facts["own"], ngettext("%(num)d duty of yours", "%(num)d duties of yours", facts["own"])),
        (facts["team"], ngettext("%(num)d duty with another team", "%(num)d duties with another team", facts["team"])),
    )
    return listed(text for count, text in counts if count)


def _returned(facts: Facts) -> tuple[str, str]:
    title = _("Duties are yours again") if facts["own"] else _("Your team changes")
    return title, _("From %(first)s to %(last)s: %(news)s.", news=_own_and_team(facts), **_days(facts))


def _withdrawn(facts: Facts) -> tuple[str, str]:
    return _("A roster has been withdrawn"), ngettext(
        "The roster from %(first)s to %(last)s holds no longer: %(num)d duty of yours is cancelled.",
        "The roster from %(first)s to %(last)s holds no longer: %(num)d duties of yours are cancelled.",
        facts["dropped"],
        **_days(facts),
    )


def _asked(facts: Facts) -> tuple[str, str]:
    by = i18n.day(date.fromisoformat(facts["by"]))
    return _("When are you free?"), _(
        "The station asks for %(first)s to %(last)s. Please answer by %(by)s.", by=by, **_days(facts)
    )


def _application(facts: Facts) -> tuple[str, str]:
    return _("Somebody would like to become a volunteer"), _("The application waits in the list.")


def _loan(facts: Facts) -> dict[str, str]:
    """Whom, from where to where, and when: the name where the reader may know it, else the post."""
    who = _name(facts) or str(label(PersonKind(facts["kind"])))
    return {"who": who, "lender": _name(facts, "lender"), "borrower": _name(facts, "borrower"), **_days(facts)}


def _lending_asked(facts: Facts) -> tuple[str, str]:
    loan = _loan(facts)
    if facts["offered"]:
        title = _("%(lender)s offers somebody: %(who)s", **loan)
    else:
        title = _("%(borrower)s asks for somebody: %(who)s", **loan)
    return title, _("From %(first)s to %(last)s. Please answer.", **loan)


def _lending_consent(facts: Facts) -> tuple[str, str]:
    loan = _loan(facts)
    if facts["asked"] == "person":
        return _("Would you help in %(borrower)s?", **loan), _(
            "From %(first)s to %(last)s. Both stations have agreed; you decide.", **loan
        )
    return _("A loan of purchased-service staff waits for the county"), _(
        "%(lender)s would lend to %(borrower)s from %(first)s to %(last)s.", **loan
    )


def _lending_agreed(facts: Facts) -> tuple[str, str]:
    loan = _loan(facts)
    return _("%(who)s is lent to %(borrower)s", **loan), _("By %(lender)s, from %(first)s to %(last)s.", **loan)


def _lending_closed(facts: Facts) -> tuple[str, str]:
    loan, number = _loan(facts), facts["number"]
    titles = {
        "declined": _("The loan was declined: %(who)s", **loan),
        "withdrawn": _("The loan was taken back: %(who)s", **loan),
        "ended": _("The loan has ended: %(who)s", **loan),
    }
    text = _("%(lender)s to %(borrower)s, from %(first)s to %(last)s.", **loan)
    if number:
        text += " " + ngettext("%(num)d duty has fallen open.", "%(num)d duties have fallen open.", number)
    return titles[facts["state"]], text


def _lent_duties(facts: Facts) -> tuple[str, str]:
    title = _("Your duties in %(borrower)s have changed", **_loan(facts))
    held = ngettext("You hold %(num)d duty there now.", "You hold %(num)d duties there now.", facts["number"])
    number = {key: facts.get(key, 0) for key in ("new", "moved", "off")}
    said = [
        _("New: %(number)d.", number=number["new"]) if number["new"] else "",
        _("With another time, place or team: %(number)d.", number=number["moved"]) if number["moved"] else "",
        _("Called off: %(number)d.", number=number["off"]) if number["off"] else "",
    ]
    return title, " ".join([*filter(None, said), held])


def _diversion(facts: Facts) -> tuple[str, str]:
    way = str(label(DiversionWay(facts["way"])))
    return (
        _("%(township)s: a diversion was refused", township=_name(facts, "township")),
        _(
            "%(name)s would have got other work. %(way)s. Nothing was changed; further attempts of the day stand on "
            "the page alone.", name=_name(facts), way=way,
        ),
    )  # fmt: skip


def _proposal_waits(facts: Facts) -> tuple[str, str]:
    day = i18n.long_day(date.fromisoformat(facts["day"]))
    return _("A proposal waits for your approval: %(title)s", title=facts["title"]), _(
        "%(name)s has put it forward; the moves are on %(day)s.", name=facts["by"], day=day
    )


def _proposal_decided(facts: Facts) -> tuple[str, str]:
    if facts["approved"]:
        title = _("Your proposal has been approved: %(title)s", title=facts["title"])
    else:
        title = _("Your proposal has been rejected: %(title)s", title=facts["title"])
    return title, _("%(name)s has decided it; the reason stands on the proposal.", name=facts["by"])


_SAY: dict[MessageKind, Callable[[Facts], tuple[str, str]]] = {
    MessageKind.ROSTER_PUBLISHED: _published,
    MessageKind.DUTY_DECLINED: _declined,
    MessageKind.SWAP_ASKED: _swap_asked,
    MessageKind.SWAP_TAKEN: _swap_taken,
    MessageKind.SWAP_NOBODY: _swap_nobody,
    MessageKind.SIGN_UP_REQUESTED: _wanted,
    MessageKind.SIGN_UP_ACCEPTED: _given,
    MessageKind.SIGN_UP_REFUSED: _refused,
    MessageKind.SIGN_UP_CAME_UP: _came_up,
    MessageKind.CONCERN_RAISED: _concern,
    MessageKind.HOURS_APPROVED: _approved,
    MessageKind.CERTIFICATE_ASKED: _certificate_asked,
    MessageKind.CERTIFICATE_ISSUED: _certificate_issued,
    MessageKind.POSTING: _posting,
    MessageKind.PLACES_OPEN: _places_open,
    MessageKind.CHECK_ENDED: _check_ended,
    MessageKind.DUTIES_FREED: _freed,
    MessageKind.DUTIES_RETURNED: _returned,
    MessageKind.ROSTER_WITHDRAWN: _withdrawn,
    MessageKind.AVAILABILITY_ASKED: _asked,
    MessageKind.APPLICATION_SENT: _application,
    MessageKind.LENDING_ASKED: _lending_asked,
    MessageKind.LENDING_CONSENT: _lending_consent,
    MessageKind.LENDING_AGREED: _lending_agreed,
    MessageKind.LENDING_CLOSED: _lending_closed,
    MessageKind.LENT_DUTIES: _lent_duties,
    MessageKind.DIVERSION_TRIED: _diversion,
    MessageKind.ACTIVITY_MOVED: _moved,
    MessageKind.DUTY_CALLED_OFF: _called_off,
    MessageKind.PROPOSAL_WAITS: _proposal_waits,
    MessageKind.PROPOSAL_DECIDED: _proposal_decided,
    MessageKind.POSTING_STOPPED: _posting_stopped,
}
_ICONS: dict[MessageKind, str] = {
    MessageKind.ROSTER_PUBLISHED: "table",
    MessageKind.SWAP_ASKED: "swap",
    MessageKind.SWAP_TAKEN: "swap",
    MessageKind.SWAP_NOBODY: "warning",
    MessageKind.CONCERN_RAISED: "warning",
    MessageKind.PLACES_OPEN: "warning",
    MessageKind.CHECK_ENDED: "warning",
    MessageKind.CERTIFICATE_ASKED: "certificate",
    MessageKind.CERTIFICATE_ISSUED: "certificate",
    MessageKind.DUTIES_FREED: "minus",
    MessageKind.DUTIES_RETURNED: "refresh",
    MessageKind.ROSTER_WITHDRAWN: "minus",
    MessageKind.AVAILABILITY_ASKED: "clock",
    MessageKind.APPLICATION_SENT: "people",
    MessageKind.LENDING_ASKED: "swap",
    MessageKind.LENDING_CONSENT: "swap",
    MessageKind.LENDING_AGREED: "swap",
    MessageKind.LENDING_CLOSED: "minus",
    MessageKind.DIVERSION_TRIED: "shield",
    MessageKind.ACTIVITY_MOVED: "clock",
    MessageKind.DUTY_CALLED_OFF: "minus",
    MessageKind.PROPOSAL_WAITS: "scale",
    MessageKind.PROPOSAL_DECIDED: "scale",
    MessageKind.POSTING_STOPPED: "warning",
}


def since(moment: datetime, now: datetime) -> str:
    """The time that has passed, in the largest unit that says enough."""
    passed = max(now - moment, timedelta())
    minutes = int(passed.total_seconds()) // 60
    if minutes < 60:
        return ngettext("%(num)d minute", "%(num)d minutes", minutes)
    if minutes < 48 * 60:
        return _("%(hours)d h %(minutes)02d min", hours=minutes // 60, minutes=minutes % 60)
    return ngettext("%(num)d day", "%(num)d days", passed.days)
