"""A person's duties as an iCalendar feed (RFC 5545, RFC 7986), and the validators of its answers (RFC 9110)."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from icalendar import Alarm, Calendar, Event, Timezone, vText
from icalendar.enums import STATUS, TRANSP

from tenants.queries.duties import FeedState, HeldDuty
from weibao import __version__, duty_words
from weibao.duty_words import plain
from weibao.words import role_label

# Rises when the same rows would give another text; calendars then fetch it anew.
FORM = 1
REFRESH = timedelta(hours=1)
_TITLE, _PLACE, _TEXT = 120, 120, 1500
_ZONE_FROM = date(2024, 1, 1)  # China has had no daylight saving since 1991: one rule says all of it


@dataclass(frozen=True, kw_only=True)
class Feed:
    """How a feed is made: its name, the language of its words, the zone of its times, and the address of the pages.

    A duty's own page lies under ``pages``, by its id. ``alarm_minutes`` before a duty the calendar reminds of it.
    """

    name: str
    language: str
    timezone: str
    pages: str
    alarm_minutes: int | None = None

    def etag(self, state: FeedState) -> str:
        """The entity tag, from what the text depends on; nothing needs to be built to know it."""
        changed = state.changed_at.isoformat() if state.changed_at else ""
        made = (FORM, __version__, self.name, self.language, self.timezone, self.pages, self.alarm_minutes)
        facts = (*made, state.count, changed)
        return hashlib.sha256("\n".join(map(str, facts)).encode()).hexdigest()[:32]


@cache
def _zone(name: str) -> Timezone:
    zone = Timezone.from_tzinfo(ZoneInfo(name), first_date=_ZONE_FROM)
    zone.pop("COMMENT", None)  # it claims an end in 2038 that one lasting rule does not have
    return zone


def build(feed: Feed, duties: list[HeldDuty]) -> bytes:
    """The feed's text; the words come in the language that holds while it is called."""
    calendar = Calendar()
    # No UID of the calendar itself (RFC 7986, 5.3): vdirsyncer takes it for that of each event, and keeps only one.
    calendar.add("prodid", f"-//weibao//{__version__}//{feed.language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("color", "teal")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, vText(plain(feed.name, _TITLE)))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-wr-timezone", feed.timezone)
    calendar.add("x-published-ttl", "PT1H")
    calendar.add_component(_zone(feed.timezone))
    for duty in duties:
        calendar.add_component(_event(feed, duty))
    return bytes(calendar.to_ical())


def _event(feed: Feed, duty: HeldDuty) -> Event:
    zone = ZoneInfo(feed.timezone)
    url = f"{feed.pages}/{duty.id}"
    event = Event.new(
        uid=f"{duty.id}@weibao",
        sequence=duty.sequence,
        stamp=duty.changed_at,
        last_modified=duty.changed_at,
        created=duty.created_at,
        start=duty.starts_at.astimezone(zone),
        end=duty.ends_at.astimezone(zone),
        status=STATUS.CANCELLED if duty.is_cancelled else STATUS.CONFIRMED,
        transparency=TRANSP.TRANSPARENT if duty.is_cancelled else TRANSP.OPAQUE,
        summary=_summary(feed, duty),
        location=plain(duty_words.place(duty, feed.language), _PLACE),
        description=_description(feed, duty, url),
        url=url,
    )
    if feed.alarm_minutes is not None and not duty.is_cancelled:
        event.add_component(_alarm(feed, duty, feed.alarm_minutes))
    return event


def _alarm(feed: Feed, duty: HeldDuty, minutes: int) -> Alarm:
    """A reminder on the screen (RFC 5545, 3.6.6)."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", vText(_summary(feed, duty)))
    alarm.add("trigger", timedelta(minutes=-minutes))
    return alarm


def _summary(feed: Feed, duty: HeldDuty) -> str:
    """The title; a cancelled one says so in words, for calendars that do not show a status."""
    title = duty_words.title(duty, feed.language)
    return plain(_("Cancelled: %(title)s", title=title) if duty.is_cancelled else title, _TITLE)


def _description(feed: Feed, duty: HeldDuty, url: str) -> str:
    lines = [plain(_("My role: %(role)s", role=role_label(duty.role)), _PLACE)]
    if duty.team:
        lines.append(plain(_("Team: %(team)s", team=duty_words.team(duty, feed.language)), _TEXT))
    return "\n".join([*lines, url])
