"""A request about one’s own data: answered in time, to the person alone, by a channel that endangers nobody.

It stands on the case of the person who asks. Whoever is not known here gets a container of their own, which holds
the request and the answer that nothing is kept, and nothing else.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import last_day, national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, CallIn, Effect
from app.procedure.facts import Facts
from app.procedure.refusal import refuse
from app.procedure.span import Span, due
from app.safeguards.words import Category, Relation, Role
from app.tracks.oversight import request_forms as forms
from app.tracks.rules import needed_when, not_in_future

DPO = frozenset({Role.DPO})
RIGHTS = (
    "Regulation (EU) 2016/679 art. 12 to 22; Directive (EU) 2016/680 art. 14 to 17; Convention 108+ art. 9"
)

DEFERRAL = "Directive (EU) 2016/680 art. 15"


def _in_time(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    if facts.this is None or facts.now <= due(
        facts.this.opened_at, national("request.answer_months")(facts), facts.profile
    ):
        return None
    return refuse(
        _("More time can be taken only within the first month"), rule="request.answer_months",
        source="Regulation (EU) 2016/679 art. 12(3)", unblock=_("The answer itself"),
    )  # fmt: skip


def _police_data_only(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    if facts.this is None or facts.this.marks.get("regime") == "LED":
        return None
    return refuse(
        _("Only an answer about police data can wait"), rule=DEFERRAL, source=DEFERRAL,
        unblock=_("An answer in which what concerns others is left out"),
    )  # fmt: skip


def _not_for_ever(facts: Facts, form: Any) -> Fault | None:
    if form is None or facts.today < form.until_on <= last_day(facts, "request.deferral_days"):
        return None
    return refuse(
        _("A deferral ends on a day to come, and within {days} days; then it is decided anew"), field="until_on",
        rule="request.deferral_days", source=DEFERRAL, unblock=_("A day within that time"),
        days=facts.profile.number("request.deferral_days"),
    )  # fmt: skip


def _something_left_out(facts: Facts, form: Any) -> bool:  # noqa: ARG001 -- whether the answer is needed
    return bool(form.redacted)


def extended_until(facts: Facts) -> datetime | None:
    """Return the last moment for an answer that takes longer: counted from the day of the request."""
    months = facts.profile.number("request.answer_months") + facts.profile.number("request.extension_months")
    return due(facts.this.opened_at, Span(months, "months"), facts.profile) if facts.this else None


def _received(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001 -- the signature of a consequence
    yield CallIn(Role.DPO, Relation.ASSIGNED)
    yield Alert(_("Somebody asks about their own data"), role=Role.DPO)


TRACK = Track(
    slug="data_subject_request",
    number="T24",
    label=_("Request about one’s own data"),
    purpose=_("Who asks about their own data is answered in time, alone, and by a way that endangers nobody."),
    family="oversight",
    sources=RIGHTS,
    summary=Category.CNS,
    per_case=False,
    states=(
        State("received", _("Received")),
        State("verified", _("Checked: the person asks it, safely")),
        State("extended", _("More time is needed")),
        State("answered", _("Answered"), terminal=True),
        State("refused", _("Refused"), terminal=True),
    ),
    steps=(
        Step(
            "receive", _("Somebody asks about their own data"), (), "received",
            DPO | {Role.VIC, Role.GUA, Role.LEG, Role.NGO}, RIGHTS, _("{who} received a request about own data"),
            forms.ReceiveRequest, then=_received,
        ),
        Step(
            "verify", _("Check who asks, and that it is safe"), ("received",), "verified", DPO | {Role.NGO}, RIGHTS,
            _("{who} checked who asks, and that it is safe"), forms.VerifyRequest,
        ),
        Step(
            "extend", _("Take more time"), ("verified",), "extended", DPO, RIGHTS,
            _("{who} told the person that more time is needed"), forms.ExtendRequest, guards=(_in_time,),
        ),
        *(
            Step(
                "defer", _("Let the answer about police data wait"), (state,), state, DPO, DEFERRAL,
                _("{who} let an answer about police data wait"), forms.DeferRequest,
                guards=(_police_data_only, _not_for_ever),
                help=_("For a time that is named, and never longer than the reason lasts."),
            )
            for state in ("verified", "extended")
        ),
        Step(
            "answer", _("Answer the request"), ("verified", "extended"), "answered", DPO, RIGHTS,
            _("{who} answered the request"), forms.AnswerRequest,
            guards=(needed_when("redaction_reasons", _something_left_out),), invariants=("INV-12",),
        ),
        Step(
            "refuse", _("Refuse the request"), ("received", "verified", "extended"), "refused", DPO, RIGHTS,
            _("{who} refused the request"), forms.RefuseRequest, guards=(not_in_future("told_on"),),
        ),
    ),
    deadlines=(
        Deadline(
            "answer", _("Answer to the request"), ("receive",), ("received", "verified"),
            "Regulation (EU) 2016/679 art. 12(3)", Role.DPO, lasts=national("request.answer_months"),
            alerts=Role.DPO, stops=("defer",),
        ),
        Deadline(
            "answer_extended", _("Answer to the request, with more time"), ("extend",), ("extended",),
            "Regulation (EU) 2016/679 art. 12(3)", Role.DPO, at=extended_until, alerts=Role.DPO,
            stops=("defer",),
        ),
        Deadline(
            "deferral", _("The deferral is over: answer, or decide it anew"), ("defer",), ("verified", "extended"),
            DEFERRAL, Role.DPO, at="until_on", alerts=Role.DPO,
        ),
    ),
    notes=(
        _("The answer never goes by unprotected mail."),
        _("Who looked at the file, and why, may be part of the answer."),
        _("No answer holds the address of a shelter."),
    ),
)  # fmt: skip
