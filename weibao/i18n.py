"""Language and local time of a request."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask, current_app, request, session
from flask_babel import Babel, format_date
from flask_login import current_user

from weibao.resources import TRANSLATIONS

LANGUAGES = {"zh": "中文", "en": "English"}
LOCALES = {"zh": "zh_Hans_CN", "en": "en"}
babel = Babel()


def of_both(chinese: str, english: str) -> str:
    """Of a name in both languages the one to be read; without an English one the Chinese stands."""
    return english if english and language() == "en" else chinese


def language() -> str:
    """The language chosen on the page, else the account's, else the installation's."""
    chosen = session.get("language") or request.cookies.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    if current_user and current_user.is_authenticated:
        return str(current_user.language)
    return str(current_app.config["WEIBAO"].language)


def zone() -> ZoneInfo:
    """The county's time zone."""
    if current_user and current_user.is_authenticated:
        return ZoneInfo(current_user.timezone)
    return ZoneInfo("Asia/Shanghai")


def today() -> date:
    """The present day in the county's zone."""
    return datetime.now(UTC).astimezone(zone()).date()


def tomorrow() -> date:
    """The day after the present one."""
    return today() + timedelta(days=1)


def local(moment: datetime) -> datetime:
    """A stored time on the county's clock."""
    return moment.astimezone(zone())


def clock(moment: datetime) -> str:
    """Hours and minutes on the county's clock, 24-hour in both languages."""
    return local(moment).strftime("%H:%M")


def day(value: date | datetime) -> str:
    """A day with its weekday, for a heading or a table."""
    value = local(value).date() if isinstance(value, datetime) else value
    return str(format_date(value, "M月d日 EEE" if language() == "zh" else "EEE d MMM"))


def long_day(value: date | datetime) -> str:
    """A day with its year."""
    value = local(value).date() if isinstance(value, datetime) else value
    return str(format_date(value, "y年M月d日 EEEE" if language() == "zh" else "EEEE d MMMM y"))


def letter_day(value: date | datetime) -> str:
    """The day of a letter: with its year, without the day of the week."""
    value = local(value).date() if isinstance(value, datetime) else value
    return str(format_date(value, "y年M月d日" if language() == "zh" else "d MMMM y"))


def month(value: date) -> str:
    """A month with its year."""
    return str(format_date(value, "y年M月" if language() == "zh" else "MMMM y"))


def moment(value: datetime) -> str:
    """Day and time."""
    return f"{day(value)} {clock(value)}"


def stamp(value: datetime) -> str:
    """Date and time for lists of what happened."""
    return local(value).strftime("%Y-%m-%d %H:%M")


def minute_clock(minute: int) -> str:
    """A minute of the day as HH:MM; 1440 is 24:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


def init_app(app: Flask) -> None:
    """Register the catalogues and the filters."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    babel.init_app(app, default_locale="zh_Hans_CN", locale_selector=lambda: LOCALES[language()])
    app.jinja_env.filters.update(
        clock=clock,
        day=day,
        letter_day=letter_day,
        long_day=long_day,
        minute_clock=minute_clock,
        moment=moment,
        month=month,
        stamp=stamp,
    )
