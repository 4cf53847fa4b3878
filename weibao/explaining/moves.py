"""Why a worker is posted elsewhere, and what each further move buys, in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scheduling.allocation import Score
from weibao.allocating import Point
from weibao.say import _, listed, ngettext
from weibao.words import skill_label


def load_word(demand: int, staff: int) -> str:
    """The weight for one worker, with one decimal; a dash where nobody is there."""
    return f"{demand / staff:.1f}" if staff else "–"


def reasons(
    facts: Mapping[str, Any], old: str, new: str, *, by_hand: bool = False, home_known: bool = True
) -> list[str]:
    """The sentences under a move; ``old`` and ``new`` are the townships' names, empty: none."""
    said = [_("Held there by hand: the officer asked for it.")] if by_hand else []
    if "to" in facts:
        said.append(_loads(facts["to"], new))
    if "from" in facts:
        said.append(_loads(facts["from"], old))
    else:
        said.append(_("A first post: nobody loses a worker by it."))
    if facts.get("skills"):
        skills = listed([str(skill_label(word)) for word in facts["skills"]])
        said.append(_("Brings what %(place)s asks for and has nobody for: %(skills)s.", place=new, skills=skills))
    return [*said, *_ways(facts, old, home_known=home_known)]


def _ways(facts: Mapping[str, Any], old: str, *, home_known: bool) -> list[str]:
    """The way to work; who has no known home is taken to live at the seat of their township, a new one nowhere."""
    before, after = facts.get("minutes_before"), facts.get("minutes")
    if after is None:
        return []
    if before is None and not home_known:
        return [_("Where they live is not in the register: no way to work is counted.")]
    if before is None:
        return [_("The way to work: %(after)d minutes.", after=after)]
    if not home_known:
        told = {"place": old, "after": after}
        return [_("Where they live is not in the register; from the seat of %(place)s: %(after)d minutes.", **told)]
    return [_("The way to work: %(before)d minutes before, %(after)d after.", before=before, after=after)]


def _loads(facts: Mapping[str, Any], place: str) -> str:
    """How one township's load changes by the whole proposal, not by this worker alone."""
    now, then = facts["staff"]
    return _(
        "%(place)s: %(now)d to %(then)d workers, %(before)s to %(after)s for each.",
        place=place,
        now=now,
        then=then,
        before=load_word(facts["demand"], now),
        after=load_word(facts["demand"], then),
    )


@dataclass(frozen=True, kw_only=True)
class PointWords:
    """A point's figures as they are read."""

    peak: str
    uneven: str
    buys: str


def peak_word(score: Score) -> str:
    """The heaviest load of a worker, with one decimal."""
    return f"{score.peak / 100:.1f}"


def uneven_word(score: Score, even: float) -> str:
    """How far the spread lies above that of a county where everybody carries the same, in per cent."""
    return f"{100 * (score.spread / even - 1):.1f} %" if even else "–"


def point_words(point: Point, even: float) -> PointWords:
    """What a point comes to, and what it buys over the one before."""
    return PointWords(peak=peak_word(point.score), uneven=uneven_word(point.score, even), buys=_buys(point, even))


def _buys(point: Point, even: float) -> str:
    before, now = point.before, point.score
    if before is None:
        return _("The fewest moves that are possible.")
    said = []
    if now.short < before.short:
        count = before.short - now.short
        said.append(ngettext("fills %(num)d empty place", "fills %(num)d empty places", count))
    if now.skills_missing < before.skills_missing:
        count = before.skills_missing - now.skills_missing
        said.append(ngettext("brings %(num)d missing skill", "brings %(num)d missing skills", count))
    if now.peak < before.peak:
        said.append(_("heaviest load %(before)s to %(after)s", before=peak_word(before), after=peak_word(now)))
    if not said or now.spread < before.spread:
        facts = {"before": uneven_word(before, even), "after": uneven_word(now, even)}
        said.append(_("unevenness %(before)s to %(after)s", **facts))
    return listed(said)
