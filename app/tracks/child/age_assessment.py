"""Age: whoever may be a child is one; an assessment is a last resort, and its last word waits for the remedy."""

from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.safeguards.words import Category, Role
from app.tracks.child import age_forms as forms
from app.tracks.child import age_rules as rules
from app.tracks.child.age_rules import ASSESSED, PRESUMED
from app.tracks.rules import not_in_future

SOC_CAU = frozenset({Role.SOC, Role.CAU})
ORDERING = frozenset({Role.SOC, Role.CAU, Role.IMM})
MEETING = frozenset({Role.NGO, Role.POL, Role.SOC, Role.HOT, Role.LAB, Role.CAU, Role.IMM})
CHILD = ("not_in_doubt_child", "presumed_child", "concluded_child", "inconclusive")
TIMER = frozenset({Role.SYS})
BIRTHDAY_KNOWN = (
    "declare_child", "doubt", "doubt_arises", "doubt_raised", "prove", "refuse", "conclude_child", "leave_open",
    "uphold",
)  # fmt: skip

PRESUMPTION = (
    Step(
        "declare_child", _("The person is a child"), (), "not_in_doubt_child", MEETING | {Role.GUA}, PRESUMED,
        _("{who} recorded that the person is a child"), forms.DeclareAge, then=rules.child_said,
    ),
    Step(
        "declare_adult", _("The person is an adult"), (), "not_in_doubt_adult", MEETING, PRESUMED,
        _("{who} recorded that the person is an adult"), forms.DeclareAge, guards=(rules.nobody_said_child,),
        then=rules.adult_said,
    ),
    Step(
        "doubt", _("The person may be a child"), (), "presumed_child", MEETING | {Role.HEA, Role.CON}, PRESUMED,
        _("{who} recorded that the person may be a child"), forms.DoubtAge, invariants=("INV-16",),
        then=rules.doubted,
    ),
    # A referral that says child, or not sure, is enough: the rule engine presumes childhood in the same transaction.
    Step(
        "presume", _("Presume childhood"), (), "presumed_child", TIMER, PRESUMED,
        _("{who} noted that childhood is presumed"), invariants=("INV-16",), then=rules.presumed,
    ),
    Step(
        "doubt_arises", _("The person may be a child after all"), ("not_in_doubt_adult",), "presumed_child",
        frozenset(
            {Role.NGO, Role.SOC, Role.LEG, Role.SHE, Role.HEA, Role.CAU, Role.IMM, Role.POL}
        ),
        PRESUMED, _("{who} recorded that the person may be a child after all"), forms.DoubtAge,
        invariants=("INV-16",), then=rules.doubted,
    ),
    Step(
        "doubt_raised", _("Record serious doubt"), ("not_in_doubt_child",), "presumed_child", ORDERING, PRESUMED,
        _("{who} recorded serious doubt about the age"), forms.RaiseDoubt, invariants=("INV-16", "INV-07"),
        then=rules.doubt_raised, help=_("The person stays a child in every respect."),
    ),
)  # fmt: skip

ASSESSMENT = (
    Step(
        "prove", _("A paper proves childhood"), ("presumed_child",), "concluded_child", SOC_CAU | {Role.GUA},
        ASSESSED, _("{who} recorded a proof that the person is a child"), forms.ProveAge, then=rules.child_found,
    ),
    Step(
        "order", _("Order an assessment"), ("presumed_child",), "ordered", ORDERING, ASSESSED,
        _("{who} ordered an assessment of the age"), forms.OrderAssessment, invariants=("INV-07",),
        help=_("Only where doubt remains and gentler ways were tried."),
    ),
    Step(
        "start", _("Begin the assessment of the age"), ("ordered",), "in_progress", SOC_CAU, ASSESSED,
        _("{who} began the assessment of the age"), forms.StartAgeAssessment, guards=(rules.health_takes_part,),
    ),
    Step(
        "refuse", _("The assessment is not wanted"), ("ordered", "in_progress"), "presumed_child",
        frozenset({Role.VIC, Role.GUA}), PRESUMED, _("{who} recorded that the assessment is not wanted"),
        forms.RefuseAssessment, guards=(not_in_future("refused_on"),), invariants=("INV-16",),
        help=_("To refuse proves nothing. The person is still presumed to be a child."),
    ),
    Step(
        "conclude_child", _("Conclude: a child"), ("in_progress",), "concluded_child", SOC_CAU, ASSESSED,
        _("{who} concluded that the person is a child"), forms.ConcludeChild,
        guards=(rules.range_is_one, rules.range_reaches_childhood), then=rules.child_found,
    ),
    Step(
        "leave_open", _("Conclude: not conclusive, so a child"), ("in_progress",), "inconclusive", SOC_CAU,
        PRESUMED, _("{who} concluded that the age stays open: the person is treated as a child"), forms.AgeRange,
        guards=(rules.range_is_one, rules.range_reaches_childhood), invariants=("INV-16",),
    ),
    Step(
        "conclude_adult", _("Conclude: an adult"), ("in_progress",), "concluded_adult", SOC_CAU, ASSESSED,
        _("{who} concluded that the person is an adult"), forms.ConcludeAdult,
        guards=(rules.range_is_one, rules.whole_range_is_adult), invariants=("INV-20",), apart_from=("order",),
        then=rules.adult_found, help=_("The rules for children go on until the remedy is over."),
    ),
)  # fmt: skip

