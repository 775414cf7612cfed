"""Which form a sealed record was filled in with, and which of its fields belong to the minimised subset."""

from app.casework.forms import PersonRecord
from app.procedure.declaration import Step, Track
from app.safeguards.fields import questions
from app.safeguards.opening import classify
from app.safeguards.traits import findable
from app.tracks import TRACKS
from app.tracks.intake.referral_consent import AnonymousNotification
from app.tracks.intake.referral_form import SubmitReferral

PERSON, DRAFT = "person", "draft"
# Steps that are taken through rooms of their own, where a draft is kept, carried over or erased.
JOURNEYS = frozenset(("referral", step) for step in ("create", "submit", "notify", "discard")) | {
    ("break_glass", "request"),  # asked for with the reference of a case, by whoever may be a stranger to it
    ("hotline_report", "take"),  # a call is about nobody’s case yet: it stands on a container of its own
}


def record_type(declared: Track, step: Step) -> str:
    """Return the name under which the sealed fields of a step are kept."""
    return f"step:{declared.slug}:{step.name}"


for _track in TRACKS.values():
    for _step in _track.steps:
        classify(record_type(_track, _step), _step.form)
        found_by = {about.found_by for about in questions(_step.form).values()}
        if "number" in found_by and "name" not in found_by:  # papers; names are found by her record
            findable(record_type(_track, _step), _step.form)
findable(PERSON, PersonRecord)
classify(PERSON, PersonRecord)
classify(DRAFT, SubmitReferral, AnonymousNotification)
