"""The law, one file per track; here they are gathered."""

from app.procedure.declaration import Track
from app.tracks.child import guardian
from app.tracks.core import case, consent, identification
from app.tracks.stay import reflection_period

MODULES = (case, consent, identification, reflection_period, guardian)

TRACKS: dict[str, Track] = {module.TRACK.slug: module.TRACK for module in MODULES}
