"""Log-in, log-out, second factor, one-time links: through the program, as a browser would."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tenants.actor import Actor
from tenants.enums import AccountRole, LinkPurpose
from tenants.errors import NotFoundError
from tenants.models import Account, AccountSession, AuditEntry, LoginThrottle, utc_now
from tenants.scope import Scope
from tenants.services import log_ins, passwords, second_factor
from tests.conftest import LogIn, config_for, csrf_token, post
from tests.pages import main_of, names_of_fields
from tests.world import PASSWORD, World
from weibao import login
from weibao.app import create_app
from weibao.db import session_for

HEAD = "station_head-alpha"
VOLUNTEER = "volunteer-alpha"
NEW = "a new long phrase"


def in_system(app: Flask):
    return session_for(Scope.of_system(reason="test"))


def cookie(client: FlaskClient) -> str:
    """The session cookie's value."""
    held = client.get_cookie("weibao")
    assert held is not None
    return held.value


def replay(app: Flask, value: str) -> FlaskClient:
    """A browser that kept an old cookie."""
    client = app.test_client()
    client.set_cookie("weibao", value)
    return client


def test_login_with_a_wrong_password_keeps_the_name_and_says_no_more(app: Flask, world: World) -> None:
    client = app.test_client()
    known = post(client, "/login", {"username": HEAD, "password": "wrong password"})
    unknown = post(client, "/login", {"username": "nobody-here", "password": "wrong password"})
    assert known.status_code == unknown.status_code == 422
    assert f'value="{HEAD}"' in known.text
    strip = re.compile(r'(value|content)="[^"]*"')
    assert strip.sub("", known.text) == strip.sub("", unknown.text)


def test_login_goes_where_the_visitor_was_going_but_never_elsewhere(app: Flask, world: World) -> None:
    data = {"username": VOLUNTEER, "password": PASSWORD}
    for target, expected in (("/account/", "/account/"), ("//evil.example", "/"), ("https://evil.example", "/")):
        response = post(app.test_client(), "/login", {**data, "next": target})
        assert response.headers["Location"] == expected


def test_login_throttles_before_hashing(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client, hashed = app.test_client(), []
    real = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda *args: hashed.append(1) or real(*args))
    statuses = [post(client, "/login", {"username": HEAD, "password": f"wrong {n}"}).status_code for n in range(7)]
    assert statuses == [422] * 5 + [429] * 2
    assert len(hashed) == 5
    assert post(client, "/login", {"username": HEAD, "password": PASSWORD}).status_code == 429


def test_login_throttle_lets_go_after_its_wait(app: Flask, world: World) -> None:
    client = app.test_client()
    for n in range(5):
        post(client, "/login", {"username": HEAD, "password": f"wrong {n}"})
    with app.app_context(), in_system(app) as session:
        for row in session.scalars(select(LoginThrottle)):
            row.last_at = utc_now() - timedelta(minutes=1)
    assert post(client, "/login", {"username": HEAD, "password": PASSWORD}).status_code == 303


def fail(client: FlaskClient, *names: str) -> list[int]:
    """Wrong passwords for some user names, and what is answered."""
    token = csrf_token(client)
    data = {"password": "wrong password", "csrf_token": token}
    return [client.post("/login", data={**data, "username": name}).status_code for name in names]


def age(app: Flask, passed: timedelta) -> None:
    """Let time pass for the throttle."""
    with app.app_context(), in_system(app) as session:
        for row in session.scalars(select(LoginThrottle)):
            row.last_at -= passed


