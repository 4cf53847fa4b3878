"""What some volunteers wish for good, and skills that they name and the station has not taken over yet."""

from random import Random

from tenants.enums import ActivityKind
from tenants.models import LastingWish, StatedSkill
from weibao.demo.people import Cast
from weibao.demo.rows import Ground, seeded_id

EVERY = 6
"""One volunteer in so many has lasting wishes."""
KINDS = (ActivityKind.ARTS, ActivityKind.SPORTS, ActivityKind.TUTORING, ActivityKind.SAFETY)
WORDS = ("周末上午都可以来。", "愿意陪孩子读书、做手工。", "家里离得近，临时有事可以找我。")
SKILL = "first_aid"


def add_lasting_wishes(ground: Ground, cast: Cast) -> None:
    """A kind that they like, one that they would rather not do, and their own village; from numbers of their own."""
    rng = Random(f"wishes-{ground.township.id}")  # noqa: S311 -- invented
    for number, member in enumerate(cast.volunteers[::-1]):
        if number % EVERY:
            continue
        person = member.person
        liked, disliked = rng.sample(KINDS, 2)
        wishes = [{"kind": liked, "wants": True}, {"kind": disliked, "wants": False}]
        if person.base_village_id:
            wishes.append({"village_id": person.base_village_id, "wants": True})
        ground.session.add_all(
            LastingWish(township_id=ground.township.id, id=seeded_id(rng), person_id=person.id, **wish)
            for wish in wishes
        )
        person.own_words = rng.choice(WORDS)
        if SKILL not in member.skills:
            ground.session.add(
                StatedSkill(township_id=ground.township.id, id=seeded_id(rng), person_id=person.id, skill=SKILL)
            )
