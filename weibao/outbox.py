"""Send what waits in the outbox: by SMTP, and through a signed HTTP call to whatever gateway a county has.

Another way out (a gateway for SMS or 企业微信 with an interface of its own) is one more ``Sender``; most are served by
the webhook and a few lines at the other end. The worker calls ``deliver_forever``; no request sends anything.
"""

import hashlib
import hmac
import json
import logging
import smtplib
import ssl
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from http.client import HTTPException
from typing import Any, Protocol

from flask import Flask

from tenants.enums import Channel, DeliveryState, MessageKind
from tenants.models import Message, utc_now
from tenants.scope import Scope
from tenants.services import outbox
from tenants.services.outbox import Batch
from weibao import answer_links, message_words
from weibao.addresses import address_of
from weibao.config import Config
from weibao.db import session_for
from weibao.say import _, ngettext

log = logging.getLogger("weibao.outbox")
POLL_SECONDS = 2.0
TIMEOUT_SECONDS = 20.0


class NotSentError(Exception):
    """It surely did not go out, and may at another time."""


class RefusedError(Exception):
    """It surely did not go out, and never will as it is."""


class UncertainError(Exception):
    """Nobody knows whether it went out."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a sender gets: nothing in it is a child's. ``key`` stays the same when it is tried again."""

    key: str
    address: str
    title: str
    text: str


class Sender(Protocol):
    """A way out; raises one of the three errors above where it did not go well."""

    def send(self, letter: Letter) -> None:
        """Send one letter."""


class SmtpSender:
    """E-mail over SMTP."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def send(self, letter: Letter) -> None:
        """Send one e-mail.

        Raises:
            NotSentError: no connection, or the server asks to try later (4xx).
            RefusedError: the server does not take it (5xx).
            UncertainError: the connection broke while it was handed over.

        """
        try:
            server = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            raise NotSentError(f"no connection: {type(error).__name__}") from None
        try:
            server.send_message(self._mail(letter))
        except smtplib.SMTPRecipientsRefused as error:
            _judge(next(iter(error.recipients.values()))[0])
        except smtplib.SMTPResponseException as error:
            _judge(error.smtp_code)
        except (OSError, smtplib.SMTPException) as error:
            raise UncertainError(f"the connection broke: {type(error).__name__}") from None
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        config, context = self._config, ssl.create_default_context()
        if config.smtp_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                config.smtp_host, config.smtp_port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(config.smtp_host, config.smtp_port, timeout=TIMEOUT_SECONDS)
        if config.smtp_security == "starttls":
            server.starttls(context=context)
        if config.smtp_user:
            server.login(config.smtp_user, config.smtp_password)
        return server

    def _mail(self, letter: Letter) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"] = self._config.smtp_sender, letter.address
        mail["Subject"] = " ".join(letter.title.split())  # a line break in a name would be refused as a header
        mail["Date"] = formatdate(localtime=True)
        mail["Message-ID"] = f"<{letter.key}@{self._config.smtp_sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
        mail.set_content(letter.text)
        return mail


def _judge(code: int) -> None:
    if 400 <= code < 500:
        raise NotSentError(f"the mail server answers {code}")
    raise RefusedError(f"the mail server answers {code}")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A signed call is made to the address in the settings and to no other."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Do not follow."""
        return


class WebhookSender:
    """A POST of JSON to a gateway, signed: HMAC-SHA-256 of ``TIMESTAMP.BODY`` under the shared secret, in hexadecimal.

    ``Idempotency-Key`` stays the same when a call is repeated, so that the gateway sends it once.
    """

    def __init__(self, config: Config) -> None:
        self._url, self._secret = config.webhook_url, config.webhook_secret.encode()
        self._opener = urllib.request.build_opener(_NoRedirect)

    def send(self, letter: Letter) -> None:
        """Make one call.

        Raises:
            NotSentError: no answer, or one that asks to try later (408, 425, 429, 5xx).
            RefusedError: the gateway does not take it.

        """
        body = json.dumps({"id": letter.key, "to": letter.address, "title": letter.title, "text": letter.text})
        try:
            with self._opener.open(self._request(body.encode(), letter.key), timeout=TIMEOUT_SECONDS):
                return
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in {408, 425, 429} or error.code >= 500:
                raise NotSentError(f"the gateway answers {error.code}") from None
            raise RefusedError(f"the gateway answers {error.code}") from None
        except (OSError, HTTPException) as error:
            raise NotSentError(f"no answer: {type(error).__name__}") from None

    def _request(self, body: bytes, key: str) -> urllib.request.Request:
        stamp = str(int(time.time()))
        signature = hmac.new(self._secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            "X-Weibao-Timestamp": stamp,
            "X-Weibao-Signature": f"sha256={signature}",
        }
        return urllib.request.Request(self._url, data=body, headers=headers, method="POST")  # noqa: S310 -- http(s), see Config


