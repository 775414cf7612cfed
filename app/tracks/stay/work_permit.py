"""The right to work: by law with a stay document, or by a permit; without it nothing else is lost."""

from app.kit.i18n import _
from app.procedure.declaration import Deadline, State, Step, Track
from app.safeguards.words import Category, Role
from app.tracks.days import days_before, in_order
from app.tracks.rules import for_a_child, needed_when
from app.tracks.stay import work_forms as forms
from app.tracks.stay import work_rules as rules

IMM = frozenset({Role.IMM})
TIMER = frozenset({Role.SYS})
HELPING = frozenset({Role.NGO, Role.LEG, Role.VIC, Role.GUA})
WORK = "OSCE Action Plan V.8.3; OSCE Ministerial Council Decision 8/07, 2"
BY_LAW = "OSCE Action Plan V.8.3; Directive 2004/81/EC art. 11"


def _alert(key: str) -> Deadline:
    return Deadline(
        f"renewal_{key}", _("The work permit will end: see to its renewal"), ("grant",), ("granted",), WORK,
        Role.NGO, at=days_before("valid_to", f"work.{key}_alert_days"), reminder=True, alerts=Role.NGO,
        proposal=True,
    )  # fmt: skip


TRACK = Track(
    slug="work_permit",
    number="T10",
    label=_("Work permit"),
    purpose=_("A right to work, by law or by permit; without it nothing else is lost."),
    family="stay",
    sources="OSCE Action Plan V.5.1 and V.8.3; OSCE Ministerial Council Decision 8/07, 2 and 20; ILO "
    "Conventions 138 and 182",
    summary=Category.SVC,
    states=(
        State("not_applied", _("Not applied for")),
        State("automatic", _("Included in the stay document")),
        State("applied", _("Work permit applied for")),
        State("granted", _("Work permit granted")),
        State("refused", _("Work permit refused")),
        State("ended", _("Ended"), terminal=True),
    ),
    steps=(
        Step(
            "open", _("Look at the right to work"), (), "not_applied", TIMER, WORK,
            _("{who} opened the question of work"),
        ),
        Step(
            "apply", _("Apply for a work permit"), ("not_applied", "refused"), "applied",
            HELPING | {Role.SOC}, WORK, _("{who} recorded the application for a work permit"),
            forms.ApplyForWork,
            guards=(
                needed_when("employer", rules.with_one_employer),
                needed_when("employer_link", rules.with_one_employer),
                needed_when("employer_checks", rules.with_one_employer), rules.employer_is_vetted,
                needed_when("age_years", for_a_child), needed_when("full_time", for_a_child),
                needed_when("hazardous", for_a_child), rules.old_enough,
            ),
            invariants=("INV-22",),
        ),
        Step(
            "by_law", _("The stay document includes it"), ("not_applied", "applied"), "automatic",
            TIMER | IMM, BY_LAW, _("{who} recorded that the stay document includes the right to work"),
        ),
        Step(
            "grant", _("Grant the work permit"), ("applied",), "granted", IMM, WORK,
            _("{who} granted the work permit"), forms.GrantWork, guards=(in_order("valid_from", "valid_to"),),
            then=rules.granted,
        ),
        Step(
            "refuse", _("Refuse the work permit"), ("applied",), "refused", IMM, WORK,
            _("{who} refused the work permit"), forms.RefuseWork, then=rules.refused,
        ),
        Step(
            "renew", _("Ask for renewal"), ("granted",), "applied", HELPING | {Role.SOC}, WORK,
            _("{who} recorded that renewal of the work permit is asked for"),
        ),
        Step(
            "end", _("The right to work ends"), ("granted", "automatic"), "ended", TIMER | IMM, WORK,
            _("{who} recorded that the right to work has ended"), forms.EndWork,
            guards=(rules.right_is_over,), help=_("Help, shelter and stay do not depend on work."),
        ),
    ),
    deadlines=(
        *map(_alert, ("first", "last")),
        Deadline(
            "end", _("End of the work permit"), ("grant",), ("granted",), WORK, Role.NGO, at="valid_to",
            expires="end", alerts=Role.NGO,
        ),
    ),
    notes=(
        _("An employer who is linked to exploitation is not accepted."),
        _("A permit that is tied to one employer can make a person dependent again."),
        _("Losing work never touches shelter, help, reflection or stay."),
    ),
)  # fmt: skip
