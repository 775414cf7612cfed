"""A call to the hotline, or a message: looked at fast, helped at once in danger, turned into a referral or not.

It is not about one person of a case yet. It stands on a container of its own, like the draft of a referral: whoever
answers the line opens the container and is its first member. If it becomes a referral, this is opened on the same
container, which then is the person’s case; if not, nothing else ever stands on it, and an anonymous report is
erased with its keys when its time is over.
"""

from app.kit.i18n import _
from app.procedure.declaration import Deadline, State, Step, Track
from app.safeguards.words import Category, Role
from app.tracks.intake import hotline_forms as forms
from app.tracks.intake import hotline_rules as rules
from app.tracks.rules import not_in_future

HOT = frozenset({Role.HOT})
LINE = "OSCE Action Plan IV.4.11"
CHILD = "OSCE Addendum 3 and 5"
OVER = ("advice_only", "duplicate", "closed_no_action")

TRACK = Track(
    slug="hotline_report",
    number="T01",
    label=_("Hotline report"),
    purpose=_("A call or a message is looked at fast, danger is met at once, and no caller has to be known."),
    family="intake",
    sources="OSCE Action Plan IV.4.11; OSCE Ministerial Council Decision 8/07, 11",
    summary=Category.EXP,
    per_case=False,
    states=(
        State("received", _("Received")),
        State("triaged", _("Looked at")),
        State("urgent_dispatched", _("Help was sent at once")),
        State("converted", _("Became a referral"), terminal=True),
        State("advice_only", _("Advice was given")),
        State("duplicate", _("Belongs to another report")),
        State("closed_no_action", _("Closed, nothing follows")),
        State("erased", _("Erased"), terminal=True),
    ),
    steps=(
        Step(
            "take", _("Take a report"), (), "received", HOT | {Role.VIC}, LINE, _("{who} took a report"),
            forms.TakeReport, guards=(rules.nothing_identifying,), invariants=("INV-14", "INV-23"),
            then=rules.taken,
        ),
        Step(
            "triage", _("Look at the report"), ("received",), "triaged", HOT, LINE, _("{who} looked at the report"),
            forms.TriageReport, then=rules.triaged, help=_("The signs advise; you decide."),
        ),
        Step(
            "dispatch", _("Send help at once"), ("triaged",), "urgent_dispatched", HOT, LINE,
            _("{who} sent help at once"), forms.DispatchHelp, guards=(rules.ground_fits,), invariants=("INV-17",),
            then=rules.dispatched,
        ),
        Step(
            "convert", _("Make it a referral"), ("triaged", "urgent_dispatched"), "converted", HOT,
            "OSCE Action Plan V.3.1", _("{who} made a referral of the report"), forms.ConvertReport,
            guards=(rules.rests_on_something,), invariants=("INV-15", "INV-17"), then=rules.converted,
            help=_("The draft of a referral is opened in the same file. The caller’s name stays with the hotline."),
        ),
        Step(
            "close_with_advice", _("Advice was enough"), ("triaged", "urgent_dispatched"), "advice_only", HOT, LINE,
            _("{who} closed the report with advice"), forms.CloseWithAdvice, guards=(rules.no_child_put_aside,),
        ),
        Step(
            "link", _("It belongs to another report"), ("received", "triaged"), "duplicate", HOT, LINE,
            _("{who} linked the report to another one"), forms.LinkReport,
        ),
        Step(
            "close", _("Nothing follows"), ("triaged",), "closed_no_action", HOT | {Role.SUP}, CHILD,
            _("{who} closed the report"), forms.CloseReport,
            guards=(rules.signed_off, not_in_future("closed_on")), invariants=("INV-15", "INV-20"),
            apart_from=("triage",), help=_("Somebody else than who looked at it first."),
        ),
        Step(
            "erase", _("Erase an anonymous report"), OVER, "erased", frozenset({Role.SYS}),
            "Regulation (EU) 2016/679 art. 5(1)(e)", _("{who} erased an anonymous report"),
            guards=(rules.was_anonymous, rules.stands_alone), then=rules.erased,
        ),
    ),
    deadlines=(
        Deadline(
            "triage", _("Report looked at"), ("take",), ("received",), LINE, Role.HOT, lasts=rules.ordinary,
            proposal=True,
        ),
        Deadline(
            "triage_danger", _("Report of a danger looked at"), ("take",), ("received",), LINE, Role.HOT,
            lasts=rules.in_danger, proposal=True,
        ),
        Deadline(
            "erase", _("Erasure of an anonymous report"), ("close_with_advice", "link", "close"), OVER,
            "Regulation (EU) 2016/679 art. 5(1)(e)", Role.DPO, lasts=rules.until_erased, expires="erase",
            alerts=Role.DPO, proposal=True,
        ),
    ),
    notes=(
        _("Whoever wishes to stay anonymous stays anonymous: no name, number, address or trace of a device."),
        _("A report about a child is never closed by one person alone."),
        _("The caller’s name stays with the hotline, unless the caller agreed that it goes along."),
        _("An anonymous report that became no referral is erased when its time is over."),
    ),
)  # fmt: skip