@pytest.fixture
def besieged(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A browser behind an address from which fifty names were tried in vain; hashing is left out, for time."""
    client = app.test_client()
    with monkeypatch.context() as patch:
        patch.setattr(passwords, "matches", lambda *_: False)
        answers = fail(client, *(f"invented-{n}" for n in range(51)))
    assert answers == [422] * 50 + [429]
    return client


def test_a_few_mistyped_names_do_not_lock_a_station_out(app: Flask, world: World) -> None:
    client = app.test_client()
    assert fail(client, *(f"mistyped-{n}" for n in range(8))) == [422] * 8
    assert post(client, "/login", {"username": HEAD, "password": PASSWORD}).status_code == 303


def test_many_failures_hold_an_address_and_are_forgotten_little_by_little(app: Flask, besieged: FlaskClient) -> None:
    right = {"username": HEAD, "password": PASSWORD}
    assert post(besieged, "/login", right).status_code == 429
    assert post(app.test_client(), "/login", right).status_code == 429
    age(app, timedelta(minutes=10))
    assert post(app.test_client(), "/login", right).status_code == 303
    assert fail(app.test_client(), "one", "two", "three") == [422, 422, 429]  # what is left of fifty counts


def test_a_device_that_the_account_has_logged_in_on_passes_the_addresss_limit(
    app: Flask, world: World, log_in: LogIn, request: pytest.FixtureRequest
) -> None:
    device = log_in(AccountRole.STATION_HEAD)
    post(device, "/logout")
    request.getfixturevalue("besieged")
    assert post(device, "/login", {"username": VOLUNTEER, "password": PASSWORD}).status_code == 429  # another account
    assert post(device, "/login", {"username": HEAD.upper(), "password": "wrong password"}).status_code == 422
    assert post(device, "/login", {"username": HEAD, "password": PASSWORD}).status_code == 303
    known = device.get_cookie("weibao-known")
    assert known is not None
    assert known.http_only
    assert HEAD not in known.value
    forged = app.test_client()
    forged.set_cookie("weibao-known", known.value[::-1])
    assert post(forged, "/login", {"username": HEAD, "password": PASSWORD}).status_code == 429


def test_a_known_device_is_held_by_the_accounts_own_limit(app: Flask, log_in: LogIn) -> None:
    device = log_in(AccountRole.STATION_HEAD)
    post(device, "/logout")
    assert fail(device, *[HEAD] * 6) == [422] * 5 + [429]
    assert fail(app.test_client(), "somebody else") == [422]


def test_logout_ends_the_session_even_for_a_kept_cookie(app: Flask, log_in: LogIn) -> None:
    client = log_in(AccountRole.VOLUNTEER)
    kept = cookie(client)
    assert replay(app, kept).get("/account/").status_code == 200
    post(client, "/logout")
    assert replay(app, kept).get("/account/").status_code == 303


def test_password_change_logs_other_devices_out_and_keeps_this_one(app: Flask, log_in: LogIn) -> None:
    here, there = log_in(AccountRole.VOLUNTEER), log_in(AccountRole.VOLUNTEER)
    data = {"present": PASSWORD, "password": NEW, "again": NEW}
    assert post(here, "/account/password", data).status_code == 303
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 303
    assert post(app.test_client(), "/login", {"username": VOLUNTEER, "password": PASSWORD}).status_code == 422
    assert post(app.test_client(), "/login", {"username": VOLUNTEER, "password": NEW}).status_code == 303


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"present": "wrong one", "password": NEW, "again": NEW}, "not the present password"),
        ({"present": PASSWORD, "password": "short", "again": "short"}, "at least 10 characters"),
        ({"present": PASSWORD, "password": "password123", "again": "password123"}, "tried first"),
        ({"present": PASSWORD, "password": f"{VOLUNTEER}!", "again": f"{VOLUNTEER}!"}, "the user name"),
        ({"present": PASSWORD, "password": NEW, "again": "another phrase"}, "differ"),
    ],
)
def test_password_that_breaks_a_rule_is_refused_with_the_rule(log_in: LogIn, data: dict[str, str], words: str) -> None:
    response = post(log_in(AccountRole.VOLUNTEER), "/account/password", data)
    assert response.status_code == 422
    assert words in response.text


def test_devices_are_listed_and_ended_one_by_one(app: Flask, log_in: LogIn, world: World) -> None:
    here, there = log_in(AccountRole.VOLUNTEER), log_in(AccountRole.VOLUNTEER)
    stranger = log_in("volunteer-beta")
    with app.app_context(), in_system(app) as session:
        account = session.scalars(select(Account).where(Account.username == VOLUNTEER)).one()
        other = session.scalars(select(Account).where(Account.username == "volunteer-beta")).one()
        mine = session.scalars(select(AccountSession.id).where(AccountSession.account_id == account.id)).all()
        foreign = session.scalars(select(AccountSession.id).where(AccountSession.account_id == other.id)).one()
    page = here.get("/account/").text
    ended = next(i for i in mine if f"/account/devices/{i}/end" in page)
    assert foreign not in page
    post(here, f"/account/devices/{ended}/end")
    post(here, f"/account/devices/{foreign}/end")
    assert there.get("/account/").status_code == 303
    assert stranger.get("/account/").status_code == 200


def with_factor(client: FlaskClient) -> str:
    """The secret of a second factor that the client's account now has; the code before the present one is used up."""
    post(client, "/account/second-factor/begin")
    secret = re.search(r"<code[^>]*>([A-Z2-7]{32})</code>", client.get("/account/second-factor").text)
    assert secret is not None
    assert post(client, "/account/second-factor", {"code": "000000"}).status_code == 422
    before = pyotp.TOTP(secret[1]).at(int(utc_now().timestamp()) - 30)
    assert post(client, "/account/second-factor", {"code": before}).status_code == 303
    return secret[1]


def test_second_factor_is_asked_for_once_it_is_on_and_a_code_works_once(app: Flask, log_in: LogIn) -> None:
    totp, now = pyotp.TOTP(with_factor(log_in(AccountRole.VOLUNTEER))), int(utc_now().timestamp())
    fresh = app.test_client()
    answer = post(fresh, "/login", {"username": VOLUNTEER, "password": PASSWORD})
    assert answer.headers["Location"] == "/login/code"
    assert fresh.get("/account/").status_code == 303
    token = fresh.get("/login/code").text.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
    used = fresh.post("/login/code", data={"code": totp.at(now - 30), "csrf_token": token})
    assert used.status_code == 422
    assert fresh.post("/login/code", data={"code": totp.at(now), "csrf_token": token}).status_code == 303
    assert fresh.get("/account/").status_code == 200


def at_once(app: Flask, deed: Callable[[], object]) -> list[object]:
    """What eight threads get that do the same at the same time."""
    ready = Barrier(8)

    def one(_number: int) -> object:
        with app.test_request_context():
            ready.wait()
            return deed()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(one, range(8)))


