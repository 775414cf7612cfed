"""What stands before every door: host, size, headers of safety, number of the request, last resort."""

import logging
import traceback
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.errors import Problem, TooMuch
from app.kit.ids import new_id
from app.web.faults import Malformed, answer
from app.web.reports import PLACE, PolicyReports

LOG = logging.getLogger("app.web")
LARGEST = 1024 * 1024  # bytes of a body
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
DISCARDED = 64 * LARGEST  # read on and forgotten, so that the sender hears why instead of a broken line
POLICY = (
    "default-src 'none'; object-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
    f" report-uri {PLACE}; report-to policy"
)
SAFETY = {
    "Content-Security-Policy": POLICY,
    "Reporting-Endpoints": f'policy="{PLACE}"',
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=(),"
    " publickey-credentials-get=(self), publickey-credentials-create=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TWO_YEARS = "max-age=63072000; includeSubDomains"


def install(app: FastAPI, origin: str, *, largest: int = LARGEST) -> None:
    """Stand before the application, which answers to the host of its origin only (or to all of loopback)."""
    address = urlsplit(origin)
    name = address.hostname or ""
    app.add_middleware(PolicyReports)
    app.add_middleware(BodyLimit, largest=largest)
    app.add_middleware(Hosts, hosts=LOOPBACK if name in LOOPBACK else frozenset({name}))
    app.add_middleware(Shield)
    app.add_middleware(SafeHeaders, https=address.scheme == "https")
    app.add_middleware(Numbered)


class Numbered:
    """Gives each request a random number, in its state and in its answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its number."""
        number = str(new_id())
        scope.setdefault("state", {})["request_id"] = number

        async def numbered(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-Id"] = number
            await send(message)

        await self.app(scope, receive, numbered)


class SafeHeaders:
    """Adds the headers of safety to every answer; only static files may be kept by a browser."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self.headers = {**SAFETY, **({"Strict-Transport-Security": TWO_YEARS} if https else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its answer back with the headers."""

        async def safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self.headers)
                headers["Cache-Control"] = _keeping(scope, message["status"])
            await send(message)

        await self.app(scope, receive, safe)


def _keeping(scope: Scope, status: int) -> str:
    """Say whether the answer may be kept: a static file named with its digest, for ever; pages, never."""
    if not str(scope.get("path", "")).startswith("/static/") or status >= 400:
        return "no-store"
    named = scope.get("query_string", b"").startswith(b"v=")
    return "public, max-age=31536000, immutable" if named else "no-cache"


class Shield:
    """The last resort: an error that nobody foresaw becomes a 500 that gives nothing away."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; log where an error arose, never its text, which may hold personal data."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 -- whatever it is, it must not reach the reader
            frames = traceback.extract_tb(error.__traceback__)
            where = " < ".join(f"{each.filename}:{each.lineno}" for each in reversed(frames[-8:]))
            LOG.error("request %s: %s at %s", scope["state"]["request_id"], type(error).__name__, where)  # noqa: TRY400
            if begun:
                raise ConnectionAbortedError from None
            await _last_answer(scope, receive, send)


async def _last_answer(scope: Scope, receive: Receive, send: Send) -> None:
    try:
        response = answer(Request(scope), Problem())
    except Exception:  # noqa: BLE001 -- not even the page can be drawn
        response = PlainTextResponse("Something went wrong. Nothing was stored. Try again.", 500)
    await response(scope, receive, send)


class Hosts:
    """Refuses requests under a name that is not ours, so that no link can be made to lead elsewhere."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if it names one of our hosts, exactly once."""
        named = Headers(scope=scope).getlist("host") if scope["type"] == "http" else []
        if scope["type"] == "http" and (len(named) != 1 or _without_port(named[0]) not in self.hosts):
            await PlainTextResponse("No such host.", Malformed.status)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _without_port(host: str) -> str:
    name, _sign, port = host.lower().rpartition(":")
    return name if port.isdecimal() else host.lower()


class BodyLimit:
    """Refuses a body that is too large: at once where it says so, else as soon as it is."""

    def __init__(self, app: ASGIApp, largest: int = LARGEST) -> None:
        self.app = app
        self.largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting what it sends."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if "transfer-encoding" in headers and "content-length" in headers:
            # Two lengths: a proxy may believe the other one, and take the rest for somebody's next request.
            refused = PlainTextResponse("Two lengths.", Malformed.status, headers={"Connection": "close"})
            await refused(scope, receive, send)
            return
        said = headers.get("content-length", "0")
        if not said.isdecimal() or int(said) > self.largest:
            await _discard(receive)
            await answer(Request(scope), TooMuch())(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.largest:
                if message.get("more_body"):
                    await _discard(receive)
                raise HTTPException(TooMuch.status)
            return message

        await self.app(scope, counted, send)


async def _discard(receive: Receive) -> None:
    """Read on and forget, up to a bound: a line cut while sending shows the sender no answer."""
    forgotten = 0
    while forgotten < DISCARDED:
        message = await receive()
        forgotten += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return
