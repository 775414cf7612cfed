"""The access list: every door of the service, who may come through it, and for what purpose."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from app.safeguards.words import Role

ALWAYS, WHEN_LENDING = "always", "lending"
LIST = Path(__file__).with_name("doors.yaml")


class Unlisted(RuntimeError):
    """A door that the access list does not name, or a line of the list without a door; start-up stops."""


@dataclass(frozen=True)
class Entry:
    """One line of the list; no roles and not public means: whoever has signed in."""

    purpose: str
    public: bool = False
    fresh: str | None = None  # whether it asks who signed in just now: ALWAYS, or only WHEN_LENDING
    roles: frozenset[Role] = frozenset()

    def admits(self, role: Role) -> bool:
        """Say whether a signed-in role may knock; what it then sees is for the case team and the matrix."""
        return not self.roles or role in self.roles


@dataclass
class AccessList:
    """All lines, by the name of the route."""

    entries: dict[str, Entry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the data file."""
        for name, line in yaml.safe_load(LIST.read_text("utf-8")).items():
            who = line["who"]
            roles = frozenset(Role(each) for each in who) if isinstance(who, list) else frozenset()
            if not isinstance(who, list) and who not in ("public", "signed_in"):
                raise Unlisted(f"{name}: who is {who!r}; say public, signed_in or a list of roles")
            if (fresh := line.get("fresh")) not in (None, ALWAYS, WHEN_LENDING):
                raise Unlisted(f"{name}: fresh is {fresh!r}; say {ALWAYS} or {WHEN_LENDING}, or leave it out")
            self.entries[name] = Entry(line["purpose"], who == "public", fresh, roles)

    def add_step(self, name: str, by: Iterable[Role], purpose: str) -> None:
        """Add the door of a step, whose roles its declaration gives; what it lends, if anything, its effects say."""
        self.entries[name] = Entry(purpose, fresh=WHEN_LENDING, roles=frozenset(by))

    def compare(self, doors: Iterable[str]) -> None:
        """Raise Unlisted unless doors and lines are the same set, and not empty."""
        found = set(doors)
        if not found:
            raise Unlisted("no door was found at all: the walk over the routes is broken")
        missing, idle = found - self.entries.keys(), self.entries.keys() - found
        if missing or idle:
            raise Unlisted(f"doors without a line: {sorted(missing)}; lines without a door: {sorted(idle)}")


ACCESS = AccessList()