def test_a_code_that_is_sent_eight_times_at_once_is_taken_once(app: Flask, log_in: LogIn) -> None:
    secret = with_factor(log_in(HEAD))
    with app.app_context(), in_system(app) as session:
        account = session.scalars(select(Account).where(Account.username == HEAD)).one()
        account.totp_last_step, account_id = None, account.id
    code = pyotp.TOTP(secret).now()
    assert at_once(app, lambda: login.check_code(account_id, account_id, code)).count(True) == 1


def test_a_link_that_is_used_eight_times_at_once_sets_one_password(app: Flask, world: World) -> None:
    with app.app_context(), in_system(app) as session:
        account = session.scalars(select(Account).where(Account.username == VOLUNTEER)).one()
        token = passwords.new_link_token()
        passwords.keep_link(session, account.id, LinkPurpose.RECOVERY, token)

    def use() -> bool:
        try:
            with in_system(app) as session:
                passwords.use_link(session, token, NEW)
        except NotFoundError:
            return False
        return True

    assert sorted(at_once(app, use)) == [False] * 7 + [True]


def test_a_one_time_link_bears_the_set_address_whatever_host_was_asked(app: Flask, log_in: LogIn) -> None:
    app.config["WEIBAO"] = replace(app.config["WEIBAO"], public_url="https://desk.example/")
    data = {"username": "new-volunteer", "display_name": "New", "role": "volunteer", "township_id": "", "person_id": ""}
    page = post(log_in(AccountRole.STATION_HEAD), "/accounts/new", data)
    assert "https://desk.example/link/" in page.text
    assert "://localhost/link/" not in page.text


def test_first_failures_at_once_are_all_counted(app: Flask, world: World) -> None:
    def fail_once() -> None:
        with in_system(app) as session:
            log_ins.failed(session, log_ins.Tries(username="nobody-here", address="10.0.0.9"))

    at_once(app, fail_once)
    with app.app_context(), in_system(app) as session:
        assert set(session.scalars(select(LoginThrottle.failures))) == {8}