LAST_WORD = (
    Step(
        "challenge", _("Challenge the result"), ("concluded_adult",), "challenged",
        frozenset({Role.LEG, Role.GUA, Role.VIC, Role.NGO}), PRESUMED, _("{who} challenged the result"),
        forms.ChallengeAge, guards=(not_in_future("filed_on"),),
    ),
    Step(
        "uphold", _("The challenge was right: a child"), ("challenged",), "concluded_child", SOC_CAU | {Role.LEG},
        PRESUMED, _("{who} recorded that the challenge was right: the person is a child"), forms.UpholdChallenge,
        then=rules.child_found,
    ),
    Step(
        "conclude", _("The result is final"), ("challenged", "concluded_adult"), "adult_final",
        TIMER | SOC_CAU, PRESUMED, _("{who} recorded that the result is final"), forms.FinalAge,
        guards=(rules.remedy_is_over,), then=rules.final,
    ),
    Step(
        "turn_18", _("The person is 18"), CHILD, "adult_final", TIMER, PRESUMED,
        _("{who} noted that the person is 18"), guards=(rules.is_grown,), then=rules.grown,
    ),
)  # fmt: skip

TRACK = Track(
    slug="age_assessment",
    number="C1",
    label=_("Age"),
    purpose=_("Whoever may be a child is treated as one; an assessment is a last resort and can be challenged."),
    family="child",
    sources="OSCE Action Plan V.10.3; CETS 197 art. 10(3); Directive 2011/36/EU art. 13(2)",
    summary=Category.CHI,
    states=(
        State("not_in_doubt_child", _("A child, without doubt")),
        State("not_in_doubt_adult", _("An adult, without doubt")),
        State("presumed_child", _("Presumed to be a child")),
        State("ordered", _("Assessment ordered")),
        State("in_progress", _("Assessment in progress")),
        State("concluded_child", _("A child")),
        State("inconclusive", _("Not conclusive: treated as a child")),
        State("concluded_adult", _("Adult, remedy open: still treated as a child")),
        State("challenged", _("Challenged: still treated as a child")),
        State("adult_final", _("An adult, finally"), terminal=True),
    ),
    steps=(*PRESUMPTION, *ASSESSMENT, *LAST_WORD),
    deadlines=(
        Deadline(
            "complete", _("Assessment of the age completed"), ("order",), ("ordered", "in_progress"), ASSESSED,
            Role.SOC, lasts=national("age.complete_working_days"), proposal=True,
        ),
        Deadline(
            "remedy", _("Time to challenge the result"), ("conclude_adult",), ("concluded_adult",), PRESUMED,
            Role.LEG, at=rules.remedy_clock, expires="conclude", alerts=Role.LEG, proposal=True,
        ),
        Deadline(
            "turns_18", _("The person turns 18"), BIRTHDAY_KNOWN, CHILD, PRESUMED, Role.SOC, at="grown_on",
            expires="turn_18", alerts=Role.SOC,
        ),
        Deadline(
            "aftercare", _("Plan the time after 18"), BIRTHDAY_KNOWN, CHILD, "OSCE Addendum 8", Role.SOC,
            at=rules.aftercare_on, reminder=True, alerts=Role.SOC, proposal=True,
        ),
    ),
    notes=(
        _("While childhood is presumed there is no removal, no shelter for adults and no interview as an adult."),
        _("To refuse an assessment proves nothing."),
        _("A result of “adult” changes nothing until its remedy is over."),
        _("Of the birthday only the month is kept in the clear; the rules for children end with its last day."),
        _("Turning 18 never closes a case."),
    ),
)  # fmt: skip
