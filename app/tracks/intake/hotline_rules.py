"""The rules of the hotline: anonymous means anonymous, danger is fast, a child is never put aside by one person."""

import re
from collections.abc import Iterator
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.effects import Alert, DestroyKeys, Effect, JoinTeam, LeaveTeam, OpenTrack, SetMarks, Share
from app.procedure.facts import Facts
from app.procedure.predicates_publication import Upload, upload_refused
from app.procedure.refusal import refuse
from app.procedure.span import Span
from app.safeguards.words import Category, Relation, Role
from app.tracks.disclosed import look_at_it

ERASURE = "Regulation (EU) 2016/679 art. 5(1)(e)"
ANONYMOUS = "OSCE Action Plan IV.4.11"
CHILD = "OSCE Addendum 3 and 5"
HELP_WAS_SENT = _("Help was sent without consent, on a legal ground")
DATE = re.compile(r"(?<![\d.])\d{1,4}[./-]\d{1,2}[./-]\d{2,4}(?!\.?\d)")
# A telephone number, a mail address, an account, a network address: whatever leads to a device.
TRACES = re.compile(
    r"(\+|\b0)\d[\d\s()./-]{6,}\d|\S+@\S+\.\w{2,}|(^|\s)@\w{3,}|\b(\d{1,3}\.){3}\d{1,3}\b|https?://\S+"
)
IMAGE = re.compile(r"data:(image|video)/|\.(jpe?g|png|gif|webp|heic|mp4|mov)\b", re.IGNORECASE)


def nothing_identifying(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    """INV-14 and INV-23: keep nothing that leads to an anonymous caller, and nothing that leads to an image."""
    if form is None:
        return None
    if IMAGE.search(form.narrative) and form.child_indicated != "no":
        return upload_refused(Upload("image", shows_abuse=True))
    if form.anonymous != "yes":
        return None
    field = next((name for name in ("caller_name", "caller_contact") if getattr(form, name)), None)
    if field is None and TRACES.search(DATE.sub(" ", form.narrative)):
        field = "narrative"
    if field is None:
        return None
    return refuse(
        _("The caller wishes to stay anonymous: leave out names, numbers, addresses and accounts"), field=field,
        rule="INV-14", source=ANONYMOUS, unblock=_("The report without them"),
    )  # fmt: skip


def ground_fits(facts: Facts, form: Any) -> Fault | None:
    """INV-17: protect a child on that ground only where a child may be concerned."""
    marks = facts.this.marks if facts.this else {}
    if form is None or form.basis != "child_protection" or marks.get("child_indicated") != "no":
        return None
    return refuse(
        _("No child is concerned: help without consent rests on danger to life or health"), field="basis",
        rule="INV-17", source="CETS 197 art. 12(7)", unblock=_("Another ground, or the person’s consent"),
    )  # fmt: skip


def rests_on_something(facts: Facts, form: Any) -> Fault | None:
    """INV-15 and INV-17: a child’s referral rests on child protection; an adult’s on consent or danger."""
    if form is None:
        return None
    child = facts.this is not None and facts.this.marks.get("child_indicated") == "yes"
    if child and form.basis == "consent":
        return refuse(
            _("A child is referred without asking for consent as an adult is asked"), field="basis", rule="INV-15",
            source=CHILD, unblock=_("The protection of the child as the ground"),
        )  # fmt: skip
    return ground_fits(facts, form)


def no_child_put_aside(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """INV-15: where a child is concerned advice is not enough; it becomes a referral, or two people close it."""
    if facts.this is None or facts.this.marks.get("child_indicated") != "yes":
        return None
    return refuse(
        _("A child is concerned: advice alone is not enough"), rule="INV-15", source=CHILD,
        unblock=_("A referral; or a supervisor who closes the report"),
    )  # fmt: skip


def signed_off(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """INV-15: a sign of trafficking, or a child, is put aside only by a supervisor."""
    marks = facts.this.marks if facts.this else {}
    weighty = marks.get("sign_found") == "yes" or marks.get("child_indicated") != "no"
    if not weighty or facts.actor.role is Role.SUP:
        return None
    return refuse(
        _("There is a sign of trafficking, or a child may be concerned: a supervisor closes the report"),
        rule="INV-15", source=CHILD, unblock=_("A supervisor’s decision, or a referral"),
    )  # fmt: skip


def was_anonymous(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """Erase by time only what was anonymous."""
    if facts.this is not None and facts.this.marks.get("anonymous") == "yes":
        return None
    return refuse(
        _("Only an anonymous report is erased by time"), rule=ERASURE, source=ERASURE,
        unblock=_("Nothing: the file of the person is kept as long as its own law says"),
    )  # fmt: skip


def stands_alone(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """Destroy no keys on which the file of a person rests."""
    if all(each.slug == "hotline_report" for each in facts.tracks):
        return None
    return refuse(
        _("Something else rests on this file: it is not erased with the report"), rule=ERASURE, source=ERASURE,
        unblock=_("Nothing: the file of the person is kept as long as its own law says"),
    )  # fmt: skip


def ordinary(facts: Facts) -> Span | None:
    """Return the time in which a report is looked at where nobody is in danger now."""
    return None if _danger(facts) else national("hotline.triage_hours")(facts)


def in_danger(facts: Facts) -> Span | None:
    """Return the time in which a report is looked at where somebody is in danger now."""
    return national("hotline.danger_hours")(facts) if _danger(facts) else None


def until_erased(facts: Facts) -> Span | None:
    """Return how long an anonymous report is kept that became no referral."""
    anonymous = facts.this is not None and facts.this.marks.get("anonymous") == "yes"
    return national("hotline.erase_months")(facts) if anonymous else None


def _danger(facts: Facts) -> bool:
    return facts.this is not None and facts.this.marks.get("in_danger_now") == "yes"


def taken(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001 -- the signature of a consequence
    """Let everybody at the line go on with it, and say at once that somebody is in danger."""
    yield JoinTeam(Relation.ASSIGNED, Role.HOT)
    if _danger(facts):
        yield Alert(_("A report of a danger has come in: look at it now"), role=Role.HOT, urgent=True)
        yield Alert(_("A report of a danger has come in: look at it now"), role=Role.SUP, urgent=True)


def triaged(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Keep that a sign was found, and which danger there is."""
    yield SetMarks({"sign_found": "yes" if form.indicators else "no"})
    if form.immediate_danger == "yes":
        yield Alert(_("Somebody is in immediate danger: send help"), role=Role.HOT, urgent=True)


def dispatched(facts: Facts, form: Any) -> Iterator[Effect]:
    """Lend the little that helps, to those who were sent for; a second person looks at it afterwards."""
    yield JoinTeam(Relation.RECIPIENT, organisation_id=form.recipient)
    yield Share("assistance", (form.recipient,), frozenset({Category.EXP}), form.basis, None)
    yield Alert(_("Help is needed at once"), organisation_id=form.recipient, urgent=True)
    yield from look_at_it(facts, HELP_WAS_SENT)


def converted(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Open the draft of a referral on the same container; who took the report goes on with it."""
    yield JoinTeam(Relation.REFERRER, user_id="actor")
    receiver = str(form.receiving_organisation_id)
    yield OpenTrack("referral", "create", {"type": "initial", "receiving_organisation_id": receiver})
    yield LeaveTeam(
        Relation.ASSIGNED, role=Role.HOT
    )  # from now on it is a person’s file, and the hotline its sender


def erased(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Destroy the keys: nobody can open it any more."""
    yield DestroyKeys()
