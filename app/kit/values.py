"""Values that a form may hold beside text and numbers: a date known in parts, a sum of money."""

from calendar import monthrange
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

LEAP_YEAR = 2000  # lets 29 February stand while the year is not known


class PartialDate(BaseModel):
    """A date as people have it: year, month and day may each be unknown, but not all three."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    year: int | None = Field(None, ge=1900, le=2100)
    month: int | None = Field(None, ge=1, le=12)
    day: int | None = Field(None, ge=1, le=31)

    @model_validator(mode="after")
    def _could_be_a_day(self) -> Self:
        """Refuse a date without any part, and a day that its month never has."""
        if self.year is None and self.month is None and self.day is None:
            raise PydanticCustomError("date_empty", "Give at least one part of the date")
        if self.month and self.day and self.day > monthrange(self.year or LEAP_YEAR, self.month)[1]:
            raise PydanticCustomError("date_impossible", "There is no such day in the calendar")
        return self

    def __str__(self) -> str:
        """Return the ISO form with question marks for what is unknown, such as `1994-??-07`."""
        year = f"{self.year:04}" if self.year is not None else "????"
        month = f"{self.month:02}" if self.month is not None else "??"
        return f"{year}-{month}-{self.day:02}" if self.day is not None else f"{year}-{month}-??"


class Money(BaseModel):
    """A sum with its currency (ISO 4217)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    amount: Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$", to_upper=True, strip_whitespace=True)]
