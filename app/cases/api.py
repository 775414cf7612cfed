"""JSON doors of searching."""

from fastapi import APIRouter

from app.cases.forms import Search
from app.cases.search import Found, search
from app.web.door import Door

router = APIRouter(prefix="/api", tags=["cases"])


@router.post("/search", name="api.cases.search")
def find(work: Door, form: Search) -> list[Found]:
    """Return the caller's own cases that fit, the best first; of the person only what the caller may see."""
    return search(work, form)
