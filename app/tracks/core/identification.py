"""From presumed victim to a decision with reasons, its review and its end; a no takes two deciders."""

from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.predicates import adults_only
from app.safeguards.words import Category, Role
from app.tracks.core import identification_forms as forms
from app.tracks.core import identification_rules as rules
from app.tracks.rules import needed_when, not_in_future

CAU = frozenset({Role.CAU})
HERSELF = frozenset({Role.VIC, Role.NGO, Role.LEG})
GROUNDS = "CETS 197 art. 10(2)"
DECIDES = "CETS 197 art. 4 and 10(1)"
REVIEW = "OSCE Action Plan V.3.2; CETS 197 art. 10"
DECISIONS = (
    "find_reasonable_grounds", "confirm_no_reasonable_grounds", "identify", "confirm_not_identified",
    "uphold_reasonable_grounds", "uphold_identification", "reject_review",
)  # fmt: skip
DECIDED = ("rg_positive", "rg_negative", "conclusive_positive", "conclusive_negative", "negative_final")
DECIDED_TODAY = not_in_future("decided_on")

OPENING = (
    Step(
        "open", _("Presume that the person is a victim"), (), "presumed",
        frozenset(
            {
                Role.SYS, Role.POL, Role.NGO, Role.LAB, Role.SOC, Role.HEA, Role.IMM, Role.HOT, Role.CAU,
            }
        ),
        "OSCE Action Plan V.3.2; Directive 2011/36/EU art. 11(2)",
        _("{who} recorded that the person is presumed to be a victim"), forms.PresumeVictim,
        guards=(
            needed_when("indicators", rules.by_hand), needed_when("presumed_on", rules.by_hand),
            not_in_future("presumed_on"),
        ),
        then=rules.presumed,
    ),
    Step(
        "decline_formal", _("The person does not want a formal decision"), ("presumed",), "not_pursued",
        HERSELF,
        "OSCE Action Plan V.3.2", _("{who} recorded that the person wants no formal decision"),
        forms.DeclineIdentification, guards=(adults_only,), invariants=("INV-16",),
        help=_("Help goes on. The person can change their mind at any time."),
    ),
    Step(
        "resume", _("Take the identification up again"), ("not_pursued",), "presumed", HERSELF | CAU,
        "OSCE Action Plan V.3.2", _("{who} took the identification up again"), forms.ResumeIdentification,
    ),
)  # fmt: skip

ON_REASONABLE_GROUNDS = (
    Step(
        "find_reasonable_grounds", _("Find reasonable grounds"), ("presumed",), "rg_positive", CAU, GROUNDS,
        _("{who} found reasonable grounds"), forms.Decision,
        guards=(rules.yes_needs_elements(*rules.ON_GROUNDS), DECIDED_TODAY), invariants=("INV-01", "INV-21"),
        then=rules.reasonable_grounds,
        help=_("No removal from now on. A recovery and reflection period is offered."),
    ),
    Step(
        "propose_no_reasonable_grounds", _("Propose: no reasonable grounds"), ("presumed",),
        "rg_negative_proposed", CAU, GROUNDS, _("{who} proposed to find no reasonable grounds"),
        forms.NegativeDecision, guards=(rules.no_needs_a_lack(*rules.ON_GROUNDS), DECIDED_TODAY),
        invariants=("INV-01",),
        then=rules.second_needed, help=_("A second person decides. Until then nothing changes."),
    ),
    Step(
        "confirm_no_reasonable_grounds", _("Confirm: no reasonable grounds"), ("rg_negative_proposed",),
        "rg_negative", CAU, GROUNDS, _("{who} confirmed that there are no reasonable grounds"),
        forms.SecondOpinion, invariants=("INV-20", "INV-01"), apart_from=("propose_no_reasonable_grounds",),
        then=rules.negative,
    ),
    Step(
        "disagree_no_reasonable_grounds", _("Do not confirm"), ("rg_negative_proposed",), "presumed", CAU,
        GROUNDS, _("{who} did not confirm the proposal"), forms.SecondOpinion, invariants=("INV-20",),
        apart_from=("propose_no_reasonable_grounds",),
    ),
)  # fmt: skip

