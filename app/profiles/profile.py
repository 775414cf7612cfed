"""A national profile: the numbers that a State sets, each with its source, never under the treaty's floor."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

HERE = Path(__file__).parent

Unit = Literal[
    "minutes", "hours", "days", "working_days", "months", "years", "thirds", "attempts", "children", "yes_no"
]


class Number(BaseModel):
    """A number with where it comes from and when that was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: int = Field(ge=0)
    unit: Unit
    source: str = Field(min_length=1)
    as_of: date


class Profile(BaseModel):
    """The law of one country as the tracks read it; a case keeps the version it began under."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    version: int
    name: str
    country: str = Field(pattern=r"^[A-Z]{2}$", description="ISO 3166 code of the holiday calendar")
    zone: str
    numbers: dict[str, Number]
    roles: dict[str, list[str]] = Field(default_factory=dict)

    def number(self, key: str) -> int:
        """Return a number by its key; an unknown key is an error of the profile, named."""
        return self.entry(key).value

    def entry(self, key: str) -> Number:
        """Return a number with its unit and source; an unknown key is an error of the profile, named."""
        if key not in self.numbers:
            raise KeyError(f"profile {self.code} has no number {key!r}")
        return self.numbers[key]

    def says(self, key: str) -> bool:
        """Return the answer to a question of law that the State answers yes or no."""
        return self.number(key) == 1

    def model_post_init(self, _: Any) -> None:
        """Refuse what lies under the floor (CETS 197 art. 13(1): at least 30 days)."""
        shortest = self.number("reflection.min_days")
        if shortest < 30:
            raise ValueError(f"profile {self.code}: reflection.min_days is {shortest}, under the treaty's 30")


@cache
def load(code: str = "coe-floor") -> Profile:
    """Return the profile of that code; numbers that it does not set are those of the floor."""
    floor = yaml.safe_load((HERE / "coe-floor.yaml").read_text("utf-8"))
    if code == "coe-floor":
        return Profile.model_validate(floor)
    own = yaml.safe_load((HERE / f"{code}.yaml").read_text("utf-8"))
    return Profile.model_validate({**floor, **own, "numbers": {**floor["numbers"], **own.get("numbers", {})}})
