"""Pages of the law: what it says here, for whoever works on a case and asks."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.kit.errors import Unknown
from app.law.paper import SIGHT
from app.law.telling import families, rules_above, told
from app.tracks import TRACKS
from app.web.door import Door
from app.web.page import language_of, render

router = APIRouter()


@router.get("/law", name="law.list")
def list_(request: Request, work: Door) -> Response:  # noqa: ARG001 -- the door knows who knocks
    """Show every track by family, and the rules above them all."""
    language = language_of(request)
    return render(request, "law/list.html", families=families(language), rules=rules_above(language))


@router.get("/law/{slug}", name="law.track")
def track(request: Request, work: Door, slug: str) -> Response:  # noqa: ARG001
    """Show what the law says about one track."""
    if slug not in TRACKS:
        raise Unknown
    return render(request, "law/track.html", page=told(slug, language_of(request)), sight=SIGHT)
