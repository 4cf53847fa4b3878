"""What leaves the program: by a real SMTP server and a real HTTP gateway, once, in quiet, and without a child in it."""

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import Channel, DeclineReason, DeliveryState, MessageKind, PersonKind
from tenants.models import Account, Child, County, Delivery, Message, Person, Visit
from tenants.scope import Scope
from tenants.services import bookings, notices, outbox, publishing, visit_notes
from tests import drafts
from tests.conftest import config_for
from tests.drafts import DIRECTOR
from tests.keys import KEYRING
from tests.world import World
from weibao import answer_links, exchange
from weibao.config import Config, ConfigError
from weibao.db import session_for
from weibao.outbox import (
    Letter,
    NotSentError,
    RefusedError,
    SmtpSender,
    WebhookSender,
    deliver_once,
    senders_of,
)
from weibao.outbox import _mark as mark

SECRET = "gateway-secret-" + "x" * 32
LETTER = Letter(key="k" * 26, address="someone@example.org", title="未保 hello", text="第一行\nline 2")


@dataclass
class Post:
    """A mail server that keeps what it is given; ``answers`` are said to DATA first, one by one."""

    mails: list[bytes] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        if self.answers:
            return self.answers.pop(0)
        self.mails.append(envelope.content)
        return "250 OK"


@pytest.fixture
def post() -> Iterator[tuple[Post, Config]]:
    """A mail server of this machine, and settings that lead to it."""
    server = Post()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    yield server, config_for("sqlite:///x", **_mail(port))
    controller.stop()


def _mail(port: int) -> dict[str, object]:
    return {
        "smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none",
        "smtp_sender": "weibao@county.example", "public_url": "https://weibao.example",
    }  # fmt: skip


@dataclass
class Gateway:
    """A gateway that keeps its calls; ``answers`` are its next status codes."""

    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)


@pytest.fixture
def gateway() -> Iterator[tuple[Gateway, Config]]:
    """A gateway of this machine, and settings that lead to it."""
    heard = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.calls.append((dict(self.headers), body))
            status = heard.answers.pop(0) if heard.answers else 200
            self.send_response(status)
            if status == 302:
                self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/send"
    yield heard, config_for("sqlite:///x", webhook_url=url, webhook_secret=SECRET)
    server.shutdown()
    thread.join()
    server.server_close()


# The senders


def test_an_email_carries_chinese_and_a_stable_message_id(post: tuple[Post, Config]) -> None:
    server, config = post
    SmtpSender(config).send(LETTER)
    mail = message_from_bytes(server.mails[0], policy=policy.default)
    assert (mail["Subject"], mail["To"]) == ("未保 hello", "someone@example.org")
    assert mail.get_content().replace("\r\n", "\n").strip() == "第一行\nline 2"
    assert mail["Message-ID"] == f"<{LETTER.key}@county.example>"


def test_a_name_with_a_line_break_makes_no_header_of_its_own(post: tuple[Post, Config]) -> None:
    server, config = post
    SmtpSender(config).send(replace(LETTER, title="未保 a\r\nBcc: other@example.org"))
    mail = message_from_bytes(server.mails[0], policy=policy.default)
    assert (mail["Subject"], mail["Bcc"]) == ("未保 a Bcc: other@example.org", None)


def test_a_mail_server_that_asks_to_wait_is_tried_again_and_one_that_refuses_is_not(post: tuple[Post, Config]) -> None:
    server, config = post
    server.answers = ["451 later", "554 never"]
    with pytest.raises(NotSentError, match="451"):
        SmtpSender(config).send(LETTER)
    with pytest.raises(RefusedError, match="554"):
        SmtpSender(config).send(LETTER)


def test_no_mail_server_is_tried_again() -> None:
    with pytest.raises(NotSentError, match="no connection"):
        SmtpSender(config_for("sqlite:///x", **_mail(1))).send(LETTER)


def test_a_call_is_signed_and_carries_its_idempotency_key(gateway: tuple[Gateway, Config]) -> None:
    heard, config = gateway
    WebhookSender(config).send(LETTER)
    headers, body = heard.calls[0]
    signed = headers["X-Weibao-Timestamp"].encode() + b"." + body
    assert headers["X-Weibao-Signature"] == "sha256=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["Idempotency-Key"] == LETTER.key
    assert json.loads(body) == {"id": LETTER.key, "to": LETTER.address, "title": LETTER.title, "text": LETTER.text}


