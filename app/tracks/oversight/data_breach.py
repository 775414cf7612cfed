"""A breach of personal data: the safety of people first, then the authority within 72 hours, then those concerned.

It is not about one person. It stands on the case that is concerned where it is one; where several are, or none is
known, on a container of its own that holds no person: the breach tells kinds of data and counts, never names.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, CallIn, Effect, OpenTrack, TakeStep
from app.procedure.facts import Facts
from app.procedure.predicates import is_system
from app.procedure.refusal import refuse
from app.safeguards.words import Category, Relation, Role
from app.tracks.oversight import breach_forms as forms
from app.tracks.rules import needed_when, not_in_future

DPO = frozenset({Role.DPO})
BREACH = "Regulation (EU) 2016/679 art. 33 and 34; Directive (EU) 2016/680 art. 30 and 31; Convention 108+ art. 7(2)"
NOTICE = "Regulation (EU) 2016/679 art. 33; Directive (EU) 2016/680 art. 30"


def _by_hand(facts: Facts, form: Any) -> bool:  # noqa: ARG001 -- whether the answer is needed
    return not is_system(facts)


def notify_until(facts: Facts) -> datetime | None:
    """Return when the authority must know: so many hours after we became aware."""
    if facts.this is None:
        return None
    told = facts.this.marks.get("aware_at")
    aware = datetime.fromisoformat(told) if isinstance(told, str) else told
    if aware is None:
        aware = facts.this.opened_at
    if aware.tzinfo is None:
        aware = aware.replace(tzinfo=facts.this.opened_at.tzinfo)
    return aware + timedelta(hours=facts.profile.number("breach.notify_hours"))


def _too_late(facts: Facts, form: Any) -> bool:  # noqa: ARG001
    until = notify_until(facts)
    return until is not None and facts.now > until


def _no_place_is_known(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    if facts.this is None or facts.this.marks.get("whereabouts_affected") != "yes":
        return None
    return refuse(
        _("Somebody may have learnt where a person is: this is never a low risk"), rule="INV-12", source=BREACH,
        unblock=_("The notice to the authority"),
    )  # fmt: skip


def _aware_before_now(facts: Facts, form: Any) -> Fault | None:
    told = getattr(form, "aware_at", None)
    if told is None or told.date() <= facts.today:
        return None
    return Fault(_("The day cannot be in the future"), "aware_at")


def _not_told(facts: Facts, form: Any) -> bool:  # noqa: ARG001
    return facts.this is not None and facts.this.took("inform") is None


def _detected(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001 -- the signature of a consequence
    yield CallIn(Role.DPO, Relation.ASSIGNED)
    yield Alert(_("Data may have got into wrong hands: the clock runs"), role=Role.DPO, urgent=True)


def _confirmed(facts: Facts, form: Any) -> Iterator[Effect]:
    """Tell the shelter first, then look at the dangers anew and plan a move; formalities come afterwards."""
    if form.whereabouts_affected != "yes":
        return
    yield Alert(_("A place may be known to others: move people to safety now"), role=Role.SHE, urgent=True)
    yield Alert(_("A place may be known to others: move people to safety now"), urgent=True)
    yield Alert(_("A place may be known to others: move people to safety now"), role=Role.SUP, urgent=True)
    if facts.track("case") is not None:
        anew = {"kind": "trigger", "trigger": "other"}
        yield TakeStep("inra", "replace", anew)
        yield OpenTrack("inra", "plan", anew)


TRACK = Track(
    slug="data_breach",
    number="T25",
    label=_("Data breach"),
    purpose=_("When data got out, people’s safety comes first, then the authority, then those concerned."),
    family="oversight",
    sources=BREACH,
    summary=Category.CNS,
    per_case=False,
    states=(
        State("suspected", _("Suspected")),
        State("confirmed", _("Confirmed")),
        State("not_a_breach", _("No breach"), terminal=True),
        State("authority_notified", _("Authority told")),
        State("persons_informed", _("People concerned told")),
        State("closed", _("Closed"), terminal=True),
    ),
    steps=(
        Step(
            "detect", _("Data may have got into wrong hands"), (), "suspected",
            frozenset(
                {
                    Role.SYS, Role.SUP, Role.AUD, Role.DPO, Role.NGO, Role.POL, Role.SHE, Role.SOC, Role.LAB,
                    Role.HEA, Role.IMM, Role.LEG, Role.GUA,
                }
            ),
            BREACH, _("{who} reported that data may have got into wrong hands"), forms.DetectBreach,
            guards=(
                needed_when("detected_at", _by_hand), needed_when("aware_at", _by_hand),
                needed_when("categories", _by_hand), needed_when("case_count", _by_hand), _aware_before_now,
            ),
            then=_detected,
        ),
        Step(
            "confirm", _("Confirm the breach"), ("suspected",), "confirmed", DPO, BREACH,
            _("{who} confirmed the breach"), forms.ConfirmBreach, then=_confirmed,
            help=_("If a place became known, the shelter is told first."),
        ),
        Step(
            "dismiss", _("It was no breach"), ("suspected",), "not_a_breach", DPO, BREACH,
            _("{who} found that it was no breach"), forms.DismissBreach,
        ),
        Step(
            "notify", _("Tell the authority"), ("confirmed",), "authority_notified", DPO, NOTICE,
            _("{who} told the authority"), forms.NotifyAuthority, guards=(needed_when("reasons_if_late", _too_late),),
        ),
        Step(
            "low_risk", _("Close: a risk is unlikely"), ("confirmed",), "closed", DPO | {Role.SUP}, NOTICE,
            _("{who} closed the breach: a risk is unlikely"), forms.LowRisk, guards=(_no_place_is_known,),
            invariants=("INV-20",), apart_from=("confirm",),
        ),
        Step(
            "inform", _("Tell the people concerned"), ("authority_notified",), "persons_informed",
            DPO | {Role.NGO}, "Regulation (EU) 2016/679 art. 34", _("{who} told the people concerned"),
            forms.InformPersons, guards=(not_in_future("informed_on"),),
        ),
        Step(
            "close", _("Close the breach"), ("authority_notified", "persons_informed"), "closed", DPO, BREACH,
            _("{who} closed the breach"), forms.CloseBreach, guards=(needed_when("exemption", _not_told),),
        ),
    ),
    deadlines=(
        Deadline(
            "notify", _("Authority told of the breach"), ("detect",), ("suspected", "confirmed"), NOTICE, Role.DPO,
            at=notify_until, alerts=Role.DPO,
        ),
        Deadline(
            "inform", _("People concerned told of the breach"), ("notify",), ("authority_notified",),
            "Regulation (EU) 2016/679 art. 34", Role.DPO, lasts=national("breach.inform_days"), alerts=Role.DPO,
            proposal=True,
        ),
    ),
    notes=(
        _("The safety of people comes before formalities: where a place became known, people move first."),
        _("No name stands in the record of a breach."),
    ),
)  # fmt: skip
