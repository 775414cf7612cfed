"""The list of whoever is asked: referrals that wait for an answer, with the least needed to decide."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.casework.answers import answers
from app.referrals import drawn, queries
from app.tracks.intake.referral_form import SubmitReferral
from app.web.door import Door
from app.web.page import render

router = APIRouter()


@router.get("/referrals/inbox", name="referrals.inbox")
def inbox(request: Request, work: Door) -> Response:
    """List the referrals that wait for my organisation's answer."""
    who = drawn.reader(request, work)
    waiting = [(each, answers(SubmitReferral, each.minimum, who)) for each in queries.inbox(work)]
    return render(request, "referrals/inbox.html", waiting=waiting)
