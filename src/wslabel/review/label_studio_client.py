"""A client of Label Studio's REST API: a personal access token, pages, and a server that may be away for a while.

label-studio-sdk is not used: it pins an older numpy, and brings OpenCV, nltk and a code generator along, for the five
requests that are made here.
"""

from __future__ import annotations

import http.client
import json
import os
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

from wslabel.errors import ReviewError

KEY = "LABEL_STUDIO_API_KEY"
"""The environment variable with the personal access token; it stands in no file and no log."""
PAGE = 200
SECONDS = 60.0
"""How long one request may take."""
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_Value = TypeVar("_Value")


class AwayError(Exception):
    """The server does not answer, or says that it cannot now."""


class Client:
    """Requests to one server.

    Parameters
    ----------
    url
        The server, ``https://…``; without encryption only on this machine, since the key would travel in the open.

    Raises
    ------
    ReviewError
        No key in the environment, or an address that is none.
    """

    def __init__(self, url: str) -> None:
        parts, self.url = urlsplit(url), url.rstrip("/")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ReviewError(f"{url!r} is no address of a server; expected https://… .")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise ReviewError(f"{url}: the key would travel unencrypted. Use https://, or a tunnel to localhost.")
        self._key = os.environ.get(KEY, "")
        if not self._key:
            raise ReviewError(
                f"{KEY} is not set. Expected a personal access token of Label Studio (Account & Settings) in it."
            )
        self._access = ""

    def get(self, path: str) -> Any:
        """Return what stands at a path."""
        return self._call("GET", path)

    def post(self, path: str, body: Any) -> Any:
        """Send something, and return the answer."""
        return self._call("POST", path, body)

    def pages(self, path: str, key: str) -> Iterator[Any]:
        """Yield the elements of a list that comes in pages; `key` names it."""
        number = seen = 0
        while True:
            number += 1
            page = self.get(f"{path}&page={number}&page_size={PAGE}")
            yield from page[key]
            seen += len(page[key])
            if not page[key] or seen >= page.get("total", page.get("count", 0)):
                return

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        try:
            if not self._access:
                self._sign_in()
            return self._send(method, path, body, self._access)
        except HTTPError as error:
            if error.code != 401 or not self._access:
                raise ReviewError(f"{self.url}{path.partition('?')[0]}: {_told(error)}") from None
        self._sign_in()  # an access token lives for minutes
        try:
            return self._send(method, path, body, self._access)
        except HTTPError as error:
            raise ReviewError(f"{self.url}{path.partition('?')[0]}: {_told(error)}") from None

    def _sign_in(self) -> None:
        try:
            self._access = self._send("POST", "/api/token/refresh", {"refresh": self._key}, "")["access"]
        except HTTPError as error:
            raise ReviewError(
                f"{self.url} refuses the key in {KEY} (status {error.code}). Expected a personal access token; legacy "
                "tokens are not taken."
            ) from None

    def _send(self, method: str, path: str, body: Any, access: str) -> Any:
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {access}"} if access else {})}
        data = None if body is None else json.dumps(body).encode()
        try:
            with urlopen(Request(self.url + path, data, headers, method=method), timeout=SECONDS) as answer:
                return json.loads(answer.read() or b"null")
        except HTTPError as error:
            if error.code in (429, 500, 502, 503, 504):
                raise AwayError(f"status {error.code}") from None
            raise
        except (URLError, TimeoutError, ConnectionError, http.client.HTTPException, json.JSONDecodeError) as error:
            raise AwayError(str(getattr(error, "reason", error)) or type(error).__name__) from None

    def patiently(self, work: Callable[[], _Value], patience: float) -> _Value:
        """Return what `work` returns; begin it again while the server is away, for so many seconds.

        Raises
        ------
        ReviewError
            The server stayed away.
        """
        deadline, pause = time.monotonic() + patience, 0.5
        while True:
            try:
                return work()
            except AwayError as error:
                if time.monotonic() + pause > deadline:
                    raise ReviewError(
                        f"{self.url} does not answer ({error}), for {patience:g} seconds. What was done is kept; do "
                        "the same again to go on."
                    ) from None
                time.sleep(pause)
                pause = min(2 * pause, 5.0)


def _told(error: HTTPError) -> str:
    try:
        answer = json.loads(error.read() or b"{}")
        detail = answer.get("validation_errors") or answer.get("detail") or ""
    except (ValueError, AttributeError, OSError):
        detail = ""
    said = str(detail)[:300]
    return f"refused with status {error.code}: {said}. Check the project, and the rights of the key's user."


def quoted(text: str) -> str:
    """Return a text as part of an address."""
    return quote(text, safe="")
