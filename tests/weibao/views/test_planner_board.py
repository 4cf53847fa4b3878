"""The roster board: seats with their states, swaps, fixes, undo and redo, two planners."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tenants.enums import AccountRole, DutyAnswer, DutyState
from tenants.models import Assignment, Attendance, Duty, Person, Roster, Vetting
from tests.conftest import LogIn, post
from tests.drafts import DIRECTOR, VOLUNTEER, WORKER, activity_task, at, begin, due_visit, keep, visit_task
from tests.pages import in_english, text_of
from tests.weibao.views.conftest import stepping_aside
from tests.world import World

HTMX = {"HX-Request": "true"}


@pytest.fixture
def station(station: Session, app: Flask) -> Iterator[Session]:
    """A session that steps aside."""
    with stepping_aside(station, app) as aside:
        yield aside


@pytest.fixture
def head(log_in: LogIn) -> FlaskClient:
    return in_english(log_in(AccountRole.STATION_HEAD))


@pytest.fixture
def draft(station: Session, world: World) -> Roster:
    """Child 0 is visited by the director on the first day at 17:00, child 1 by the worker on the second at 16:30."""
    roster = begin(station, world)
    first = visit_task(world, due_visit(station, world), at(roster.starts_on, 17))
    second = visit_task(world, due_visit(station, world, 1), at(roster.starts_on + timedelta(days=1), 16, 30), WORKER)
    keep(station, world, roster, first, second, activity_task(station, world))
    station.commit()
    return roster


def url(roster: Roster, *more: str) -> str:
    return "/".join(("/planner", roster.id, *more))


def read(client: FlaskClient, path: str, **kwargs: object) -> str:
    answer = client.get(path, **kwargs)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    return text_of(answer, signs=True)


def change(client: FlaskClient, roster: Roster, task: str, step: str = "change", **facts: object) -> TestResponse:
    return post(client, url(roster, "task", task, step), {"revision": roster.revision, **facts})


def seats(station: Session, task: str) -> list[str]:
    station.expire_all()
    where = (Assignment.visit_id == task) | (Assignment.activity_id == task)
    row = station.scalars(select(Assignment).join(Roster).where(where, Roster.version.is_(None))).one()
    return [seat.person_id for seat in row.seats]


# the board and its states


def test_the_board_has_a_line_for_each_person_and_says_what_is_proposed(head: FlaskClient, draft: Roster) -> None:
    text = read(head, url(draft))
    assert "Roster board: people by days Person" in text
    assert "17:00 [Proposed, told to nobody yet] Visit C-000" in text
    assert "16:30 [Proposed, told to nobody yet] Visit C-001" in text
    assert "Station staff · 0 duties" in text  # free, without a duty


def test_the_board_of_villages_names_the_teams_and_what_is_unfilled(
    head: FlaskClient, draft: Roster, world: World
) -> None:
    text = read(head, url(draft) + "?tab=villages")
    assert f"17:00 Visit C-000 child_director {world.first.canary} [Proposed, told to nobody yet]" in text
    assert "[Unfilled] Home visit C-002" in text


def test_a_seat_leads_to_its_place_and_shows_its_pin(
    head: FlaskClient, draft: Roster, station: Session, world: World
) -> None:
    visit, director = due_visit(station, world), world.first.people[DIRECTOR]
    facts = {"revision": draft.revision, "what": "seat", "task": visit, "person": director, "pinned": "1"}
    post(head, url(draft, "pins"), facts)
    assert "17:00 [Proposed, told to nobody yet] [Pinned] Visit C-000" in read(head, url(draft))
    path = url(draft, "task", visit) + f"?seat={director}"
    assert f'href="{path}#choice"' in head.get(url(draft)).text
    text = read(head, path)
    assert "Is known to the household." in text or "Holds the post and the skills" in text
    assert "Holds a valid criminal-record check" in text
    assert re.search(r"The next best, social_worker \S+, would cost the plan \d+ more\.", text)


def test_a_published_version_shows_what_has_become_of_every_seat(
    head: FlaskClient, draft: Roster, station: Session, world: World
) -> None:
    people = world.first.people
    post(head, url(draft, "publish"), {"revision": draft.revision, "confirmed": "y"})
    held = {(duty.person_id, duty.task_id): duty for duty in station.scalars(select(Duty))}
    first = held[people[DIRECTOR], due_visit(station, world)]
    second = held[people[WORKER], due_visit(station, world, 1)]
    helper = held[people[VOLUNTEER], world.first.activity]
    lead = held[people[DIRECTOR], world.first.activity]
    first.answer = DutyAnswer.ACCEPTED
    second.answer, second.state = DutyAnswer.DECLINED, DutyState.CANCELLED
    station.add(Attendance(township_id=first.township_id, duty_id=helper.id, no_show=True))
    came = Attendance(township_id=first.township_id, duty_id=lead.id, minutes=60)
    station.add(came)
    station.flush()
    text = read(head, "/rosters/1")
    assert "17:00 [Accepted] Visit C-000" in text
    assert "16:30 [Has declined] Visit C-001" in text
    assert "[Done]" in text
    assert "[Missed]" in text
    assert "PSEUDONYM" not in text
    # the draft proposes again what was declined, and says so
    assert "16:30 [Has declined] Visit C-001" in read(head, url(draft))
    assert "17:00 [Accepted] Visit C-000" in read(head, url(draft))


def test_a_seat_at_another_time_than_the_one_accepted_is_a_proposal(
    head: FlaskClient, draft: Roster, station: Session, world: World
) -> None:
    post(head, url(draft, "publish"), {"revision": draft.revision, "confirmed": "y"})
    keep(station, world, draft, visit_task(world, due_visit(station, world), at(draft.starts_on, 18)))
    assert "18:00 [Proposed, told to nobody yet] Visit C-000" in read(head, url(draft))
    assert "17:00 [Published, no answer yet] Visit C-000" in read(head, "/rosters/1?view=people")


# swap two


def test_two_people_change_places_after_it_was_weighed_and_back(
    head: FlaskClient, draft: Roster, station: Session, world: World
) -> None:
    one, other, people = due_visit(station, world), due_visit(station, world, 1), world.first.people
    facts = {"kind": "swap", "person": people[DIRECTOR], "swap": f"{other}:{people[WORKER]}"}
    assert facts["swap"] in head.get(url(draft, "task", one) + f"?seat={people[DIRECTOR]}", headers=HTMX).text
    weighed = text_of(change(head, draft, one, "consider", **facts), signs=True)
    assert re.search(r"Child_director \S+ and social_worker \S+ change places: visit C-000 and visit C-001\.", weighed)
    assert "The plan costs" in weighed
    assert seats(station, one) == [people[DIRECTOR]]
    assert change(head, draft, one, anyway="y", **facts).status_code == 303
    assert (seats(station, one), seats(station, other)) == ([people[WORKER]], [people[DIRECTOR]])
    assert post(head, url(draft, "undo"), {"revision": draft.revision}).status_code == 303
    assert (seats(station, one), seats(station, other)) == ([people[DIRECTOR]], [people[WORKER]])


def test_a_swap_that_makes_no_sense_is_refused(
    head: FlaskClient, draft: Roster, station: Session, world: World
) -> None:
    one, people = due_visit(station, world), world.first.people
    mine = {"kind": "swap", "person": people[DIRECTOR]}
    for typed, said in (
        ("", "choose the place of somebody else"),
        (f"{world.first.activity}:{people[DIRECTOR]}", "choose the place of somebody else"),
    ):
        answer = change(head, draft, one, "consider", **mine, swap=typed)
        assert answer.status_code == 422
        assert said in answer.text
    assert change(head, draft, one, "consider", **mine, swap="nothing:nobody").status_code == 404


# unfilled places first


def test_unfilled_places_stand_first_with_the_smallest_fix_as_a_button(
    head: FlaskClient, draft: Roster, station: Session, world: World
) -> None:
    """Neither lead has a check any more: a renewed check is the smallest thing that helps."""
    leads = [world.first.people[kind] for kind in (DIRECTOR, WORKER)]
    station.query(Vetting).filter(Vetting.person_id.in_(leads)).delete()
    keep(station, world, draft)
    answer = head.get(url(draft))
    text = text_of(answer, signs=True)
    assert text.index("unfilled places") < text.index("Roster board")
    assert "Smallest fix: Renew the criminal-record check of" in text
    assert re.search(r'href="/people/\w+#checks" aria-label="To the checks: Renew', answer.text)


def test_a_fix_in_the_planners_hands_is_weighed_and_kept_in_one_step(
    head: FlaskClient, station: Session, world: World
) -> None:
    """One day, one lead who takes one duty a day: child 1 is visited if child 0 is left out."""
    people = world.first.people
    roster, one, other = begin(station, world, days=1), due_visit(station, world), due_visit(station, world, 1)
    station.get_one(Person, (world.first.township, people[DIRECTOR])).max_tasks_per_day = 1
    station.get_one(Person, (world.first.township, people[WORKER])).active = False
    keep(station, world, roster, visit_task(world, one, at(roster.starts_on, 17)), left=(other,))
    fix = f"drop_task:{one}"
    assert f'name="fix" value="{fix}"' in head.get(url(roster, "task", other)).text
    weighed = change(head, roster, other, "consider", kind="fix", fix=fix)
    assert weighed.status_code == 200
    assert "Leave out visit C-000. Visit C-001 is put in with child_director" in text_of(weighed, signs=True)
    assert change(head, roster, other, kind="fix", fix=fix).status_code == 303
    assert seats(station, other) == [people[DIRECTOR]]
    assert post(head, url(roster, "undo"), {"revision": roster.revision}).status_code == 303
    assert seats(station, one) == [people[DIRECTOR]]


def test_a_fix_that_is_no_way_any_more_is_refused(
    head: FlaskClient, draft: Roster, station: Session, world: World
) -> None:
    visit = due_visit(station, world, 2)
    answer = change(head, draft, visit, "consider", kind="fix", fix="drop_task:nothing")
    assert answer.status_code == 422
    assert "this is no way to serve it any more" in answer.text


# undo and redo


def step(client: FlaskClient, roster: Roster, which: str, **facts: object) -> TestResponse:
    return post(client, url(roster, which), {"revision": roster.revision, **facts})


def test_several_changes_are_undone_and_redone(
    head: FlaskClient, draft: Roster, station: Session, world: World
) -> None:
    visit, people = due_visit(station, world), world.first.people
    change(head, draft, visit, kind="replace", person=people[DIRECTOR], by=people[WORKER], anyway="y")
    station.expire_all()
    change(head, draft, visit, kind="replace", person=people[WORKER], by=people[DIRECTOR], anyway="y")
    for which, holder in (("undo", WORKER), ("undo", DIRECTOR), ("redo", WORKER), ("redo", DIRECTOR)):
        station.expire_all()
        answer = step(head, draft, which, task=visit)
        assert answer.headers["Location"] == url(draft, "task", visit)
        assert seats(station, visit) == [people[holder]]
    assert "Made again: Child_director" in read(head, url(draft))
    assert step(head, draft, "redo").status_code == 409


def test_a_change_of_somebody_else_is_not_undone_by_a_stale_page(
    head: FlaskClient, log_in: LogIn, draft: Roster, station: Session, world: World
) -> None:
    one, other, people = due_visit(station, world), due_visit(station, world, 1), world.first.people
    change(head, draft, one, kind="unassign")
    station.expire_all()
    seen = draft.revision
    staff = in_english(log_in(AccountRole.STATION_STAFF))
    change(staff, draft, other, kind="replace", person=people[WORKER], by=people[DIRECTOR], anyway="y")
    answer = post(head, url(draft, "undo"), {"revision": seen, "edit": seen})
    assert answer.status_code == 409
    assert "takes the place of social_worker" in text_of(answer, signs=True)
    station.expire_all()
    again = post(head, url(draft, "undo"), {"revision": draft.revision, "edit": seen})
    assert again.status_code == 409
    assert "what you meant is not the last change any more" in text_of(again, signs=True)
    assert seats(station, other) == [people[DIRECTOR]]
    asked = re.search(r"data-confirm=\"This change is by ([^\"]+)\. Take it back\?", head.get(url(draft)).text)
    assert asked is not None
    assert asked[1].startswith("station_staff")


def test_an_open_page_hears_what_others_have_changed(
    head: FlaskClient, log_in: LogIn, draft: Roster, station: Session, world: World
) -> None:
    seen, news = draft.revision, url(draft, "news")
    assert head.get(f"{news}?since={seen}", headers=HTMX).text.strip() == ""
    staff = in_english(log_in(AccountRole.STATION_STAFF))
    change(staff, draft, due_visit(station, world), kind="unassign")
    text = read(head, f"{news}?since={seen}", headers=HTMX)
    assert re.search(r"station_staff-alpha[^:]*: Visit C-000 is taken out of the roster\.", text)
    post(staff, url(draft, "discard"), {"revision": seen + 1})
    gone = head.get(f"{news}?since={seen}", headers=HTMX)
    assert (gone.status_code, "This draft has been thrown away meanwhile." in gone.text) == (286, True)
    assert head.get(news).status_code == 404
