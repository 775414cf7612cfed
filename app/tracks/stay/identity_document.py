"""Identity and travel documents: what is missing, who is asked, and the paper in the person's own hands."""

from collections.abc import Iterator
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, CallIn, Effect, LeaveTeam, SetMarks
from app.procedure.facts import Facts
from app.procedure.refusal import refuse
from app.safeguards.words import Category, Relation, Role
from app.tracks.grounds import recipients, rests_on
from app.tracks.rules import needed_when, not_in_future
from app.tracks.stay import document_forms as forms

TIMER = frozenset({Role.SYS})
ASKING = frozenset({Role.CON, Role.POL, Role.IMM, Role.NGO})
OVER = ("handed_over", "not_needed")
PENDING = ("verification_sent", "requested")
PAPERS = "OSCE Action Plan V.5.1; CETS 197 art. 16(4)"
VERIFIES = "OSCE Action Plan III.8.1 and V.5.2; CETS 197 art. 16(3)"
APART = "OSCE Action Plan V.9.1"
MAY_BE_ASKED = rests_on("identity_document")
SHARING = ("INV-05", "INV-17")


def _somebody_keeps_it(facts: Facts, form: Any) -> bool:  # noqa: ARG001 -- whether the answer is needed
    return bool(form.missing == "withheld")