def test_an_open_page_gives_no_more_tries_at_the_password_than_the_door(app: Flask, log_in: LogIn) -> None:
    client = log_in(HEAD)
    form = {"present": "wrong", "password": NEW, "again": NEW}
    answers = [post(client, "/account/password", form) for _number in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert "Too many tries." in answers[-1].text
    assert post(client, "/account/password", {**form, "present": PASSWORD}).status_code == 429


def test_an_open_page_gives_no_more_tries_at_the_code_than_the_door(app: Flask, log_in: LogIn) -> None:
    client = log_in(HEAD)
    secret = with_factor(client)
    for _number in range(5):
        post(client, "/account/second-factor/end", {"code": "000000"})
    code = pyotp.TOTP(secret).at(utc_now() + timedelta(seconds=30))
    page = post(client, "/account/second-factor/end", {"code": code}, follow_redirects=True).text
    assert "Too many tries." in page
    with app.app_context(), in_system(app) as session:
        assert session.scalars(select(Account.totp_since).where(Account.username == HEAD)).one() is not None


def half_way(app: Flask) -> tuple[FlaskClient, str]:
    """A browser in which the volunteer's password was right and the code is awaited; and the account's id."""
    with app.app_context(), in_system(app) as session:
        account = session.scalars(select(Account).where(Account.username == VOLUNTEER)).one()
        second_factor.begin(account, app.config["WEIBAO"].keyring)
        account.totp_since, account_id = utc_now(), account.id
    client = app.test_client()
    answer = post(client, "/login", {"username": VOLUNTEER, "password": PASSWORD})
    assert answer.headers["Location"] == "/login/code"
    assert client.get("/login/code").status_code == 200
    return client, account_id


def assert_ended(client: FlaskClient) -> None:
    for answer in (client.get("/login/code"), post(client, "/login/code", {"code": "000000"})):
        assert (answer.status_code, answer.headers["Location"]) == (303, "/login")


def test_a_half_log_in_ends_after_ten_minutes(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client, _account = half_way(app)
    for minutes, status in ((9, 200), (11, 303)):
        monkeypatch.setattr("weibao.login.utc_now", lambda late=minutes: utc_now() + timedelta(minutes=late))
        assert client.get("/login/code").status_code == status


def test_a_half_log_in_ends_with_the_password_that_it_was_for(app: Flask, world: World) -> None:
    client, account_id = half_way(app)
    with app.app_context(), in_system(app) as session:
        account = session.scalars(select(Account).where(Account.id == account_id)).one()
        passwords.change(session, Actor(county_id=account.county_id, account_id=account_id), account, NEW)
    assert_ended(client)


def test_a_half_log_in_ends_when_a_link_sets_the_password(app: Flask, world: World) -> None:
    client, account_id = half_way(app)
    with app.app_context(), in_system(app) as session:
        passwords.keep_link(session, account_id, LinkPurpose.RECOVERY, "one-time")
    assert post(app.test_client(), "/link/one-time", {"password": NEW, "again": NEW}).status_code == 303
    assert_ended(client)


def test_a_half_log_in_ends_when_the_account_is_closed(app: Flask, log_in: LogIn) -> None:
    client, account_id = half_way(app)
    assert post(log_in(AccountRole.STATION_HEAD), f"/accounts/{account_id}/close").status_code == 303
    assert_ended(client)


def test_only_who_is_not_logged_in_is_told_to_log_in_for_the_code(app: Flask, log_in: LogIn) -> None:
    for client, told in ((app.test_client(), True), (log_in(AccountRole.VOLUNTEER), False)):
        page = client.get("/login/code", follow_redirects=True)
        assert ("Please log in first." in page.text) is told


def test_a_half_log_in_of_before_the_mark_counts_for_nothing(app: Flask, world: World) -> None:
    client, account_id = half_way(app)
    with client.session_transaction() as held:
        held["second_factor_of"] = account_id
    assert_ended(client)


def test_second_factor_is_required_of_heads_and_officers_where_the_setting_says(
    database_url: str, world: World
) -> None:
    app = create_app(config_for(database_url, require_second_factor=True))
    for username, blocked in ((HEAD, True), ("county", True), (VOLUNTEER, False)):
        client = app.test_client()
        post(client, "/login", {"username": username, "password": PASSWORD})
        response = client.get("/")
        assert (response.headers.get("Location") == "/account/") is blocked
        post(client, "/account/second-factor/begin")
        secret = re.search(r"<code[^>]*>([A-Z2-7]{32})</code>", client.get("/account/second-factor").text)
        assert secret is not None
        on = post(client, "/account/second-factor", {"code": pyotp.TOTP(secret[1]).now()})
        assert on.headers["Location"] == ("/" if blocked else "/account/")
    with app.app_context():
        from weibao.db import db

        db.engine.dispose()


def test_invitation_lets_a_new_person_set_a_password_once(app: Flask, log_in: LogIn, world: World) -> None:
    head = log_in(AccountRole.STATION_HEAD)
    data = {"username": "new-volunteer", "display_name": "New", "role": "volunteer", "township_id": "", "person_id": ""}
    page = post(head, "/accounts/new", data)
    link = re.search(r"/link/[\w-]+", page.text)
    assert link is not None
    guest = app.test_client()
    assert "new-volunteer" in guest.get(link[0]).text
    assert post(guest, link[0], {"password": NEW, "again": NEW}).status_code == 303
    assert guest.get(link[0]).status_code == 404
    assert post(guest, "/login", {"username": "new-volunteer", "password": NEW}).status_code == 303


@pytest.mark.parametrize(
    ("inviter", "role"),
    [
        (AccountRole.COUNTY_OFFICER, "county_officer"),
        (AccountRole.COUNTY_OFFICER, "station_head"),
        (AccountRole.STATION_HEAD, "station_staff"),
        (AccountRole.STATION_HEAD, "child_director"),
    ],
)
def test_whoever_invites_need_fill_in_no_more_than_the_page_shows(
    log_in: LogIn, world: World, inviter: AccountRole, role: str
) -> None:
    client = log_in(inviter)
    shown = names_of_fields(client.get("/accounts/new").text)
    needed = {"username": "somebody-new", "display_name": "New", "role": role}
    assert needed.keys() <= shown
    township = {"township_id": world.first.township if role == "station_head" else ""}
    typed = {name: value for name, value in (needed | township | {"person_id": ""}).items() if name in shown}
    assert re.search(r"/link/[\w-]+", post(client, "/accounts/new", typed).text)


def test_invitation_refuses_a_taken_name_of_another_county_and_keeps_what_was_typed(log_in: LogIn) -> None:
    head = log_in(AccountRole.STATION_HEAD)
    data = {"username": "volunteer-gamma", "display_name": "Wang", "role": "volunteer", "township_id": ""}
    response = post(head, "/accounts/new", {**data, "person_id": ""})
    assert response.status_code == 422
    assert 'value="Wang"' in response.text
    assert "is taken" in response.text


def test_head_manages_the_level_below_in_the_own_township_alone(log_in: LogIn, app: Flask, world: World) -> None:
    head = log_in(AccountRole.STATION_HEAD)
    with app.app_context(), in_system(app) as session:
        ids = dict(list(session.execute(select(Account.username, Account.id))))
    page = main_of(head.get("/accounts/").text)
    assert ids[VOLUNTEER] in page
    for username in ("volunteer-beta", "volunteer-gamma", HEAD, "county"):
        assert f"/accounts/{ids[username]}/close" not in page
        assert post(head, f"/accounts/{ids[username]}/close").status_code == 404
    assert post(head, "/accounts/unknown/close").status_code == 404


def test_closing_an_account_logs_its_devices_out_at_once(log_in: LogIn, app: Flask) -> None:
    volunteer, head = log_in(AccountRole.VOLUNTEER), log_in(AccountRole.STATION_HEAD)
    with app.app_context(), in_system(app) as session:
        account_id = session.scalars(select(Account.id).where(Account.username == VOLUNTEER)).one()
    assert post(head, f"/accounts/{account_id}/close").status_code == 303
    assert volunteer.get("/account/").status_code == 303
    post(head, f"/accounts/{account_id}/open")
    assert volunteer.get("/account/").status_code == 303  # an ended log-in stays ended
    assert post(app.test_client(), "/login", {"username": VOLUNTEER, "password": PASSWORD}).status_code == 303


def test_recovery_by_the_level_above_is_logged_and_takes_a_lost_factor_off(app: Flask, log_in: LogIn) -> None:
    county = log_in("county")
    with app.app_context(), in_system(app) as session:
        account = session.scalars(select(Account).where(Account.username == HEAD)).one()
        second_factor.begin(account, app.config["WEIBAO"].keyring)
        account.totp_since = utc_now()
    page = post(county, f"/accounts/{account.id}/recover")
    assert re.search(r"/link/[\w-]+", page.text)
    with app.app_context(), in_system(app) as session:
        assert session.scalars(select(Account.totp_sealed).where(Account.username == HEAD)).one() is None
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == account.id)).all()
    assert {"account.recover", "account.second_factor_removed"} <= set(actions)


