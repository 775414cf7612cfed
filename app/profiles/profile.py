"""A national profile: the numbers that a State sets, each with its source, never under the treaty's floor."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from app.profiles.reading import read

HERE = Path(__file__).parent
FLOOR = "coe-floor"

Unit = Literal[
    "minutes",
    "hours",
    "working_hours",
    "days",
    "working_days",
    "months",
    "years",
    "thirds",
    "attempts",
    "children",
    "interviews",
    "members",
    "yes_no",
]


class Number(BaseModel):
    """A number with where it comes from and when that was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: int = Field(ge=0)
    unit: Unit
    source: str = Field(min_length=1)
    as_of: date


class Note(BaseModel):
    """What the law of the country says besides, for people to read; no rule depends on it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    en: str = Field(min_length=1)
    fr: str = Field(min_length=1)
    source: str = Field(min_length=1)
    as_of: date


class Profile(BaseModel):
    """The law of one country as the tracks read it; a case keeps the version it began under."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^[a-z]{2}$|^coe-floor$")
    version: int = Field(ge=1)
    name: str
    country: str = Field(pattern=r"^[A-Z]{2}$", description="ISO 3166 code of the holiday calendar")
    zone: str
    floor: int | None = Field(None, ge=1, description="the version of the floor that it changes")
    numbers: dict[str, Number]
    notes: tuple[Note, ...] = ()
    roles: dict[str, list[str]] = Field(default_factory=dict)

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        return ZoneInfo(name).key

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
def load(code: str = FLOOR, version: int | None = None) -> Profile:
    """Return the profile of that code, in the version asked for or else the newest.

    Numbers that it does not set are those of the floor that it was written on. What even that floor did not know yet
    is read from the newest one: a case that began before a question of law was asked has no older answer to it.
    """
    return assemble(HERE, code, version)


def codes() -> tuple[str, ...]:
    """Return the code of every profile, the floor first."""
    return (FLOOR, *sorted(path.stem for path in HERE.glob("*.yaml") if path.stem != FLOOR))


def assemble(folder: Path, code: str, version: int | None = None) -> Profile:
    """Put a profile together from the files of a folder; raises ValueError or LookupError with what is wrong."""
    newest = read(folder, FLOOR)
    own = read(folder, code, version)
    under = own if code == FLOOR else read(folder, FLOOR, own.get("floor"))
    numbers = {**newest["numbers"], **under["numbers"]}
    if code != FLOOR:
        refuse_strange(own, numbers)
        numbers |= own.get("numbers") or {}
    return Profile.model_validate({**own, "numbers": numbers})


def refuse_strange(own: dict[str, Any], floor: dict[str, Any]) -> None:
    """Refuse a number that the floor does not know, or that is counted in another unit than the floor's."""
    if own.get("floor") is None:
        raise ValueError(
            f"profile {own['code']} does not say which version of the floor it changes (floor: 1)"
        )
    for key, entry in (own.get("numbers") or {}).items():
        if key not in floor:
            raise ValueError(
                f"profile {own['code']}: no rule reads a number {key!r}; the floor does not know it"
            )
        if isinstance(entry, dict) and entry.get("unit") != floor[key]["unit"]:
            raise ValueError(
                f"profile {own['code']}: {key} is counted in {floor[key]['unit']}, as on the floor"
            )
