"""Spans of law: hours, days, working days, months; due dates by the calendar of a profile."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Unit = Literal["minutes", "hours", "days", "working_days", "working_hours", "months", "years"]


@dataclass(frozen=True)
class Span:
    """A length of time as the law states it."""

    amount: int
    unit: Unit


@dataclass(frozen=True)
class Due:
    """When a span that began at an instant ends."""

    at: datetime