@pytest.mark.parametrize(("status", "error"), [(500, NotSentError), (429, NotSentError), (400, RefusedError)])
def test_a_gateways_answer_says_whether_to_try_again(
    gateway: tuple[Gateway, Config], status: int, error: type[Exception]
) -> None:
    heard, config = gateway
    heard.answers = [status]
    with pytest.raises(error, match=str(status)):
        WebhookSender(config).send(LETTER)


def test_a_signed_call_follows_no_redirect(gateway: tuple[Gateway, Config]) -> None:
    heard, config = gateway
    heard.answers = [302]
    with pytest.raises(RefusedError, match="302"):
        WebhookSender(config).send(LETTER)
    assert len(heard.calls) == 1


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"smtp_host": "mail", "smtp_sender": "nobody"}, "WEIBAO_SMTP_SENDER"),
        ({"smtp_security": "ssl"}, "WEIBAO_SMTP_SECURITY"),
        ({"smtp_user": "u", "smtp_security": "none"}, "WEIBAO_SMTP_SECURITY"),
        ({"webhook_url": "ftp://x"}, "WEIBAO_WEBHOOK_URL"),
        ({"webhook_url": "https://x", "webhook_secret": "short"}, "WEIBAO_WEBHOOK_SECRET"),
    ],
)
def test_a_wrong_setting_is_named(changes: dict[str, object], name: str) -> None:
    with pytest.raises(ConfigError, match=name):
        config_for("sqlite:///x", **changes)


# The outbox


@pytest.fixture
def reachable(session: Session, world: World) -> Account:
    """The volunteer's account, with an e-mail address; their person has a phone. No quiet hours."""
    account = session.scalars(select(Account).where(Account.username == "volunteer-alpha")).one()
    account.email = "volunteer@example.org"
    county = session.get_one(County, world.county)
    county.quiet_from = county.quiet_until = 0
    session.commit()
    return account


FACTS = {
    "starts_at": "2026-12-05T01:00:00+00:00", "ends_at": "2026-12-05T02:00:00+00:00", "village": "甲镇0村",
    "village_en": "Village 0", "title": "绘画", "title_en": "Painting", "role": "helper",
}  # fmt: skip


def tell(session: Session, account: Account, **kwargs: bool) -> None:
    notices.tell(session, [account], MessageKind.SWAP_ASKED, FACTS, **kwargs)
    session.commit()


def states(session: Session) -> dict[str, set[str]]:
    session.expire_all()
    found: dict[str, set[str]] = {}
    for row in session.scalars(select(Delivery)):
        found.setdefault(row.channel.value, set()).add(row.state.value)
    session.commit()
    return found


def drain(app: Flask, config: Config) -> int:
    """Send everything that is due, under settings; returns how many batches there were."""
    senders, count = senders_of(config), 0
    while deliver_once(app, senders):
        count += 1
    return count


def test_a_message_goes_out_by_each_way_in_the_readers_language(
    app: Flask, session: Session, reachable: Account, post: tuple[Post, Config], gateway: tuple[Gateway, Config]
) -> None:
    tell(session, reachable)
    both = senders_of(post[1]) | senders_of(gateway[1])
    app.config["WEIBAO"] = post[1]
    while deliver_once(app, both):
        pass
    mail = message_from_bytes(post[0].mails[0], policy=policy.default)
    assert mail["Subject"] == "Weibao: Can you step in?"
    assert "Sat 5 Dec 09:00 · Painting · Village 0, Helper" in mail.get_content()
    assert "https://weibao.example/inbox" in mail.get_content()
    assert json.loads(gateway[0].calls[0][1])["to"] == "00000000000"
    assert states(session) == {"email": {"sent"}, "webhook": {"sent"}}
    assert drain(app, post[1]) == 0