def senders_of(config: Config) -> dict[Channel, Sender]:
    """The ways out that the settings open."""
    senders: dict[Channel, Sender] = {}
    if config.smtp_host:
        senders[Channel.EMAIL] = SmtpSender(config)
    if config.webhook_url:
        senders[Channel.WEBHOOK] = WebhookSender(config)
    return senders


def letter_of(app: Flask, batch: Batch) -> Letter:
    """A batch in words, in the language of its account."""
    address = str(app.config["WEIBAO"].public_url).rstrip("/")
    with app.test_request_context(headers={"Cookie": f"language={batch.language}"}):
        words = [message_words.words_of(message) for message in batch.messages]
        title = words[0].title if len(words) == 1 else ngettext("%(num)d message", "%(num)d messages", len(words))
        lines = [f"{word.title}\n{word.text}" for word in words]
        lines += [link for message in batch.messages if address and (link := _link(message))]
        lines += [_("More in the program: %(address)s", address=f"{address}/inbox")] if address else []
        heading = _("Weibao: %(title)s", title=title)
    return Letter(key=batch.key, address=batch.address, title=heading, text="\n\n".join(lines))


def _link(message: Message) -> str:
    """The signed link of a question, for its reader alone: it stands in no row, and in the letter itself."""
    if message.kind is not MessageKind.AVAILABILITY_ASKED:
        return ""
    token = answer_links.token_of(message.facts["invitation"], message.facts["serial"])
    return _("Answer without a log-in: %(address)s", address=address_of("availability_answers.by_link", token=token))


def deliver_once(app: Flask, senders: dict[Channel, Sender]) -> bool:
    """Send one batch, if one is due; returns whether there was one."""
    scope = Scope.of_system(reason="outbox")
    with app.app_context():
        with session_for(scope, reading=True) as session:
            if not outbox.anything_due(session, utc_now()):
                return False
        with session_for(scope) as session:
            batch = outbox.claim(session)
        if batch is None:
            return False
        sender = senders.get(batch.channel)
        if sender is None:
            state, error = DeliveryState.SKIPPED, ""  # the state says it
        else:
            state, error = _try(sender, letter_of(app, batch))
        with session_for(scope) as session:
            _mark(session, batch, state, error)
        return True


def _try(sender: Sender, letter: Letter) -> tuple[DeliveryState, str]:
    try:
        sender.send(letter)
    except NotSentError as error:
        return DeliveryState.WAITING, str(error)
    except RefusedError as error:
        return DeliveryState.FAILED, str(error)
    except UncertainError as error:
        return DeliveryState.UNCERTAIN, str(error)
    return DeliveryState.SENT, ""


def _mark(session: Any, batch: Batch, state: DeliveryState, error: str) -> None:
    if state is DeliveryState.SENT:
        outbox.sent(session, batch)
    elif state is DeliveryState.WAITING:
        outbox.again(session, batch, error)
    else:
        outbox.ended(session, batch, state, error)
    log.info("batch %s by %s: %s %s", batch.key, batch.channel.value, state.value, error)


def deliver_forever(app: Flask, stop: threading.Event) -> None:
    """Send what falls due until told to stop; a fault is logged and does not end it."""
    senders = senders_of(app.config["WEIBAO"])
    while not stop.is_set():
        try:
            busy = deliver_once(app, senders)
        except Exception:
            log.exception("the outbox failed; it goes on")
            busy = False
        if not busy:
            stop.wait(POLL_SECONDS)
