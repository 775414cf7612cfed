"""Voluntary return: wished by the person, safe for person and family, revocable until the journey begins.

Help is the same whether somebody stays, returns or changes their mind. A removal that the State orders is not this.
"""

from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.predicates import adults_only
from app.procedure.predicates_stay import no_return_while_asylum
from app.safeguards.words import Category, Role
from app.tracks.returns import return_forms as forms
from app.tracks.returns import return_rules as rules
from app.tracks.returns.return_rules import FREE_WILL, RETURN
from app.tracks.rules import for_a_child, needed_when, not_in_future

WORKERS = frozenset({Role.NGO, Role.SOC})
SUP = frozenset({Role.SUP})
ENDING = frozenset({Role.NGO, Role.SOC, Role.SUP})
BEFORE = ("requested", "assessment", "approved", "preparation")
THERE = ("received", "reintegration")

WISH = (
    Step(
        "open", _("Think about a return"), (), "not_considered", frozenset({Role.SYS}), RETURN,
        _("{who} opened the question of a return"),
    ),
    Step(
        "counsel", _("Explain all ways"), ("not_considered", "cancelled", "refused_unsafe"), "counselling",
        WORKERS | {Role.LEG, Role.GUA}, FREE_WILL, _("{who} explained all ways: to stay, asylum, to return"),
        forms.CounselOptions,
    ),
    Step(
        "wish", _("The person wishes to return"), ("counselling",), "requested",
        frozenset({Role.VIC, Role.GUA, Role.NGO}), FREE_WILL, _("{who} recorded the wish to return"),
        forms.WishToReturn,
        guards=(
            no_return_while_asylum, rules.not_frozen, needed_when("guardian_heard", for_a_child),
            needed_when("child_heard", for_a_child),
        ),
        invariants=("INV-04", "INV-09", "INV-07"), then=rules.wished,
    ),
    Step(
        "start_assessment", _("Begin to look at safety"), ("requested",), "assessment", WORKERS, RETURN,
        _("{who} began to look at the safety of the return"), forms.StartAssessment,
        guards=(rules.is_assessed, rules.not_frozen), then=rules.linked,
    ),
)  # fmt: skip

DECISION = (
    Step(
        "approve", _("Approve the return"), ("assessment",), "approved", SUP, RETURN,
        _("{who} approved the return"), forms.ApproveReturn, guards=(no_return_while_asylum, rules.not_frozen),
        invariants=("INV-04", "INV-06", "INV-08", "INV-20"), apart_from=("wish", "start_assessment"),
        then=rules.approved, help=_("The person can still change their mind, until the journey begins."),
    ),
    Step(
        "refuse_unsafe", _("Not possible: it would not be safe"), ("assessment",), "refused_unsafe", SUP, RETURN,
        _("{who} found that a return would not be safe"), forms.RefuseUnsafe, invariants=("INV-20",),
        apart_from=("wish", "start_assessment"), then=rules.unsafe,
    ),
    Step(
        "prepare", _("Prepare the journey"), ("approved",), "preparation", WORKERS, RETURN,
        _("{who} prepared the journey"), forms.PrepareJourney,
        guards=(
            no_return_while_asylum, rules.not_frozen, rules.partner_has_accepted, rules.child_has_escort,
            needed_when("escort_name", rules.escort_is_named), needed_when("guardian_heard", for_a_child),
        ),
        invariants=("INV-05", "INV-07"),
    ),
)  # fmt: skip

JOURNEY = (
    Step(
        "depart", _("The journey begins"), ("preparation",), "departed", WORKERS, RETURN,
        _("{who} recorded the departure"), forms.Depart,
        guards=(
            no_return_while_asylum, rules.not_frozen, rules.cooling_off, not_in_future("departed_on"),
            needed_when("guardian_heard", for_a_child),
        ),
        invariants=("INV-25", "INV-04", "INV-06", "INV-07", "INV-08", "INV-09"), then=rules.departed,
        help=_("Every rule is asked again at this moment."),
    ),
    Step(
        "hand_over", _("Received at the place"), ("departed",), "received", WORKERS | {Role.GUA}, RETURN,
        _("{who} recorded the arrival, and who received the person"), forms.HandOver,
        guards=(not_in_future("received_on"), needed_when("new_guardian", for_a_child)), then=rules.received,
    ),
    Step(
        "start_reintegration", _("Help begins there"), ("received",), "reintegration", WORKERS, RETURN,
        _("{who} recorded that help has begun there"), forms.StartReintegration,
    ),
    Step(
        "conclude", _("Conclude the return"), ("reintegration",), "concluded", ENDING, RETURN,
        _("{who} concluded the return"), forms.ConcludeReturn, guards=(not_in_future("last_visit_on"),),
        then=rules.over,
    ),
    Step(
        "want_no_more", _("No more help is wanted"), ("received",), "concluded", ENDING, RETURN,
        _("{who} recorded that no more help is wanted"), forms.DeclineReintegration, guards=(adults_only,),
        invariants=("INV-16",), then=rules.over,
    ),
)  # fmt: skip