def test_a_question_who_is_free_carries_its_readers_link_which_no_row_holds(
    app: Flask, session: Session, reachable: Account, post: tuple[Post, Config]
) -> None:
    asked = {"from": "2026-12-05", "to": "2026-12-06", "by": "2026-12-04", "invitation": "a" * 26, "serial": 3}
    notices.tell(session, [reachable], MessageKind.AVAILABILITY_ASKED, asked)
    session.commit()
    app.config["WEIBAO"] = post[1]
    drain(app, post[1])
    text = message_from_bytes(post[0].mails[0], policy=policy.default).get_content()
    with app.app_context():
        token = answer_links.token_of("a" * 26, 3)
    assert f"https://weibao.example/free/{token}" in text
    assert "Please answer by Fri 4 Dec." in text
    kept = session.scalars(select(Message)).one()
    assert token.rpartition(".")[2] not in str(kept.facts)
    session.rollback()


def test_without_a_way_out_it_is_said_so_and_not_tried(app: Flask, session: Session, reachable: Account) -> None:
    tell(session, reachable)
    drain(app, config_for("sqlite:///x"))
    assert states(session) == {"email": {"skipped"}, "webhook": {"skipped"}}


def test_a_failed_try_is_repeated_under_the_same_key_and_ends_after_six(
    app: Flask, session: Session, reachable: Account, gateway: tuple[Gateway, Config]
) -> None:
    heard, config = gateway
    heard.answers = [503] * 9
    tell(session, reachable)
    for _ in range(9):
        drain(app, config)
        session.expire_all()
        for row in session.scalars(select(Delivery).where(Delivery.channel == Channel.WEBHOOK)):
            assert row.state is DeliveryState.FAILED or row.due_at > datetime.now(UTC) + timedelta(seconds=50)
            row.due_at = datetime.now(UTC)
        session.commit()
        session.expire_all()
    assert len(heard.calls) == 6
    assert len({headers["Idempotency-Key"] for headers, _ in heard.calls}) == 1
    assert states(session)["webhook"] == {"failed"}


def test_a_worker_that_dies_leaves_an_email_uncertain_and_repeats_a_call(
    app: Flask, session: Session, reachable: Account, post: tuple[Post, Config], gateway: tuple[Gateway, Config]
) -> None:
    tell(session, reachable)
    with app.app_context():
        for _ in range(2):  # both are claimed by a worker that ends before it marks them
            with session_for(Scope.of_system(reason="test")) as worker:
                outbox.claim(worker)
    assert states(session) == {"email": {"sending"}, "webhook": {"sending"}}
    for row in session.scalars(select(Delivery)):
        row.claimed_at = datetime.now(UTC) - outbox.LEASE - timedelta(seconds=1)
    session.commit()
    while deliver_once(app, senders_of(post[1]) | senders_of(gateway[1])):
        pass
    assert states(session) == {"email": {"uncertain"}, "webhook": {"sent"}}
    assert (len(post[0].mails), len(gateway[0].calls)) == (0, 1)


def test_a_worker_that_was_taken_over_marks_nothing(app: Flask, session: Session, reachable: Account) -> None:
    tell(session, reachable)
    scope = Scope.of_system(reason="test")
    with app.app_context():
        with session_for(scope) as worker:
            first = outbox.claim(worker)
        assert first is not None
        session.expire_all()
        for row in session.scalars(select(Delivery).where(Delivery.batch == first.key)):
            row.attempts += 1
        session.commit()
        with session_for(scope) as worker:
            mark(worker, first, DeliveryState.SENT, "")
    assert "sent" not in states(session)[first.channel.value]


