"""What the check of an exported ledger found, in words that need no explanation."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.kit.i18n import _, translate

SHOWN = 200  # findings said in words; the rest are only counted

TEXTS = {
    "line": _("Line {line} cannot be read as a line of a ledger file."),
    "header": _("The file does not begin as a ledger file does; nothing in it can be relied on."),
    "key": _("The file names another key than the one you trust; only yours was used."),
    "tampered": _("Event {leaf} was changed: it does not fit its own hash."),
    "duplicate": _("Event {leaf} stands in the file more than once (line {line})."),
    "reordered": _("Event {leaf} stands out of its place (line {line})."),
    "missing_one": _("Event {leaf} is missing."),
    "missing": _("Events {leaf} to {last} are missing."),
    "unsealed": _("Events {leaf} to {last} are covered by no checkpoint; they prove nothing."),
    "forged": _("The checkpoint in line {line} is not signed with the key of this ledger."),
    "fork": _("Two signed checkpoints disagree about the first {size} events: the ledger was forked."),
    "backwards": _("The checkpoint in line {line} is older than the one before it."),
    "changed": _(
        "The checkpoint over {size} events does not fit: between event {leaf} and event {last} something was "
        "changed, exchanged or put in."
    ),
    "unchecked": _("The checkpoint over {size} events could not be checked: event {leaf} is missing."),
    "no_checkpoint": _("The file holds no checkpoint that the key of this ledger has signed."),
    "undeclared": _(
        "The texts of {count} events between {leaf} and {last} are missing, and no signed event declares it."
    ),
    "bare": _(
        "The file holds no texts of {count} events, as its first line says. That none was changed, exchanged or "
        "removed is proven; what they say is for somebody else’s file to prove."
    ),
    "end": _("The file says that it holds {events} events and {checkpoints} checkpoints, but it does not."),
    "cut": _("The file has no last line: it was cut short."),
    "seen_forged": _("The checkpoint that you kept is not signed with the key of this ledger."),
    "seen_longer": _("The file ends before the checkpoint that you kept, which covers {size} events."),
    "unwitnessed": _("No checkpoint in the file bears the signature of the witness {name}."),
    "once": _("No checkpoint in the file bears the second signature of this ledger."),
    "seen_other": _("The checkpoint that you kept, over {size} events, does not fit: history was rewritten."),
}


@dataclass(frozen=True)
class Finding:
    """One thing wrong with the file, and with which event (numbered from 0) it begins."""

    kind: str
    values: dict[str, int | str] = field(default_factory=dict)

    @property
    def leaf(self) -> int | None:
        """Return the number of the event, where the finding is about one."""
        leaf = self.values.get("leaf")
        return leaf if isinstance(leaf, int) else None

    def text(self, language: str = "en") -> str:
        """Return the finding in words."""
        return translate(TEXTS[self.kind], language).format(**self.values)


@dataclass(frozen=True)
class Report:
    """What the check found."""

    origin: str
    key: str  # as the open format writes it
    key_trusted: bool  # given by the reader, not taken from the file
    leaves: int
    checkpoints: int  # signed, and fitting the events
    findings: tuple[Finding, ...]
    withheld: int = 0  # events without their text
    twice: int = 0  # events under a head with the second signature

    @property
    def ok(self) -> bool:
        """Say whether all of it holds."""
        return not self.findings

    @property
    def exit_code(self) -> int:
        """Return 0 if all of it holds, 1 otherwise."""
        return 0 if self.ok else 1

    def lines(self, language: str = "en") -> Iterator[str]:
        """Say in plain language what was found."""
        if self.ok:
            text = _("The ledger of {origin} is whole (events: {leaves}; checkpoints: {checkpoints}).")
        else:
            text = _("The ledger of {origin} is NOT proven (findings: {count}).")
        numbers = {"leaves": self.leaves, "checkpoints": self.checkpoints, "count": len(self.findings)}
        yield translate(text, language).format(origin=self.origin, **numbers)
        if self.ok and self.withheld:
            text = _(
                "The texts of {withheld} old events were erased when their time was over, as was declared."
            )
            yield translate(text, language).format(withheld=self.withheld)
        if self.ok and self.twice:
            text = _(
                "The first {twice} events are under a second signature, which no quantum computer forges."
            )
            yield translate(text, language).format(twice=self.twice)
        for finding in self.findings[:SHOWN]:
            yield finding.text(language)
        if not self.key_trusted:
            text = _("The key came from the file itself; compare it with the published one: {key}")
            yield translate(text, language).format(key=self.key)