CONCLUSIVE = (
    Step(
        "identify", _("Identify as a victim"), ("rg_positive",), "conclusive_positive", CAU, DECIDES,
        _("{who} identified the person as a victim"), forms.ConclusiveDecision,
        guards=(rules.not_too_early, rules.yes_needs_elements("found"), DECIDED_TODAY),
        invariants=("INV-01",), then=rules.identified,
    ),
    Step(
        "propose_not_identified", _("Propose: not identified"), ("rg_positive",),
        "conclusive_negative_proposed", CAU, DECIDES, _("{who} proposed not to identify the person"),
        forms.ConclusiveNegative, guards=(rules.not_too_early, rules.no_needs_a_lack("found"), DECIDED_TODAY),
        invariants=("INV-01",), then=rules.second_needed,
        help=_("A second person decides. Until then nothing changes."),
    ),
    Step(
        "confirm_not_identified", _("Confirm: not identified"), ("conclusive_negative_proposed",),
        "conclusive_negative", CAU, DECIDES, _("{who} confirmed that the person is not identified"),
        forms.SecondOpinion, invariants=("INV-20",), apart_from=("propose_not_identified",),
        then=rules.negative,
    ),
    Step(
        "disagree_not_identified", _("Do not confirm"), ("conclusive_negative_proposed",), "rg_positive", CAU,
        DECIDES, _("{who} did not confirm the proposal"), forms.SecondOpinion, invariants=("INV-20",),
        apart_from=("propose_not_identified",),
    ),
)  # fmt: skip

REVIEWED = (
    Step(
        "ask_review", _("Ask for a review"), ("rg_negative", "conclusive_negative"),
        "reconsideration_requested",
        frozenset({Role.VIC, Role.LEG, Role.NGO, Role.GUA, Role.SHE, Role.SOC}), REVIEW,
        _("{who} asked for a review of the decision"), forms.AskForReview,
        guards=(not_in_future("filed_on"),), then=rules.no_removal,
        help=_("Until it is answered, nobody is removed."),
    ),
    Step(
        "uphold_reasonable_grounds", _("Review: reasonable grounds after all"),
        ("reconsideration_requested",),
        "rg_positive", CAU, REVIEW, _("{who} found reasonable grounds in the review"), forms.ReviewDecision,
        invariants=("INV-20",), apart_from=rules.FIRST_DECIDERS, then=rules.reasonable_grounds,
    ),
    Step(
        "uphold_identification", _("Review: identified after all"), ("reconsideration_requested",),
        "conclusive_positive", CAU, REVIEW, _("{who} identified the person as a victim in the review"),
        forms.ReviewDecision, invariants=("INV-20",), apart_from=rules.FIRST_DECIDERS, then=rules.identified,
    ),
    Step(
        "reject_review", _("Review: the decision stands"), ("reconsideration_requested",), "negative_final",
        CAU, REVIEW, _("{who} let the decision stand in the review"), forms.RejectReview,
        invariants=("INV-20",), apart_from=rules.FIRST_DECIDERS, then=rules.final,
    ),
    Step(
        "remedy_lapsed", _("The time for a review is over"), ("rg_negative", "conclusive_negative"),
        "negative_final", frozenset({Role.SYS}), REVIEW, _("{who} noted that the time for a review is over"),
        guards=(rules.was_explained,), then=rules.lapsed,
    ),
)  # fmt: skip

BEFORE_COURT = (
    Step(
        "go_to_court", _("Go to court"), ("negative_final",), "judicial_review",
        frozenset({Role.LEG, Role.GUA}), REVIEW, _("{who} brought the decision before a court"),
        forms.GoToCourt, then=rules.no_removal,
    ),
    Step(
        "close", _("The time to go to court is over"), ("negative_final",), "closed", frozenset({Role.SYS}),
        REVIEW, _("{who} noted that the time to go to court is over"), guards=(rules.court_time_is_over,),
    ),
    Step(
        "court_remits", _("The court sends it back"), ("judicial_review",), "rg_positive",
        frozenset({Role.LEG, Role.CAU}), REVIEW, _("{who} recorded that the court sent the decision back"),
        forms.Judgment, guards=(not_in_future("judged_on"),), then=rules.reasonable_grounds,
    ),
    Step(
        "court_dismisses", _("The court dismisses"), ("judicial_review",), "negative_final",
        frozenset({Role.LEG, Role.CAU}), REVIEW, _("{who} recorded that the court let the decision stand"),
        forms.Judgment, guards=(not_in_future("judged_on"),),
    ),
    Step(
        "record_judgment", _("A criminal judgment confirms it"), ("conclusive_positive", "rg_positive"),
        "confirmed_by_court", frozenset({Role.POL, Role.LEG}), DECIDES,
        _("{who} recorded that a criminal judgment confirms it"), forms.Judgment,
        guards=(not_in_future("judged_on"),),
    ),
)  # fmt: skip


