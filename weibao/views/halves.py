"""The grid of half-days of a question, and what is ticked in it at first."""

from tenants.models import AvailabilityInvitation
from tenants.services.availability import FreeTime
from tenants.services.halves import days_of, key_of, ticked
from weibao.forms.availability_requests import GridRow, HalvesForm


def grid_of(form: HalvesForm, invitation: AvailabilityInvitation) -> list[GridRow]:
    """The days that are asked for; the form takes these and no others."""
    return form.offer(days_of(invitation.request.from_day, invitation.request.to_day))


def prefilled(invitation: AvailabilityInvitation) -> set[str]:
    """What was answered; before that, what the person's usual week says."""
    if invitation.answered_at is not None:
        return set(invitation.free)
    week = ticked(
        FreeTime(weekday=row.weekday, from_minute=row.from_minute, to_minute=row.to_minute)
        for row in invitation.person.weekly
    )
    days = days_of(invitation.request.from_day, invitation.request.to_day)
    return {key_of((day, part)) for day in days for weekday, part in week if weekday == day.weekday()}
