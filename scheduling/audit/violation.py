"""What the audit finds, as data; words are made where they are shown."""

from dataclasses import dataclass, fields

from scheduling.rules import RuleId


@dataclass(frozen=True, kw_only=True)
class Violation:
    """One broken rule. Only what the rule needs is given.

    ``minute`` is the start of the task, ``day`` a day index (the first of the week for R5_week_minutes), ``limit``
    what was allowed and ``actual`` what is, both in the unit of the rule:

    - R2_role_count: people (``limit`` is the min or the max that is missed); R3_vetting: day indices;
    - R4_travel, R4_return: the minute by which the person had to be there, and is; ``other`` is the task before;
    - R5: minutes or tasks; R9_after: the gap in minutes, ``other`` the predecessor;
    - B_score, B_bound, B_status: nothing, see the roster.
    """

    rule: RuleId
    task: str | None = None
    person: str | None = None
    role: str | None = None
    other: str | None = None
    minute: int | None = None
    day: int | None = None
    limit: int | None = None
    actual: int | None = None

    def to_json(self) -> dict[str, object]:
        """The fields that say something."""
        values = {field.name: getattr(self, field.name) for field in fields(self)} | {"rule": self.rule.value}
        return {name: value for name, value in values.items() if value is not None}
