"""The residence permit: on the personal situation or on proceedings, each by itself, beside any asylum claim."""

from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.safeguards.words import Category, Role
from app.tracks.days import day_is_over, days_before, in_order, still_ahead
from app.tracks.rules import needed_when, not_in_future
from app.tracks.stay import permit_forms as forms
from app.tracks.stay import permit_rules as rules

IMM = frozenset({Role.IMM})
TIMER = frozenset({Role.SYS})
HERS = frozenset({Role.LEG, Role.GUA, Role.VIC})
APPLYING = HERS | {Role.NGO}
WEIGHS = "OSCE Action Plan V.8.2; CETS 197 art. 14(1)"
LASTS = "CETS 197 art. 14; Directive 2004/81/EC art. 8"
WITHDRAWS = "CETS 197 art. 14(3); Directive 2004/81/EC art. 14"
REMEDY = "OSCE Action Plan V.7.2; CETS 197 art. 14(3)"
FILED_TODAY = not_in_future("filed_on")
OVER = day_is_over("remedy_until", REMEDY)


def _alert(key: str) -> Deadline:
    return Deadline(
        f"renewal_{key}", _("The permit will end: see to its renewal"),
        ("grant", "drop_withdrawal", "appeal_won"), ("granted",), LASTS, Role.LEG,
        at=days_before("valid_to", f"residence.{key}_alert_days"), reminder=True, alerts=Role.LEG, proposal=True,
    )  # fmt: skip


