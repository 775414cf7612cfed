"""The tracks of children, return, services and oversight that are not switched on yet: their tests stand them here."""

from app.procedure.declaration import Track
from app.tracks import TRACKS
from app.tracks.child import age_assessment, bia, bid, child_interview, durable_solution
from app.tracks.core import transnational_referral
from app.tracks.intake import hotline_report
from app.tracks.oversight import break_glass, data_breach, data_subject_request
from app.tracks.returns import post_return_monitoring, return_safety_assessment, voluntary_return
from app.tracks.support import assistance_service, missing_person
from tests.procedure.scene import Scene

LATER = (
    hotline_report, transnational_referral, assistance_service, missing_person, voluntary_return,
    return_safety_assessment, post_return_monitoring, age_assessment, bia, bid, durable_solution, child_interview,
    data_subject_request, data_breach, break_glass,
)  # fmt: skip

DECLARED: dict[str, Track] = {module.TRACK.slug: module.TRACK for module in LATER}


class Whole(Scene):
    """A scene in which all of the law stands."""

    law = {**TRACKS, **DECLARED}  # noqa: RUF012 -- read only
