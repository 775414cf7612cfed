"""What browsers report of the content security policy: which rule stopped something, and nothing of the page.

A report names the page, and so perhaps a case; it comes to nobody but this service, which forgets all but the rule.
"""

import json
import logging
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.pace import Pace

LOG = logging.getLogger("app.web")
PLACE = "/policy-reports"
A_MINUTE = 30  # reports that are noted; a broken page of many readers says no more in more lines
LARGEST = 64 * 1024
RULES = frozenset(
    {
        "default-src", "object-src", "script-src", "script-src-elem", "script-src-attr", "style-src", "style-src-elem",
        "style-src-attr", "img-src", "font-src", "connect-src", "form-action", "base-uri", "frame-ancestors",
        "frame-src", "child-src", "worker-src", "media-src", "manifest-src",
    }
)  # fmt: skip


class PolicyReports:
    """Takes reports of browsers, without a session and without the database."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.pace = Pace(A_MINUTE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on every other request."""
        if scope["type"] != "http" or (scope["method"], scope["path"]) != ("POST", PLACE):
            await self.app(scope, receive, send)
            return
        body = b""
        while len(body) <= LARGEST:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        for rule in sorted(stopped(body)):
            if self.pace.allows(PLACE):
                LOG.warning(
                    "request %s: a browser reports that %s stopped something",
                    scope["state"]["request_id"],
                    rule,
                )
        await Response(status_code=204)(scope, receive, send)


def stopped(body: bytes) -> set[str]:
    """Return which rules a report names, in the form of either standard; of anything else, none."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return set()
    listed = said if isinstance(said, list) else [said]
    return {rule for each in listed[:20] for rule in _named(each)} & RULES


def _named(each: Any) -> set[str]:
    """Return the rule that one report names: `csp-report` of the older form, `body` of the newer."""
    if not isinstance(each, dict):
        return set()
    inside = each.get("csp-report", each.get("body"))
    if not isinstance(inside, dict):
        return set()
    names = (inside.get(name) for name in ("effectiveDirective", "effective-directive", "violated-directive"))
    return {name.split(" ")[0] for name in names if isinstance(name, str)}
