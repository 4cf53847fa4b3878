"""A browser without scripts, for a program served by a process of its own."""

from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

TIMEOUT = 60


class Visitor:
    """Keeps its cookies, and sends the token that its last page carried."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.url = address
        self._token = ""
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        """The page at a path; ``url`` then tells where it was led."""
        return self._open(Request(self.address + path))

    def post(self, path: str, data: dict[str, object]) -> str:
        """The page that a form's answer leads to; a refused form is a page too."""
        body = urlencode({**data, "csrf_token": self._token}, doseq=True).encode()
        return self._open(Request(self.address + path, data=body))

    def log_in(self, username: str, password: str) -> None:
        """Through the log-in page."""
        self.get("/login")
        self.post("/login", {"username": username, "password": password})
        assert not self.url.endswith("/login"), "refused"

    def _open(self, request: Request) -> str:
        try:
            answer = self._opener.open(request, timeout=TIMEOUT)
        except HTTPError as error:
            answer = error
        with answer:
            page = str(answer.read().decode())
            self.url = answer.geturl()
        if 'name="csrf-token" content="' in page:
            self._token = page.split('name="csrf-token" content="')[1].split('"', maxsplit=1)[0]
        assert answer.status < 500, page
        return page
