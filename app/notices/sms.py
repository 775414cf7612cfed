"""Short messages: what a provider must do, and one that is reached over plain HTTP."""

import json
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from app.notices.message import Message, Rejected, Unreachable

PATIENCE = 20.0  # seconds
LATER = (401, 402, 403, 404, 407, 408, 409, 425, 429)  # of the 4xx: the fault is not this number's


class _Stay(HTTPRedirectHandler):
    """Follows no redirect: it would carry the number to somebody whom nobody chose."""

    def redirect_request(self, *_given: Any) -> None:
        """Lead nowhere."""


@dataclass(frozen=True)
class HttpSms:
    """A gateway that takes `{"to", "from", "text", "reference"}` as JSON and answers 2xx when it has it."""

    url: str
    token: str | None = None
    sender: str | None = None

    def deliver(self, message: Message) -> None:
        """Hand the message over; raises Rejected or Unreachable."""
        said = {"to": message.to, "from": self.sender, "text": message.body, "reference": message.reference}
        headers = {"Content-Type": "application/json", "Idempotency-Key": message.reference}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        content = json.dumps({name: value for name, value in said.items() if value is not None}).encode()
        request = Request(self.url, content, headers, method="POST")  # noqa: S310 -- posts_of() let only https by
        try:
            with build_opener(_Stay).open(request, timeout=PATIENCE) as answer:
                answer.read(1024)
        except HTTPError as failure:
            failure.close()
            refused = 400 <= failure.code < 500 and failure.code not in LATER
            raise (Rejected if refused else Unreachable) from None
        except (OSError, HTTPException):
            raise Unreachable from None