TRACK = Track(
    slug="residence_permit",
    number="T09",
    label=_("Residence permit"),
    purpose=_("A right to stay on the personal situation or on proceedings, each by itself, beside any asylum claim."),
    family="stay",
    sources="OSCE Action Plan V.5.1 and V.8.2; OSCE Ministerial Council Decision 8/07, 2; OSCE Addendum 8; "
    "CETS 197 art. 14; Directive 2004/81/EC art. 8 to 14",
    summary=Category.NAT,
    states=(
        State("informed", _("Explained")),
        State("applied", _("Applied for")),
        State("granted", _("Permit granted")),
        State("refused", _("Permit refused")),
        State("appeal", _("Under appeal")),
        State("withdrawal_proposed", _("Withdrawal proposed")),
        State("withdrawn", _("Permit withdrawn")),
        State("expired", _("Permit expired")),
        State("refused_final", _("Refused, final"), terminal=True),
        State("permanent", _("Permanent permit"), terminal=True),
    ),
    steps=(
        Step(
            "inform", _("Explain ways to a permit"), (), "informed",
            frozenset({Role.NGO, Role.LEG, Role.IMM, Role.CAU, Role.SOC}),
            "OSCE Action Plan V.8.2; OSCE Ministerial Council Decision 8/07, 2",
            _("{who} explained ways to a residence permit"), forms.InformOnPermits, then=rules.informed,
        ),
        Step(
            "apply", _("Apply for a permit"), ("informed", "expired", "refused"), "applied", APPLYING | IMM,
            WEIGHS, _("{who} recorded the application for a residence permit"), forms.ApplyForPermit,
            guards=(rules.ground_is_open, FILED_TODAY), invariants=("INV-16",), then=rules.applied,
            help=_("The person may stay until it is decided."),
        ),
        Step(
            "grant", _("Grant the permit"), ("applied",), "granted", IMM, LASTS,
            _("{who} granted the residence permit"), forms.GrantPermit,
            guards=(
                needed_when("valid_to", rules.for_a_time),
                in_order("valid_from", "valid_to"), rules.long_enough,
            ),
            then=rules.granted,
            help=_("No removal while it is valid. It changes nothing in an asylum claim."),
        ),
        Step(
            "refuse", _("Refuse the permit"), ("applied",), "refused", IMM, WEIGHS,
            _("{who} refused the residence permit"), forms.RefusePermit,
            guards=(rules.all_grounds_examined, rules.nothing_against_a_child, still_ahead("remedy_until")),
            invariants=("INV-16",), then=rules.refused,
        ),
        Step(
            "renew", _("Ask for renewal"), ("granted",), "applied", APPLYING, LASTS,
            _("{who} recorded that renewal is asked for"), forms.RenewPermit, guards=(FILED_TODAY,),
            then=rules.applied, help=_("The permit that is held counts until the decision."),
        ),
        Step(
            "upgrade", _("Make it permanent"), ("granted",), "permanent", IMM, "OSCE Action Plan V.8.2",
            _("{who} made the residence permit permanent"), forms.UpgradePermit, then=rules.applied,
        ),
        Step(
            "expire", _("The permit ends by time"), ("granted",), "expired", TIMER, LASTS,
            _("{who} noted that the residence permit has expired"), guards=(rules.time_is_over,),
            then=rules.ended,
        ),
        Step(
            "propose_withdrawal", _("Propose to withdraw the permit"), ("granted",), "withdrawal_proposed",
            IMM, WITHDRAWS, _("{who} proposed to withdraw the residence permit"), forms.ProposeWithdrawal,
            guards=(rules.may_be_withdrawn,), then=rules.withdrawal_proposed,
            help=_("It stands until a second officer has confirmed."),
        ),
        Step(
            "confirm_withdrawal", _("Confirm: withdraw the permit"), ("withdrawal_proposed",), "withdrawn",
            IMM, WITHDRAWS, _("{who} withdrew the residence permit"), forms.ConfirmWithdrawal,
            guards=(still_ahead("remedy_until"),), invariants=("INV-20",), apart_from=("propose_withdrawal",),
            then=rules.ended,
        ),
        Step(
            "drop_withdrawal", _("The permit stands"), ("withdrawal_proposed",), "granted", IMM, WITHDRAWS,
            _("{who} decided that the residence permit stands"), forms.DropWithdrawal,
        ),
        Step(
            "appeal", _("Go to court"), ("refused", "withdrawn"), "appeal", HERS, REMEDY,
            _("{who} brought the decision on stay before a court"), forms.Appeal,
        ),
        Step(
            "appeal_won", _("The court grants it"), ("appeal",), "granted", IMM | {Role.LEG}, REMEDY,
            _("{who} recorded that the court granted the permit"), forms.AppealWon,
            guards=(in_order("valid_from", "valid_to"),), then=rules.granted,
        ),
        Step(
            "appeal_lost", _("The court dismisses"), ("appeal",), "refused_final", IMM | {Role.LEG}, REMEDY,
            _("{who} recorded that the court let the decision on stay stand"), forms.AppealLost,
            then=rules.final,
        ),
        Step(
            "remedy_lapsed", _("The time for a remedy is over"), ("refused", "withdrawn"), "refused_final",
            TIMER, REMEDY, _("{who} noted that the time for a remedy is over"), guards=(OVER,),
            then=rules.final,
        ),
    ),
    deadlines=(
        Deadline(
            "apply", _("Apply before the reflection period ends"), ("inform",), ("informed",), LASTS,
            Role.LEG, at=rules.apply_by, alerts=Role.LEG, proposal=True,
        ),
        Deadline(
            "decide", _("Decision on the permit"), ("apply", "renew"), ("applied",), LASTS, Role.IMM,
            lasts=national("residence.decision_days"), proposal=True,
        ),
        Deadline(
            "remedy", _("Time for a remedy"), ("refuse", "confirm_withdrawal"), ("refused", "withdrawn"),
            REMEDY, Role.LEG, at="remedy_until", expires="remedy_lapsed", alerts=Role.LEG,
        ),
        *map(_alert, ("first", "second", "last")),
        Deadline(
            "end", _("End of the permit"), ("grant", "drop_withdrawal", "appeal_won"), ("granted",), LASTS,
            Role.LEG, at=rules.valid_until, expires="expire", alerts=Role.LEG,
        ),
    ),
    notes=(
        _("A permit never closes an asylum claim, nor an asylum claim a permit."),
        _("The personal situation is examined before every refusal and every withdrawal."),
        _("That somebody no longer takes part in proceedings never ends help."),
    ),
)  # fmt: skip