CALLED_OFF = (
    Step(
        "cancel", _("Call the return off"), BEFORE, "cancelled",
        frozenset({Role.VIC, Role.GUA, Role.NGO, Role.SOC}), FREE_WILL, _("{who} called the return off"),
        forms.CancelReturn, invariants=("INV-09",), then=rules.cancelled,
        help=_("No reason is asked. Help goes on."),
    ),
    # INV-09: consent that is taken back ends it in the same transaction, whoever may think otherwise.
    Step(
        "consent_ended", _("The consent to return has ended"), BEFORE, "cancelled", frozenset({Role.SYS}),
        FREE_WILL, _("{who} called the return off: the consent has ended"), invariants=("INV-09",),
        then=rules.cancelled,
    ),
)  # fmt: skip

TRACK = Track(
    slug="voluntary_return",
    number="T13",
    label=_("Voluntary return"),
    purpose=_("A return that the person wishes, that is safe, and that can be called off until the journey begins."),
    family="returns",
    sources="OSCE Action Plan V.5.1, V.7.1 to V.7.3 and V.10.2; OSCE Addendum 9 and 10; CETS 197 art. 16; Palermo "
    "Protocol art. 8",
    summary=Category.SVC,
    states=(
        State("not_considered", _("Not thought of")),
        State("counselling", _("All ways are explained")),
        State("requested", _("Wished by the person")),
        State("assessment", _("Safety is looked at")),
        State("approved", _("Approved")),
        State("preparation", _("Being prepared")),
        State("departed", _("On the way")),
        State("received", _("Received")),
        State("reintegration", _("Reintegration")),
        State("concluded", _("Concluded"), terminal=True),
        State("refused_unsafe", _("Not possible: not safe")),
        State("cancelled", _("Called off")),
    ),
    steps=(*WISH, *DECISION, *JOURNEY, *CALLED_OFF),
    deadlines=(
        Deadline(
            "cooling_off", _("The time to think again is over"), ("wish",), BEFORE, FREE_WILL, Role.NGO,
            at=rules.cooling_off_clock, reminder=True, alerts=Role.NGO, proposal=True,
        ),
        Deadline(
            "departure", _("From the wish to the departure"), ("wish",), BEFORE, RETURN, Role.NGO,
            lasts=national("return.departure_days"), proposal=True,
        ),
        Deadline(
            "arrival", _("Arrival confirmed"), ("depart",), ("departed",), RETURN, Role.NGO,
            lasts=national("return.arrival_hours"), proposal=True,
        ),
        Deadline(
            "first_follow_up", _("First look after the return"), ("hand_over",), THERE, RETURN, Role.NGO,
            lasts=rules.for_adults("return.first_follow_up_months"), reminder=True, alerts=Role.NGO, proposal=True,
        ),
        Deadline(
            "second_follow_up", _("Second look after the return"), ("hand_over",), THERE, RETURN, Role.NGO,
            lasts=rules.for_adults("return.second_follow_up_months"), reminder=True, alerts=Role.NGO, proposal=True,
        ),
        Deadline(
            "last_follow_up", _("Last look after the return"), ("hand_over",), THERE, RETURN, Role.NGO,
            lasts=rules.for_adults("return.last_follow_up_months"), proposal=True,
        ),
    ),
    notes=(
        _("A removal that the State orders is not a return, and is never ordered or planned here."),
        _("Delay tells staff to hurry; it never shortens the time to think again, or a remedy."),
        _("An adult whose reflection period runs ends it first, by their own decision after legal advice."),
        _("Consent that is taken back calls the return off at once; nobody can override this."),
        _("At the departure every rule is asked again, whatever was true when it was approved."),
    ),
)  # fmt: skip
