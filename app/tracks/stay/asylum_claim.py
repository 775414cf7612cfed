"""The claim to asylum: from the first word to the last remedy it stands above every return."""

from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.predicates_stay import KNOWS_OF_ASYLUM
from app.safeguards.words import Category, Role
from app.tracks.days import day_is_over, days_before, still_ahead
from app.tracks.rules import for_a_child, needed_when, not_in_future
from app.tracks.stay import asylum_forms as forms
from app.tracks.stay import asylum_rules as rules

IMM = frozenset({Role.IMM})
TIMER = frozenset({Role.SYS})
HERS = frozenset({Role.VIC, Role.LEG, Role.GUA})
ASYLUM = "OSCE Action Plan V.9.1; CETS 197 art. 14(5) and 40(4)"
REMEDY = "OSCE Action Plan V.7.2 and V.9.1"
GUARDIAN_HEARD = needed_when("guardian_heard", for_a_child)
SAID_TODAY = not_in_future("said_on")
WITHDRAWN_FROM = ("lodged", "under_examination", "appeal_pending", "decision_open_appeal")


def _alert(key: str) -> Deadline:
    return Deadline(
        f"appeal_{key}", _("The time for the remedy will end"), ("reject",), ("decision_open_appeal",),
        REMEDY, Role.LEG, at=days_before("appeal_until", f"asylum.{key}_alert_days"), reminder=True,
        alerts=Role.LEG, proposal=True,
    )  # fmt: skip


OPENING = (
    Step(
        "open", _("Open the question of asylum"), (), "none", TIMER, ASYLUM,
        _("{who} opened the question of asylum"),
    ),
    Step(
        "express", _("The person asks for protection"), ("none",), "intention",
        HERS | IMM | {Role.NGO, Role.SHE, Role.SOC}, ASYLUM,
        _("{who} recorded that the person asks for protection"), forms.ExpressIntention,
        guards=(SAID_TODAY,), invariants=("INV-26",), then=rules.opened,
        help=_("Any words will do. From now on no removal and no contact with the State of origin."),
    ),
    Step(
        "lodge", _("Record that the claim is lodged"), ("intention",), "lodged", HERS | IMM, ASYLUM,
        _("{who} recorded that the claim is lodged"), forms.LodgeClaim,
        guards=(GUARDIAN_HEARD, not_in_future("lodged_on")), invariants=("INV-07",),
    ),
    Step(
        "not_pursued", _("No claim is wanted"), ("intention",), "none", HERS, ASYLUM,
        _("{who} recorded that no claim is wanted for now"), forms.NotPursued, guards=(GUARDIAN_HEARD,),
        invariants=("INV-07", "INV-10"), then=rules.not_pursued,
        help=_("The person can come back to it at any time."),
    ),
)  # fmt: skip

DECIDING = (
    Step(
        "examine", _("Examine the claim"), ("lodged",), "under_examination", IMM, ASYLUM,
        _("{who} recorded that the claim is being examined"), forms.ExamineClaim,
    ),
    Step(
        "grant_refugee", _("Recognise as a refugee"), ("under_examination", "appeal_pending"), "refugee", IMM,
        ASYLUM, _("{who} recorded that the person is a refugee"), forms.ProtectionGranted,
        guards=(not_in_future("decided_on"),), then=rules.protected,
    ),
    Step(
        "grant_subsidiary", _("Grant subsidiary protection"), ("under_examination", "appeal_pending"),
        "subsidiary", IMM, ASYLUM, _("{who} recorded that the person has subsidiary protection"),
        forms.ProtectionGranted, guards=(not_in_future("decided_on"),), then=rules.protected,
    ),
    Step(
        "reject", _("Reject the claim"), ("under_examination",), "decision_open_appeal", IMM, REMEDY,
        _("{who} recorded that the claim was rejected; a remedy is open"), forms.RejectClaim,
        guards=(still_ahead("appeal_until"),), then=rules.rejected,
    ),
)  # fmt: skip

REMEDIES = (
    Step(
        "appeal", _("Appeal"), ("decision_open_appeal",), "appeal_pending", HERS, REMEDY,
        _("{who} recorded the appeal"), forms.AppealClaim, guards=(not_in_future("filed_on"),),
    ),
    Step(
        "lapse", _("The time for the remedy is over"), ("decision_open_appeal",), "refused_final", TIMER,
        REMEDY, _("{who} noted that the time for the remedy is over"),
        guards=(day_is_over("appeal_until", REMEDY),), then=rules.finally_refused,
    ),
    Step(
        "appeal_lost", _("The appeal is dismissed"), ("appeal_pending",), "refused_final", IMM | {Role.LEG},
        REMEDY, _("{who} recorded that the appeal was dismissed"), forms.ClaimJudged,
        guards=(not_in_future("judged_on"),), then=rules.finally_refused,
    ),
    Step(
        "remitted", _("The court sends it back"), ("appeal_pending",), "under_examination",
        IMM | {Role.LEG}, REMEDY, _("{who} recorded that the court sent the claim back"), forms.ClaimJudged,
        guards=(not_in_future("judged_on"),),
    ),
    Step(
        "withdraw", _("Take the claim back"), WITHDRAWN_FROM, "withdrawn", HERS, ASYLUM,
        _("{who} recorded that the claim was taken back"), forms.WithdrawClaim,
        guards=(GUARDIAN_HEARD, rules.child_only_by_determination), invariants=("INV-07",),
        then=rules.withdrawn,
    ),
    Step(
        "subsequent", _("Ask for protection again"), ("refused_final", "withdrawn"), "intention", HERS,
        ASYLUM, _("{who} recorded that the person asks for protection again"), forms.ClaimAgain,
        guards=(SAID_TODAY,), then=rules.opened,
    ),
)  # fmt: skip

TRACK = Track(
    slug="asylum_claim",
    number="T11",
    label=_("Asylum claim"),
    purpose=_("From the first word to the last remedy a claim to asylum stands above every return."),
    family="stay",
    sources="OSCE Action Plan V.9.1; CETS 197 art. 14(5) and 40(4); Directive 2011/36/EU art. 11(6)",
    summary=Category.NAT,
    seen_by=KNOWS_OF_ASYLUM - TIMER,
    states=(
        State("none", _("No claim")),
        State("intention", _("Protection asked for")),
        State("lodged", _("Claim lodged")),
        State("under_examination", _("Being examined")),
        State("decision_open_appeal", _("Rejected, a remedy is open")),
        State("appeal_pending", _("Appeal pending")),
        State("refugee", _("Refugee"), terminal=True),
        State("subsidiary", _("Subsidiary protection"), terminal=True),
        State("refused_final", _("Rejected, final")),
        State("withdrawn", _("Taken back")),
    ),
    steps=OPENING + DECIDING + REMEDIES,
    deadlines=(
        Deadline(
            "lodge", _("Lodging of the claim"), ("express", "subsequent"), ("intention",), ASYLUM, Role.LEG,
            lasts=national("asylum.lodge_working_days"), alerts=Role.LEG, proposal=True,
        ),
        *map(_alert, ("first", "second", "last")),
        Deadline(
            "appeal", _("Time for the remedy"), ("reject",), ("decision_open_appeal",), REMEDY, Role.LEG,
            at="appeal_until", expires="lapse", alerts=Role.LEG,
        ),
    ),
    notes=(
        _("Claim and identification run side by side; neither waits for the other."),
        _("Police, labour inspectors, consulates and shelters do not learn of a claim."),
        _("While a claim is open, nobody is removed and no State of origin is asked anything."),
    ),
)  # fmt: skip
