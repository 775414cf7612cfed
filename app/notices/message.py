"""A message as it leaves the service, and what can go wrong with handing it over."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Message:
    """What goes out: where, in which words; `reference` is the same at every attempt."""

    to: str
    subject: str
    body: str
    reference: str


class Post(Protocol):
    """One way out of the service."""

    def deliver(self, message: Message) -> None:
        """Hand the message over, once; raises Rejected or Unreachable."""
        ...


class Rejected(Exception):
    """This message can never be delivered: the address is refused for good."""


class Unreachable(Exception):
    """Nothing can go out this way now; later it may."""
