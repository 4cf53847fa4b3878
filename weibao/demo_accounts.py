"""The log-ins of the demonstration; they exist in ``weibao demo`` alone."""

from dataclasses import dataclass

from tenants.enums import AccountRole

PASSWORD = "weibao-demo"  # noqa: S105 -- the demonstration's printed password; its people are invented


@dataclass(frozen=True, kw_only=True)
class DemoLogin:
    """A log-in to print."""

    username: str
    role: AccountRole
    password: str = PASSWORD


LISTED = (
    DemoLogin(username="head", role=AccountRole.STATION_HEAD),
    DemoLogin(username="staff", role=AccountRole.STATION_STAFF),
    DemoLogin(username="worker", role=AccountRole.SOCIAL_WORKER),
    DemoLogin(username="director", role=AccountRole.CHILD_DIRECTOR),
    DemoLogin(username="volunteer", role=AccountRole.VOLUNTEER),
    DemoLogin(username="county", role=AccountRole.COUNTY_OFFICER),
    DemoLogin(username="county2", role=AccountRole.COUNTY_OFFICER),
)
