"""Duties and activities as an iCalendar feed (RFC 5545, RFC 7986), and the validators of its answers (RFC 9110)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import pgettext
from icalendar import Alarm, Calendar, Event, Timezone, vText
from icalendar.enums import STATUS, TRANSP

from tenants.queries.duties import FeedState, HeldDuty
from tenants.queries.feeds import FeedTask
from weibao import __version__, duty_words
from weibao.duty_words import plain
from weibao.words import role_label

# Rises when the same rows would give another text; calendars then fetch it anew.
FORM = 3
REFRESH = timedelta(hours=1)
_TITLE, _PLACE, _TEXT = 120, 120, 1500
EVENTS_KEPT = 10_000
"""Texts of events kept in memory, some 600 bytes each: most calendars ask again for what they had."""
FEEDS_KEPT = 1000
"""Beginnings of feeds kept in memory, some 800 bytes each."""
_END = b"END:VCALENDAR\r\n"
_ZONE_FROM = date(2024, 1, 1)  # China has had no daylight saving since 1991: one rule says all of it


@dataclass(frozen=True, kw_only=True)
class Feed:
    """How a feed is made: its name, the language of its words, the zone of its times, and the address of the pages.

    A duty's own page lies under ``pages``, by its id. ``alarm_minutes`` before each event the calendar reminds of it.
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


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One event as a calendar shows it; ``lines`` is its description."""

    uid: str
    sequence: int
    created_at: datetime
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool
    title: str
    place: str
    lines: tuple[str, ...]
    url: str | None = None


@cache
def _zone(name: str) -> Timezone:
    zone = Timezone.from_tzinfo(ZoneInfo(name), first_date=_ZONE_FROM)
    zone.pop("COMMENT", None)  # it claims an end in 2038 that one lasting rule does not have
    return zone


@lru_cache(maxsize=EVENTS_KEPT)
def of_duty(feed: Feed, duty: HeldDuty) -> Entry:
    """A duty in its holder's own calendar; the words are of the language that holds, which must be the feed's."""
    url = f"{feed.pages}/{duty.id}"
    lines = [plain(_("My role: %(role)s", role=role_label(duty.role)), _PLACE), *_team(feed, duty), url]
    return _entry(feed, duty, f"{duty.id}@weibao", tuple(lines), url)


@lru_cache(maxsize=EVENTS_KEPT)
def of_task(feed: Feed, task: FeedTask) -> Entry:
    """A visit or an activity in the calendar of the township, with who comes."""
    lines = _team(feed, task) or ([] if task.is_cancelled else [pgettext("team", "Nobody yet")])
    return _entry(feed, task, f"{task.task_id}.township@weibao", tuple(lines))


def of_activity(feed: Feed, task: FeedTask) -> Entry:
    """An activity in the calendar of its Children's Home: what, when and where, and nobody's name."""
    return _entry(feed, task, f"{task.task_id}.home@weibao", ())


def _team(feed: Feed, task: HeldDuty | FeedTask) -> list[str]:
    if not task.team:
        return []
    return [plain(_("Team: %(team)s", team=duty_words.team(task.team, feed.language)), _TEXT)]


def _entry(feed: Feed, task: HeldDuty | FeedTask, uid: str, lines: tuple[str, ...], url: str | None = None) -> Entry:
    """A cancelled event says so in words too, for calendars that do not show a status."""
    title = duty_words.title(task, feed.language)
    return Entry(
        uid=uid,
        sequence=task.sequence,
        created_at=task.created_at,
        changed_at=task.changed_at,
        starts_at=task.starts_at,
        ends_at=task.ends_at,
        is_cancelled=task.is_cancelled,
        title=plain(_("Cancelled: %(title)s", title=title) if task.is_cancelled else title, _TITLE),
        place=plain(duty_words.place(task, feed.language), _PLACE),
        lines=lines,
        url=url,
    )


def build(feed: Feed, entries: Iterable[Entry]) -> bytes:
    """The feed's text."""
    alarm = feed.alarm_minutes
    events = [_event_text(entry, feed.timezone, None if entry.is_cancelled else alarm) for entry in entries]
    return b"".join([_head(feed), *events, _END])


@lru_cache(maxsize=FEEDS_KEPT)
def _head(feed: Feed) -> bytes:
    """All that stands before the events."""
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
    return bytes(calendar.to_ical()).removesuffix(_END)


@lru_cache(maxsize=EVENTS_KEPT)
def _event_text(entry: Entry, timezone: str, alarm_minutes: int | None) -> bytes:
    """One event's lines; whoever asks again for what has not changed gets the same ones."""
    event = _event(entry, ZoneInfo(timezone))
    if alarm_minutes is not None:
        event.add_component(_alarm(entry, alarm_minutes))
    return bytes(event.to_ical())


def _event(entry: Entry, zone: ZoneInfo) -> Event:
    return Event.new(
        uid=entry.uid,
        sequence=entry.sequence,
        stamp=entry.changed_at,
        last_modified=entry.changed_at,
        created=entry.created_at,
        start=entry.starts_at.astimezone(zone),
        end=entry.ends_at.astimezone(zone),
        status=STATUS.CANCELLED if entry.is_cancelled else STATUS.CONFIRMED,
        transparency=TRANSP.TRANSPARENT if entry.is_cancelled else TRANSP.OPAQUE,
        summary=entry.title,
        location=entry.place,
        description="\n".join(entry.lines) or None,
        url=entry.url,
    )


def _alarm(entry: Entry, minutes: int) -> Alarm:
    """A reminder on the screen (RFC 5545, 3.6.6)."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", vText(entry.title))
    alarm.add("trigger", timedelta(minutes=-minutes))
    return alarm
