"""What a page weighs on the wire: its HTML and all it loads, packed as the operator's guide has the proxy do it."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Page, Response

MOST = 200_000
"""Bytes, for the whole of a page at a first visit."""
LEVEL = 6  # docs/OPERATOR.md: gzip_comp_level
_PACKED = ("text/", "application/javascript", "application/json", "application/manifest+json", "image/svg+xml")
_LOADED = "() => performance.getEntriesByType('resource').map(one => one.name.split('#')[0])"


def on_the_wire(body: bytes, kind: str) -> int:
    """Bytes that are sent: text is packed, pictures and fonts are as they are."""
    return len(gzip.compress(body, LEVEL)) if kind.startswith(_PACKED) else len(body)


@dataclass(kw_only=True)
class Scales:
    """Weighs pages; a static file is fetched once for all of them."""

    known: dict[str, int] = field(default_factory=dict)
    heaviest: tuple[int, str] = (0, "")

    def weigh(self, page: Page, answer: Response) -> int:
        """The page's weight, with everything that it has loaded by now."""
        if page.locator(".wb-calendar").count():
            page.wait_for_load_state("networkidle")  # its events come after it
        weight = on_the_wire(answer.body(), answer.headers["content-type"]) + sum(self._of_loaded(page))
        self.heaviest = max(self.heaviest, (weight, page.url))
        return weight

    def _of_loaded(self, page: Page) -> Iterator[int]:
        for address in set(page.evaluate(_LOADED)):
            if address not in self.known or "/static/" not in address:
                got = page.context.request.get(address)
                self.known[address] = on_the_wire(got.body(), got.headers["content-type"])
            yield self.known[address]
