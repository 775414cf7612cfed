"""What a page about a track says, as frozen values in one language; the page and the paper are made of these."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LengthTold:
    """A number of the profile, and the national laws that have another."""

    key: str
    title: str  # what the number is; its key where the clock beside it says so already
    words: str
    source: str
    elsewhere: tuple[str, ...]


@dataclass(frozen=True)
class RuleTold:
    """What can stand against a step: the words of the refusal, its law, what would take it away."""

    words: str
    source: str = ""
    unblock: str = ""
    number: str = ""  # such as "INV-17"
    lengths: tuple[LengthTold, ...] = ()


@dataclass(frozen=True)
class FieldTold:
    """A question of a form."""

    name: str
    label: str
    help: str
    kind: str
    category: str
    needed: bool
    minimal: bool
    clear: str  # why it is also kept unsealed; empty where it is not
    when: str
    standard: str
    codes: tuple[tuple[str, str], ...] = ()
    counted: int = 0  # a long list of codes is counted, not told
    inner: tuple["FieldTold", ...] = ()


@dataclass(frozen=True)
class StepTold:
    """A step: its ways, who, on what law, what can stand against it, what follows, what is asked."""

    name: str
    label: str
    help: str
    ways: tuple[tuple[str, str], ...]  # out of, into; both the same where it only adds a record
    who: tuple[str, ...]
    basis: str
    apart: tuple[str, ...]
    rules: tuple[RuleTold, ...]
    follows: tuple[str, ...]
    fields: tuple[FieldTold, ...]
    asked_as: tuple[str, str] | None = None  # name and label of the earlier step that asks the same


@dataclass(frozen=True)
class ClockTold:
    """A clock: what starts it, how long it is, who answers, what happens when it is due, who is told."""

    name: str
    label: str
    starts: tuple[str, ...]
    lengths: tuple[LengthTold, ...]
    days: tuple[str, ...]
    responsible: str
    when_due: str
    told: str
    basis: str
    proposal: bool


@dataclass(frozen=True)
class SightTold:
    """Who may see one category of what the track holds."""

    code: str
    category: str
    open_to: tuple[str, ...]
    own: tuple[str, ...]
    existence: tuple[str, ...]


@dataclass(frozen=True)
class TrackTold:
    """The whole page about a track."""

    slug: str
    number: str
    label: str
    family: str
    purpose: str
    sources: str
    notes: tuple[str, ...]
    states: tuple[tuple[str, str, bool], ...]  # name, label, whether it is an end
    steps: tuple[StepTold, ...]
    clocks: tuple[ClockTold, ...]
    sight: tuple[SightTold, ...]
    known_to: tuple[str, ...]  # the only roles that learn of the track; empty where the table alone decides
    chart: str  # SVG
