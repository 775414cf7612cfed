"""Whether she is safe now, and what a sender may know: bare statements from states, never a place."""

from collections.abc import Iterator

from app.casework.reader import Reader
from app.casework.shown import Safety, Status
from app.kit.i18n import _
from app.procedure.facts import Facts, TrackFacts
from app.safeguards.words import Role
from app.tracks import TRACKS

HOUSED = ("placed", "transfer_requested")
SOUGHT = ("requested", "offered", "waiting")
LOOKED_FOR = ("reported", "search", "closed_not_found")
SAFETY = {
    "yes": _("In safe accommodation"),
    "not_yet": _("Not yet in safe accommodation: a place is being looked for"),
    "absent": _("Not back in the accommodation as agreed"),
    "missing": _("Missing"),
    "left": _("No longer in accommodation of this service"),
    "unknown": _("Not known: no accommodation was asked for"),
}
ANSWERS = {"yes": _("Yes"), "not_yet": _("Not yet known"), "unknown": _("Not yet known")}
NO = _("No")


def safety(facts: Facts, reader: Reader) -> Safety:
    """Return what the states say about the person's safety."""
    search = facts.track("missing_person")
    if (
        search is not None
        and search.state in LOOKED_FOR
        and TRACKS["missing_person"].may_know(reader.actor.role)
    ):
        return Safety("missing", reader.say(SAFETY["missing"]), reader.day(search.entered_at))
    placement = facts.track("shelter_placement")
    code = _code(placement)
    since = reader.day(placement.entered_at) if placement is not None and code != "unknown" else None
    return Safety(code, reader.say(SAFETY[code]), since)


def _code(placement: TrackFacts | None) -> str:
    if placement is None or placement.state == "declined":
        return "unknown"
    if placement.state in HOUSED:
        return "yes"
    if placement.state in SOUGHT:
        return "not_yet"
    return placement.state if placement.state in SAFETY else "left"


def bare_safety(facts: Facts, reader: Reader) -> Safety:
    """Return yes, no or not yet known: all that a sender may learn."""
    code = _code(facts.track("shelter_placement"))
    told = code if code in ANSWERS else "no"
    said = reader.say(_("In safe accommodation: {answer}"), answer=reader.say(ANSWERS.get(told, NO)))
    return Safety("unknown" if told == "not_yet" else told, said)


def bare_status(facts: Facts, reader: Reader) -> Iterator[Status]:
    """Yield, for each referral, how far it has come and by which kind of service it was accepted."""
    for track in facts.tracks:
        if track.slug != "referral":
            continue
        state = TRACKS["referral"].state(track.state).label
        yield Status(reader.say(_("Referral")), reader.say(state))
        accepted = track.took("accept")
        if accepted is not None and accepted.role is not Role.SYS:
            yield Status(reader.say(_("Accepted by")), reader.word(accepted.role))
