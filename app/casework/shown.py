"""What a reader is shown of a case: frozen values in the reader's words, already redacted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.cases.merging import Joined
from app.casework.answers import Answer
from app.procedure.invariants import INVARIANTS


@dataclass(frozen=True)
class Bar:
    """One reason why a step is blocked: what stands against it, which law says so, what would take it away."""

    message: str
    rule: str | None
    source: str | None
    unblock: str | None

    @property
    def number(self) -> str | None:
        """Return the number of the rule, where it is one of those that the pages of the law explain."""
        return self.rule if self.rule in INVARIANTS else None


@dataclass(frozen=True)
class Act:
    """A step that is the reader's to take, now or once its bars are gone; without `track_id` it opens one."""

    slug: str
    track: str
    track_id: UUID | None
    step: str
    label: str
    help: str | None
    basis: str
    for_her: bool  # recorded as the person's own act
    bars: tuple[Bar, ...] = ()
    version: int | None = None  # of the track, as If-Match asks for it


@dataclass(frozen=True)
class Due:
    """A running clock; `days_left` counts calendar days and is negative once the day has passed."""

    slug: str
    track: str
    label: str
    basis: str
    responsible: str
    mine: bool
    due_at: datetime
    due: str
    days_left: int
    overdue: bool


@dataclass(frozen=True)
class Safety:
    """Whether she is safe, never where; `code` is yes, not_yet, absent, missing, left or unknown."""

    code: str
    words: str
    since: str | None = None


@dataclass(frozen=True)
class Status:
    """One line of the bare status that a sender sees."""

    label: str
    words: str


@dataclass(frozen=True)
class Panel:
    """A track as a quiet panel."""

    id: UUID
    slug: str
    label: str
    state: str
    state_label: str
    over: bool
    since: str
    version: int
    due: tuple[Due, ...]
    acts: tuple[Act, ...]
    rests: bool = False  # over, or opened by a rule and nobody has done anything in it yet


@dataclass(frozen=True)
class Told:
    """One sentence of the timeline."""

    step_id: UUID
    track: str
    at: datetime
    on: str
    sentence: str


@dataclass(frozen=True)
class Teammate:
    """Somebody on the team, and why."""

    who: str
    name: str | None
    why: str
    since: str
    until: str | None


@dataclass(frozen=True)
class Agreed:
    """One purpose and recipient of a consent or legal basis, and what it lets them see."""

    purpose: str
    recipient: str
    categories: tuple[str, ...]
    basis: str
    state: str
    in_force: bool
    until: str | None


@dataclass(frozen=True)
class Record:
    """The answers of one step that may be read."""

    step_id: UUID
    track: str
    title: str
    on: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Elsewhere:
    """Something is kept that the reader may not read; every such line has the same shape."""

    category: str
    label: str
    ask: str


@dataclass(frozen=True)
class PersonShown:
    """The person as far as may be known."""

    id: UUID
    version: int
    called: str | None
    answers: tuple[Answer, ...]
    may_correct: bool
    may_tell: bool  # coordinates the case, so may let the person be told that there is something new


@dataclass(frozen=True)
class CasePage:
    """All that one reader sees of one case."""

    id: UUID
    reference: str
    relations: tuple[str, ...]
    bare: bool  # a sender: own contributions and a status, no more
    asked: bool  # was only asked to take part
    office: bool  # sees by office what exists and who agreed to what, and never what it says
    may_state_reason: bool  # a stated reason would open more, for a few hours
    age_class: str | None
    person: PersonShown | None
    safety: Safety
    whereabouts: tuple[Answer, ...] | None  # None: not for this reader
    status: tuple[Status, ...]
    due: tuple[Due, ...]
    acts: tuple[Act, ...]
    blocked: tuple[Act, ...]
    openings: tuple[Act, ...]
    panels: tuple[Panel, ...]
    timeline: tuple[Told, ...]
    team: tuple[Teammate, ...]
    consents: tuple[Agreed, ...] | None  # None: not for this reader
    records: tuple[Record, ...]
    elsewhere: tuple[Elsewhere, ...]
    joined: Joined | None  # another case of the same person
    of_nobody: bool  # a call, a request or a breach: there is no person here
    may_compare: bool  # may ask whether the person is known elsewhere