def _opened(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    if form.missing == "evidence":
        yield Alert(_("Papers are kept as evidence: say when they are given back"), role=Role.POL)


def _not_confirmed(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield Alert(_("An identity was not confirmed: see whether the person is stateless"), role=Role.LEG)
    yield Alert(_("An identity was not confirmed: see whether this State can issue papers"), role=Role.NGO)


def _asked(facts: Facts, form: Any) -> Iterator[Effect]:
    """Call in the consulate that the person agreed to, and no other; the engine never does while asylum is open."""
    named = recipients(facts, form.consent, "share_consular")
    if form.towards == "origin" and named:
        yield CallIn(Role.CON, Relation.ASSIGNED, named)
        yield Alert(
            _("A paper is asked for: say whether it can be issued, and what is needed"), role=Role.CON
        )


def _sent(facts: Facts, form: Any) -> Iterator[Effect]:
    yield SetMarks({"frozen": False})
    yield from _asked(facts, form)


def _over(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Let the consulate go with the last paper that it was called in for."""
    here = facts.this.id if facts.this else None
    others = [each for each in facts.tracks if each.slug == "identity_document" and each.id != here]
    if all(each.state in OVER for each in others):
        yield LeaveTeam(Relation.ASSIGNED, role=Role.CON)


def _goes_to_origin(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    if facts.this is not None and facts.this.marks.get("towards", "origin") == "origin":
        return None
    return refuse(
        _("This request does not go to the State of origin"), rule="INV-05", source=APART,
        unblock=_("Nothing: the request goes on"),
    )  # fmt: skip


def _rested(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    if facts.this is not None and facts.this.marks.get("frozen") is True:
        return None
    return refuse(
        _("This request does not rest"),
        rule="INV-05",
        source=APART,
        unblock=_("Nothing: the request goes on"),
    )


def _frozen(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield SetMarks({"frozen": True})
    yield Alert(_("A request for papers rests: send nothing more for it"), role=Role.NGO, urgent=True)


def _thawed(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield SetMarks({"frozen": False})
    yield Alert(_("A request for papers may go on"), role=Role.NGO)


def _rests(state: str) -> tuple[Step, Step]:
    """Return the steps by which a pending request rests while asylum is open, and goes on."""
    return (
        Step(
            "freeze", _("Let the request rest"), (state,), state, TIMER, APART,
            _("{who} let the request rest"), guards=(_goes_to_origin,), then=_frozen,
        ),
        Step(
            "thaw", _("Let the request go on"), (state,), state, TIMER | {Role.LEG}, APART,
            _("{who} let the request go on"), guards=(_rested,), invariants=("INV-05",), then=_thawed,
        ),
    )  # fmt: skip


TRACK = Track(
    slug="identity_document",
    number="T12",
    label=_("Identity and travel document"),
    purpose=_("The person has papers of their own, asked for where this endangers nobody."),
    family="stay",
    sources="OSCE Action Plan III.8.1, V.5.1 and V.5.2; CETS 197 art. 16(3) and 16(4)",
    summary=Category.DOC,
    per_case=False,
    states=(
        State("needed", _("Paper needed")),
        State("verification_sent", _("Verification asked for")),
        State("verified", _("Identity confirmed")),
        State("not_confirmed", _("Identity not confirmed")),
        State("requested", _("Paper asked for")),
        State("issued", _("Paper issued")),
        State("handed_over", _("In the person’s hands"), terminal=True),
        State("not_needed", _("Not needed"), terminal=True),
    ),
    steps=(
        Step(
            "open", _("A paper is needed"), (), "needed",
            frozenset({Role.NGO, Role.SOC, Role.LEG, Role.GUA, Role.POL, Role.IMM}), PAPERS,
            _("{who} recorded that a paper is needed"), forms.OpenDocument,
            guards=(needed_when("kept_by", _somebody_keeps_it),), then=_opened,
        ),
        Step(
            "plan_return", _("Say when the paper is given back"), ("needed",), "needed", frozenset({Role.POL}),
            PAPERS, _("{who} said when a paper kept as evidence is given back"), forms.ReturnEvidence,
        ),
        Step(
            "send_verification", _("Ask to have the identity confirmed"), ("needed",), "verification_sent",
            ASKING, VERIFIES, _("{who} asked to have the identity confirmed"), forms.SendVerification,
            guards=(MAY_BE_ASKED,), invariants=SHARING, then=_sent,
        ),
        Step(
            "answer_yes", _("The identity is confirmed"), ("verification_sent",), "verified",
            frozenset({Role.CON, Role.POL, Role.IMM}), VERIFIES, _("{who} recorded that the identity is confirmed"),
            forms.AnswerYes, guards=(not_in_future("answered_on"),),
        ),
        Step(
            "answer_no", _("The identity is not confirmed"), ("verification_sent",), "not_confirmed",
            frozenset({Role.CON, Role.POL, Role.IMM, Role.SYS}), VERIFIES,
            _("{who} recorded that the identity is not confirmed"), forms.AnswerNo,
            guards=(not_in_future("answered_on"),), then=_not_confirmed,
        ),
        Step(
            "retry", _("Ask again"), ("not_confirmed",), "verification_sent", ASKING, VERIFIES,
            _("{who} asked again to have the identity confirmed"), forms.SendVerification,
            guards=(MAY_BE_ASKED,), invariants=SHARING, then=_sent,
        ),
        Step(
            "request_document", _("Ask for the paper"), ("needed", "verified", "not_confirmed"), "requested",
            frozenset({Role.NGO, Role.LEG, Role.GUA, Role.CON, Role.IMM}), PAPERS,
            _("{who} asked for the paper"), forms.RequestDocument, guards=(MAY_BE_ASKED,), invariants=SHARING,
            then=_asked,
            help=_("Where the State of origin cannot be asked, this State can issue a substitute."),
        ),
        Step(
            "issue", _("The paper is issued"), ("requested",), "issued", frozenset({Role.CON, Role.IMM}),
            PAPERS, _("{who} recorded that the paper was issued"), forms.IssueDocument,
        ),
        Step(
            "hand_over", _("Hand the paper over"), ("issued",), "handed_over",
            frozenset({Role.NGO, Role.SOC, Role.CON, Role.POL, Role.GUA, Role.IMM, Role.SHE}), PAPERS,
            _("{who} handed the paper to the person"), forms.HandOver, guards=(not_in_future("handed_on"),),
            then=_over,
        ),
        Step(
            "cancel", _("The paper is not needed"),
            ("needed", "verification_sent", "verified", "not_confirmed", "requested"), "not_needed",
            frozenset({Role.NGO, Role.LEG, Role.GUA, Role.VIC}), PAPERS,
            _("{who} recorded that the paper is not needed"), forms.CancelDocument, then=_over,
        ),
        *(step for state in PENDING for step in _rests(state)),
    ),
    deadlines=(
        Deadline(
            "returned", _("A paper kept as evidence is given back"), ("plan_return",), ("needed",), PAPERS,
            Role.POL, at="returns_on", alerts=Role.POL,
        ),
        Deadline(
            "first_reminder", _("Remind: an answer on the identity is waited for"),
            ("send_verification", "retry", "thaw"), ("verification_sent",), VERIFIES, Role.NGO,
            lasts=national("identity.first_reminder_days"), reminder=True, alerts=Role.NGO,
            stops=("freeze",), proposal=True,
        ),
        Deadline(
            "second_reminder", _("Remind again: an answer on the identity is waited for"),
            ("send_verification", "retry", "thaw"), ("verification_sent",), VERIFIES, Role.NGO,
            lasts=national("identity.second_reminder_days"), reminder=True, alerts=Role.NGO,
            stops=("freeze",), proposal=True,
        ),
        Deadline(
            "reply", _("Answer on the identity"), ("send_verification", "retry", "thaw"),
            ("verification_sent",), VERIFIES, Role.CON, lasts=national("identity.reply_days"),
            expires="answer_no", stops=("freeze",), proposal=True,
        ),
    ),
    notes=(
        _("A request mentions neither trafficking nor asylum."),
        _("While asylum is open, the State of origin is asked nothing, and what was asked rests."),
        _("Nobody keeps a person’s papers for them against their will."),
    ),
)  # fmt: skip
