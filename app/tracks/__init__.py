"""The law, one file per track; here they are gathered."""

from app.procedure.declaration import Track
from app.tracks.child import guardian
from app.tracks.core import case, consent, identification
from app.tracks.intake import referral
from app.tracks.stay import reflection_period
from app.tracks.support import needs_risk, shelter_placement

MODULES = (
    referral, case, consent, identification, needs_risk, shelter_placement, reflection_period, guardian,
)  # fmt: skip

TRACKS: dict[str, Track] = {module.TRACK.slug: module.TRACK for module in MODULES}
