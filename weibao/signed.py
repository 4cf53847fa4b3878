"""Marks that this program alone can make: HMAC-SHA-256 under its own key, apart for each purpose."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

from flask import current_app


def mark(purpose: str, body: str) -> str:
    """What proves that a text was written here, for one purpose."""
    key = current_app.config["WEIBAO"].secret_key.encode()
    digest = hmac.new(key, f"weibao {purpose}:{body}".encode(), sha256).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def holds(marked: str, purpose: str, body: str) -> bool:
    """Whether a mark is that text's, compared in constant time."""
    return marked.isascii() and hmac.compare_digest(marked, mark(purpose, body))