def test_four_workers_send_each_batch_once(
    app: Flask, session: Session, reachable: Account, post: tuple[Post, Config]
) -> None:
    head = session.scalars(select(Account).where(Account.username == "station_head-alpha")).one()
    head.email = "head@example.org"
    accounts = [reachable, head]
    for account in accounts:
        tell(session, account)
    workers = [threading.Thread(target=drain, args=(app, post[1])) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    to = sorted(message_from_bytes(mail, policy=policy.default)["To"] for mail in post[0].mails)
    assert to == ["head@example.org", "volunteer@example.org"]


def test_what_is_due_together_goes_out_as_one(
    app: Flask, session: Session, reachable: Account, post: tuple[Post, Config]
) -> None:
    for _ in range(3):
        tell(session, reachable)
    drain(app, post[1])
    (mail,) = (message_from_bytes(mail, policy=policy.default) for mail in post[0].mails)
    assert mail["Subject"] == "Weibao: 3 messages"
    assert mail.get_content().count("Can you step in?") == 3


def at(hour: int, minute: int = 0) -> datetime:
    return drafts.at(drafts.today(), hour, minute)


@pytest.mark.parametrize(
    ("now", "digest", "urgent", "due"),
    [
        (at(12), False, False, at(12)),
        (at(23), False, False, at(7) + timedelta(days=1)),
        (at(3), False, False, at(7)),
        (at(7), False, False, at(7)),
        (at(23), False, True, at(23)),
        (at(12), True, False, at(18)),
        (at(19), True, False, at(18) + timedelta(days=1)),
        (at(12), True, True, at(12)),
    ],
)
def test_quiet_hours_and_the_digest_hold_back_what_is_not_urgent(
    now: datetime, digest: bool, urgent: bool, due: datetime
) -> None:
    county = County(timezone="Asia/Shanghai", quiet_from=22 * 60, quiet_until=7 * 60)
    assert notices.due_at(county, Account(digest=digest), now.astimezone(UTC), urgent=urgent) == due


@pytest.mark.parametrize(
    ("begins", "due"),
    [
        (at(14), at(12)),
        (at(14) + timedelta(days=1), at(12)),  # the digest would leave it no day
        (at(18) + timedelta(days=1), at(18)),
        (at(9) + timedelta(days=5), at(18)),
    ],
)
def test_a_digest_that_comes_too_late_is_not_waited_for(begins: datetime, due: datetime) -> None:
    county = County(timezone="Asia/Shanghai", quiet_from=22 * 60, quiet_until=7 * 60)
    account, noon = Account(digest=True), at(12).astimezone(UTC)
    assert notices.due_at(county, account, noon, urgent=False, begins=begins) == due


def test_no_message_holds_a_word_about_a_child(
    app: Flask, session: Session, world: World, reachable: Account, post: tuple[Post, Config],
    gateway: tuple[Gateway, Config],
) -> None:  # fmt: skip
    """Canaries in every field of a child and of a visit; then everything that tells somebody something."""
    canary = "KANARI"
    for child in session.scalars(select(Child).where(Child.township_id == world.first.township)):
        child.case_code, child.pseudonym = f"{canary}{child.id[:8]}", f"{canary} pseudonym"
    session.get_one(County, world.county).decline_hours = 0
    for account in session.scalars(select(Account).where(Account.township_id == world.first.township)):
        account.email = f"{account.username}@example.org"
    session.commit()
    scope = Scope.of_township(world.county, world.first.township, reason="test")
    with app.app_context(), session_for(scope) as own:
        draft = drafts.begin(own, world)
        visit = drafts.due_visit(own, world)
        row = own.get_one(Visit, (world.first.township, visit))
        visit_notes.keep(own, KEYRING, row, canary)
        task = drafts.visit_task(world, visit, drafts.at(draft.starts_on, 17), DIRECTOR)
        drafts.keep(own, world, draft, task, drafts.activity_task(own, world))
        publishing.publish(own, world.head, draft)
        worker = own.get_one(Person, (world.first.township, world.first.people[PersonKind.SOCIAL_WORKER]))
        duty = bookings.book(
            own, worker.id,
            bookings.Place(visit_id=visit, activity_id=None, role="lead", starts_at=task.starts_at,
                           ends_at=task.ends_at),
        )  # fmt: skip
        exchange.look_for_substitute(own, world.head, duty, DeclineReason.WORK)
        exchange.decline(own, world.head, duty, DeclineReason.ILLNESS)
    while deliver_once(app, senders_of(post[1]) | senders_of(gateway[1])):
        pass
    out = [str(message_from_bytes(mail, policy=policy.default).get_content()) for mail in post[0].mails]
    out += [str(json.loads(body)) for _, body in gateway[0].calls]
    assert len(out) >= 5
    assert any("Home visit" in text for text in out)
    assert not [text for text in out if canary in text]
