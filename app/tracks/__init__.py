"""The law, one file per track; here they are gathered."""

from app.procedure.declaration import Track
from app.tracks.core import case, consent

MODULES = (case, consent)

TRACKS: dict[str, Track] = {module.TRACK.slug: module.TRACK for module in MODULES}