def _explain(state: str) -> Step:
    return Step(
        "explain_decision", _("Record that the decision was explained"), (state,), state,
        frozenset({Role.CAU, Role.NGO, Role.SOC, Role.LEG, Role.GUA}), REVIEW,
        _("{who} recorded that the decision was explained to the person"), forms.ExplainDecision,
        guards=(not_in_future("notified_on"),),
    )  # fmt: skip


TRACK = Track(
    slug="identification",
    number="T03",
    label=_("Identification"),
    purpose=_("Whether somebody is a victim is decided with reasons; a no takes two people and can be reviewed."),
    family="core",
    sources="OSCE Action Plan V.3.2; CETS 197 art. 4 and 10; Directive 2011/36/EU art. 11",
    summary=Category.SVC,
    states=(
        State("presumed", _("Presumed victim")),
        State("rg_negative_proposed", _("No reasonable grounds: proposed")),
        State("rg_positive", _("Reasonable grounds: yes")),
        State("rg_negative", _("Reasonable grounds: no")),
        State("conclusive_positive", _("Identified victim")),
        State("conclusive_negative_proposed", _("Not identified: proposed")),
        State("conclusive_negative", _("Not identified")),
        State("reconsideration_requested", _("Review asked for")),
        State("judicial_review", _("Before a court")),
        State("negative_final", _("Negative, final")),
        State("not_pursued", _("Formal identification not wanted")),
        State("confirmed_by_court", _("Confirmed in a judgment"), terminal=True),
        State("closed", _("Negative and beyond review"), terminal=True),
    ),
    steps=(
        *OPENING, *ON_REASONABLE_GROUNDS, *CONCLUSIVE, *REVIEWED, *BEFORE_COURT, *map(_explain, DECIDED),
    ),
    deadlines=(
        Deadline(
            "reasonable_grounds", _("Decision on reasonable grounds"), ("open", "resume"),
            ("presumed", "rg_negative_proposed"), GROUNDS, Role.CAU,
            lasts=national("identification.reasonable_grounds_working_days"),
        ),
        Deadline(
            "conclusive", _("Conclusive decision"), rules.TO_GROUNDS,
            ("rg_positive", "conclusive_negative_proposed"), DECIDES, Role.CAU,
            lasts=national("identification.conclusive_target_days"), proposal=True,
        ),
        Deadline(
            "explain", _("Decision explained to the person"), DECISIONS, DECIDED, REVIEW, Role.CAU,
            lasts=national("identification.explain_working_days"), stops=("explain_decision",), proposal=True,
        ),
        Deadline(
            "ask_review", _("Time to ask for a review"), ("explain_decision",),
            ("rg_negative", "conclusive_negative"), REVIEW, Role.LEG, at=rules.review_until,
            expires="remedy_lapsed", alerts=Role.LEG,
        ),
        Deadline(
            "answer_review", _("Answer to the review"), ("ask_review",), ("reconsideration_requested",),
            REVIEW,
            Role.CAU, lasts=national("identification.answer_review_days"), proposal=True,
        ),
        Deadline(
            "court", _("Time to go to court"), ("explain_decision", "remedy_lapsed"), ("negative_final",),
            REVIEW,
            Role.LEG, at=rules.court_until, expires="close", alerts=Role.LEG, proposal=True,
        ),
    ),
    notes=(
        _("The indicators advise and never decide."),
        _("“Only labour law was violated” is a negative outcome that opens labour remedies; help goes on."),
        _("No field asks whether the person testified or will."),
        _("A no is proposed by one decider and confirmed by another; until then the person stays protected."),
        _("The time for a remedy runs from the day on which the decision was explained."),
    ),
)  # fmt: skip
