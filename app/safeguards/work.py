"""Work: who acts, for what purpose, in one transaction; the only way to sealed data and the only commit."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.kit.clock import Clock
from app.kit.errors import Fault, NotAllowed, Problem, Refused, Unknown
from app.kit.i18n import _
from app.kit.ids import new_id
from app.safeguards import access, invented, ties
from app.safeguards.access import Actor
from app.safeguards.fields import questions
from app.safeguards.ledger import events, notes
from app.safeguards.ledger.vouching import committing
from app.safeguards.matrix import BY_OFFICE, Decision, Standing, decide
from app.safeguards.models import Erasure
from app.safeguards.opening import consulted, decisions, narrow, sealed, unseen
from app.safeguards.stamps import ending, tried
from app.safeguards.traits import FINDABLE, traits_of
from app.safeguards.vault import index, parts
from app.safeguards.vault.keys import ON_HOLD, DataKeys
from app.safeguards.vault.parts import Opened, Wanted, Written
from app.safeguards.words import Act, Category, Level, Role

LOG = logging.getLogger("app.work")
SPENT = "quota spent"  # a sight: somebody reached the end of what they may do in a time
INVENTED = "invented case"  # a sight: somebody stands in a case on which nobody has anything to do


@dataclass(frozen=True)
class Revealed:
    """What the actor may see of some records of a case: fields, and per category how much may be seen."""

    levels: dict[Category, Level]
    parts: tuple[Opened, ...]

    def of(self, record_id: UUID) -> dict[str, Any]:
        """Return all fields of a record that may be seen, by name."""
        fields: dict[str, Any] = {}
        for part in self.parts:
            if part.record_id == record_id:
                fields |= part.fields
        return fields

    def hidden(self) -> list[Category]:
        """Return the categories of which only the existence may be known."""
        return [category for category, level in self.levels.items() if level is Level.EXISTENCE]


@dataclass
class Work:
    """One unit of work. Services take it first; doors commit it before the answer leaves."""

    actor: Actor
    purpose: str
    session: Session
    clock: Clock
    keys: DataKeys
    may_lend: bool = True  # whether the door, by its line in the access list, is one that may disclose
    is_fresh: bool = True  # whether a person signed in a moment ago; doors say so of whoever has a session
    _standings: dict[tuple[UUID, UUID], Standing] = field(default_factory=dict)  # by actor and case
    _doomed: list[tuple[UUID, frozenset[Category]]] = field(default_factory=list)  # keys to destroy when done
    _looked: set[tuple[Any, ...]] = field(default_factory=set)  # what the ledger says was opened
    _alarms: dict[UUID, events.Happened] = field(default_factory=dict)  # by the row that set it off
    sights: set[tuple[str, UUID | None]] = field(default_factory=set)  # what the door tells those who watch
    opened: set[UUID] = field(default_factory=set)  # cases looked into, which the door counts
    plants: UUID | None = None  # the invented case that this act makes

    def begin(self) -> "Work":
        """Open the transaction and tell the database who asks; all that is done in it has one instant.

        A clock that ran on would date a row of the team later than the instant by which the database judges it.
        """
        self.clock = self.clock.still()
        self._looked.clear()
        access.set_context(self.session, self.actor, self.clock.now())
        return self

    def as_system(self) -> "Work":
        """Return the same transaction in the hands of the rule engine, which names whose act it follows."""
        return replace(self, actor=access.system_actor(self.actor))

    def standing(self, case_id: UUID) -> Standing:
        """Return what ties the actor to the case (nothing: an empty standing)."""
        asked = (self.actor.user_id, case_id)
        if asked not in self._standings:
            self._standings[asked] = ties.standing(self, case_id)
        return self._standings[asked]

    def meet(self, cases: Iterable[UUID]) -> None:
        """Read the standings in many cases at once; they are asked for one by one afterwards."""
        found = ties.standings(self, cases)
        self._standings |= {(self.actor.user_id, case_id): held for case_id, held in found.items()}

    def forget_standing(self, case_id: UUID) -> None:
        """Read the standing anew at the next question; the team changed."""
        for asked in [each for each in self._standings if each[1] == case_id]:
            del self._standings[asked]

    def member(self, case_id: UUID) -> Standing:
        """Return the standing, or refuse a stranger exactly as if there were no such case (404).

        Auditor and data-protection officer are strangers to no case: what exists is theirs to know, by their row.
        """
        held = self.standing(case_id)
        known = held.relations or self.actor.is_system or self.actor.role in BY_OFFICE
        if held.barred or not known:
            raise Unknown
        if case_id != self.plants and not self.actor.is_system and invented.is_invented(self.keys, case_id):
            self.sights.add((INVENTED, case_id))
        return held

    def may(self, case_id: UUID, category: Category, act: str = "read", *, own: bool = False) -> Decision:
        """Return what the matrix says of this actor, this case and this category."""
        return decide(self.actor.role, category, act, self.standing(case_id), own=own)

    def reveal(self, case_id: UUID, records: Iterable[UUID]) -> Revealed:
        """Open what the actor may see of those records, and write who read what and why. No event, no data."""
        foreign, own = decisions(self.actor.role, self.member(case_id))
        wanted = Wanted(case_id, tuple(records), foreign.open, own.open)
        opened = parts.read(self.session, self.keys, self.actor, wanted)
        shown = tuple(narrow(part, (own if part.own else foreign).said[part.category]) for part in opened)
        if fresh := self.unrecorded(shown):
            said = {True: own.said, False: foreign.said}
            about = consulted(fresh, lambda part: said[part.own][part.category].rule)
            self.record(Act.CONSULT, case_id=case_id, **about)
            self.opened |= set() if self.actor.is_system else {case_id}
        return Revealed({each: said.level for each, said in foreign.said.items()}, shown)

    def unrecorded(self, shown: Iterable[Opened]) -> list[Opened]:
        """Return what this transaction has not told the ledger yet, which the caller does: one look is one event."""
        return unseen(self._looked, self.actor.user_id, shown)

    def seal(  # noqa: PLR0913 -- a record has these sides; the last is named at the call
        self, case_id: UUID, record_type: str, record_id: UUID, values: Mapping[str, Any], form: type[BaseModel],
        *, emptied: Iterable[Category] = (),
    ) -> list[Written]:  # fmt: skip
        """Seal the fields of a record by category, as its next version; the caller records the act.

        `emptied` names categories whose new version is written even if nothing is left in them.
        """
        asked = questions(form)
        by_category: dict[Category, dict[str, Any]] = {category: {} for category in emptied}
        for name, value in values.items():
            if value is not None:
                by_category.setdefault(asked[name].category, {})[name] = value
        written = parts.write(
            self.session, self.keys, self.actor, self.clock.now(), case_id, record_type, record_id, by_category
        )  # fmt: skip
        if record_type in FINDABLE:
            said = traits_of(form, values)
            found_by = {each.category: said.get(each.category) for each in written}
            index.keep(self.session, self.keys, self.clock.now(), case_id, record_id, found_by)
        return written

    def carry(  # noqa: PLR0913 -- from where, where to; the last is named at the call
        self,
        case_id: UUID,
        source_id: UUID,
        record_type: str,
        record_id: UUID,
        categories: Iterable[Category],
        *,
        of: UUID | None = None,
    ) -> list[Written]:
        """Seal anew, under a step, what the actor wrote and may not read back (INV-12); `of` another case of theirs."""
        return parts.carry(
            self.session, self.keys, self.actor, self.clock.now(), of or case_id,
            source_id, case_id, record_type, record_id, categories,
        )  # fmt: skip

    def record(
        self, act: Act, *, case_id: UUID | None = None, written: Sequence[Written] = (), **about: Any
    ) -> None:
        """Write the event of an act, with the parts that it wrote; without it the act does not happen (INV-21)."""
        about |= sealed(written)
        reason = about.pop("justification", None)
        if reason is not None and case_id is not None:
            about["justification"] = self._seal_reason(case_id, reason)
        at = self.clock.now()
        happened = events.Happened(act, at, self.actor, self.purpose, case_id, about)
        events.write(self.session, happened, voucher=self.keys.voucher)

    def alarm(self, row_id: UUID, **about: Any) -> None:
        """Let an alarm stand on the ledger with the commit, and where all else is undone, in its place."""
        self._alarms[row_id] = events.Happened(
            Act.ALARM, self.clock.now(), self.actor, self.purpose, None, {"row": row_id, **about}
        )

    @property
    def has_alarms(self) -> bool:
        """Say whether an alarm waits to be written."""
        return bool(self._alarms)

    def _seal_reason(self, case_id: UUID, reason: str) -> UUID:
        """Seal a stated reason beside the case and name it on the ledger; its key can be destroyed."""
        reason_id = new_id()
        parts.write(
            self.session, self.keys, self.actor, self.clock.now(), case_id, "reason", reason_id,
            {Category.STA: {"reason": reason}},
        )  # fmt: skip
        return reason_id

    def reveal_house(self, shelter_id: UUID) -> dict[str, Any]:
        """Open the address of a house; the database gives it to the staff of that house alone (INV-12)."""
        if self.actor.role is not Role.SHE:
            raise NotAllowed(Fault(_("Only the staff of a house read and write its address"), rule="INV-12"))
        asked = Wanted(shelter_id, (shelter_id,), frozenset({Category.LOC}), frozenset())
        opened = parts.read(self.session, self.keys, self.actor, asked)
        if opened:
            about = consulted(opened, lambda _part: "INV-12")
            self.record(Act.CONSULT, register="shelter", shelter=shelter_id, **about)
        return dict(opened[0].fields) if opened else {}

    def reasons(self, wanted: Mapping[UUID, UUID]) -> dict[UUID, str]:
        """Open stated reasons (reason id -> case id) for those whose office is to judge them."""
        if self.actor.role not in (Role.AUD, Role.DPO, Role.SUP):
            return {}
        found: dict[UUID, str] = {}
        for case_id in set(wanted.values()):
            ids = tuple(reason for reason, case in wanted.items() if case == case_id)
            asked = Wanted(case_id, ids, frozenset({Category.STA}), frozenset())
            opened = parts.read(self.session, self.keys, self.actor, asked)
            if opened:
                about = consulted(opened, lambda _part: "judges reasons by office")
                self.record(Act.CONSULT, case_id=case_id, register="reasons", **about)
            found |= {
                part.record_id: str(part.fields["reason"]) for part in opened if part.record_type == "reason"
            }
        return found

    def refuse_unless(self, allowed: bool, message: str) -> None:
        """Refuse a member of the case who lacks the right (403)."""
        if not allowed:
            raise NotAllowed(Fault(message))

    def destroy_keys(
        self, case_id: UUID, spared: Iterable[Category] = (), *, basis: str = "course_of_the_case"
    ) -> None:
        """Destroy the keys of a case, once this transaction is committed: an act that fails destroys nothing.

        Raises `Refused` under a legal hold. The decision stands in a row of its own, so that the sweep carries
        it out should this process die in between.
        """
        if self.keys.held(case_id):
            raise Refused(Fault(ON_HOLD))
        gone = frozenset(Category) - frozenset(spared)
        self.session.execute(
            insert(Erasure).inline().values(
                id=new_id(), case_id=case_id, categories=sorted(each.value for each in gone), basis=basis,
                decided_at=self.clock.now(),
            )
        )  # fmt: skip
        self.record(Act.KEY, case_id=case_id, by="keys destroyed", categories=sorted(gone), basis=basis)
        index.forget(self.session, case_id, gone)
        self._doomed.append((case_id, gone))

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Try something that may be refused: then all of it is undone, the keys it would have destroyed included."""
        doomed = len(self._doomed)
        try:
            with tried(self), self.session.begin_nested():
                yield
        except BaseException:
            del self._doomed[doomed:]
            self._standings.clear()
            self._looked.clear()  # the events may be undone with the rest
            raise

    def commit(self) -> None:
        """Make it last. Called by doors and timers only."""
        now = self.clock.now()
        self.session.flush()
        summed = notes.summed(self.session, self.keys, now, self.purpose)
        if said := [*self._alarms.values(), *summed]:
            events.write(self.session, *said, voucher=self.keys.voucher)
        with ending(self), committing(self.session):
            self.session.commit()
        self._alarms.clear()
        while self._doomed:
            case_id, gone = self._doomed.pop()
            try:
                self.keys.destroy(case_id, now, gone)
            except Problem as failure:  # the act is done; the sweep destroys what is left
                LOG.warning("keys are destroyed later: %s", type(failure).__name__)