def test_one_time_link_ends_after_its_time(app: Flask, world: World) -> None:
    with app.app_context(), in_system(app) as session:
        account = session.scalars(select(Account).where(Account.username == VOLUNTEER)).one()
        passwords.keep_link(session, account.id, LinkPurpose.RECOVERY, "old-token")
        passwords.link_of(session, "old-token").expires_at = utc_now() - timedelta(seconds=1)
    assert app.test_client().get("/link/old-token").status_code == 404


def test_every_unsafe_method_needs_the_token(app: Flask, log_in: LogIn) -> None:
    client = log_in(AccountRole.STATION_HEAD)
    unsafe = [rule for rule in app.url_map.iter_rules() if rule.methods and rule.methods & {"POST", "PUT", "DELETE"}]
    assert len(unsafe) > 10
    for rule in unsafe:
        address = rule.build(dict.fromkeys(rule.arguments, "1"))
        assert address is not None
        response = client.post(address[1], headers={"HX-Request": "true"})
        assert response.status_code == 400, rule.endpoint


def test_pages_carry_the_headers_that_a_browser_needs(app: Flask, log_in: LogIn) -> None:
    headers = log_in(AccountRole.VOLUNTEER).get("/account/").headers
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, no-store"
    assert csrf_token(app.test_client())
