"""The main township's public page for volunteers is open, and two people have applied: one of them is 17."""

from datetime import timedelta
from random import Random

from tenants.enums import ActivityState
from tenants.models import StationSetting, VolunteerApplication
from weibao.demo.activities import Held
from weibao.demo.rows import Ground, seeded_id

WORDS = "周末和假期，我们在各村儿童之家陪孩子读书、画画、打球。欢迎您来帮忙。"
PUBLIC = 4
"""Activities that stand on the page."""
YEAR = timedelta(days=366)


def add_page(ground: Ground, activities: list[Held]) -> None:
    """Open the page with the next activities on it, and let two applications wait."""
    rng = Random(f"join-{ground.township.id}")  # noqa: S311 -- invented
    ground.session.add(
        StationSetting(township_id=ground.township.id, id=seeded_id(rng), join_open=True, join_words=WORDS)
    )
    coming = [held.activity for held in activities if held.activity.state is ActivityState.PLANNED]
    ahead = (one for one in coming if one.starts_at > ground.at(ground.day(1), 0))
    for activity in sorted(ahead, key=lambda one: (one.starts_at, one.id))[:PUBLIC]:
        activity.open_to_public = True
    village = ground.villages[0].id
    people = (
        {"name": "柳明远", "phone": "000-0000-9001", "birth_date": ground.today - 31 * YEAR, "base_village_id": village,
         "skills": ["sports"], "wishes": "周末带孩子打篮球", "from_day": ground.day(7)},
        {"name": "苏小禾", "phone": "000-0000-9002", "birth_date": ground.today - 17 * YEAR, "base_village_id": None,
         "skills": ["tutoring", "arts"], "wishes": "寒假辅导作业、教画画", "from_day": ground.day(14),
         "guardian_name": "苏建平", "guardian_phone": "000-0000-9003"},
    )  # fmt: skip
    for number, facts in enumerate(people, start=1):
        ground.session.add(
            VolunteerApplication(
                township_id=ground.township.id,
                id=seeded_id(rng),
                created_at=ground.at(ground.day(-number), 600),
                **facts,
            )
        )
