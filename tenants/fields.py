"""Who may know which fact of a child or a visit: one table, and nothing is given out beside it.

Source: Personal Information Protection Law, art. 6 and 28 (least data, strict access for children under 14).
"""

from collections.abc import Mapping
from enum import StrEnum

from tenants.enums import AccountRole


class Fact(StrEnum):
    """A fact of a child, of a child's file, or of a visit."""

    VILLAGE = "village"
    TIME = "time"
    TASK_KIND = "task_kind"
    TEAM = "team"
    CASE_CODE = "case_code"
    DAY_NOTE = "day_note"
    ADDRESS = "address"
    GUARDIAN_PHONE = "guardian_phone"
    PSEUDONYM = "pseudonym"
    BIRTH_YEAR = "birth_year"
    GENDER = "gender"
    CATEGORY = "category"
    RISK = "risk"
    VISIT_NOTE = "visit_note"
    NAME = "name"
    ID_NUMBER = "id_number"


class Reach(StrEnum):
    """How far a role's knowledge of a fact goes.

    ``ON_THE_DAY``: only on the day of a visit that one makes oneself, and only what the station has marked for it.
    ``ON_PURPOSE``: of one file at a time, for a stated purpose that the township reads (services/county_files.py).
    ``DUTY``: of the visits that one makes oneself. ``VILLAGE``: of the village whose child director one is.
    """

    NEVER = "never"
    ON_THE_DAY = "on_the_day"
    ON_PURPOSE = "on_purpose"
    DUTY = "duty"
    VILLAGE = "village"
    TOWNSHIP = "township"


_ON_THE_WAY = frozenset({Fact.VILLAGE, Fact.TIME, Fact.TASK_KIND, Fact.TEAM, Fact.CASE_CODE})
_IN_A_FILE = frozenset({Fact.CASE_CODE, Fact.PSEUDONYM, Fact.BIRTH_YEAR, Fact.GENDER, Fact.CATEGORY, Fact.RISK})
_AT_THE_DOOR = frozenset({Fact.DAY_NOTE, Fact.ADDRESS, Fact.GUARDIAN_PHONE})


def _row(on_the_way: Reach, at_the_door: Reach, file: Reach) -> Mapping[Fact, Reach]:
    row = dict.fromkeys(Fact, file)
    return row | dict.fromkeys(_ON_THE_WAY, on_the_way) | dict.fromkeys(_AT_THE_DOOR, at_the_door)


_WHOLE = _row(Reach.TOWNSHIP, Reach.TOWNSHIP, Reach.TOWNSHIP)
TABLE: Mapping[AccountRole, Mapping[Fact, Reach]] = {
    AccountRole.STATION_HEAD: _WHOLE,
    AccountRole.STATION_STAFF: _WHOLE,
    AccountRole.SOCIAL_WORKER: _WHOLE,
    AccountRole.CHILD_DIRECTOR: _row(Reach.VILLAGE, Reach.VILLAGE, Reach.VILLAGE),
    AccountRole.VOLUNTEER: _row(Reach.DUTY, Reach.ON_THE_DAY, Reach.NEVER),
    AccountRole.COUNTY_OFFICER: dict.fromkeys(Fact, Reach.NEVER) | dict.fromkeys(_IN_A_FILE, Reach.ON_PURPOSE),
}
"""The county reads numbers, and on a stated purpose a file without the child's identity."""
MARKABLE = tuple(fact for fact in Fact if TABLE[AccountRole.VOLUNTEER][fact] is Reach.ON_THE_DAY)
"""What a station can mark as needed on the day of a visit."""


def reach(role: AccountRole | None, fact: Fact) -> Reach:
    """How far a role's knowledge of a fact goes; nobody's goes anywhere."""
    return Reach.NEVER if role is None else TABLE[role][fact]
