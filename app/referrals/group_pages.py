"""Pages for people who were found together: what they have in common, each of them, sending all at once."""

from collections.abc import Iterable
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.kit.errors import Fault, Invalid, Stale
from app.referrals import drawn, groups, journey
from app.referrals.groups import Group
from app.web.door import Door, Typed
from app.web.page import render
from app.web.repeats import see_other

router = APIRouter()


def drawn_group(request: Request, group: Group, faults: Iterable[Fault] = (), status: int = 200) -> Response:
    """Show how far a group is, and where to go on."""
    return render(
        request, "referrals/group.html", status, group=group, draft=group.common, faults=list(faults),
        chapters=list(journey.chapters(group.common)),
    )  # fmt: skip


@router.post("/referrals/{track_id}/people", name="referrals.add_person")
def add_person(request: Request, work: Door, form: Typed, track_id: UUID) -> Response:  # noqa: ARG001
    """Begin the few lines about one more person."""
    return see_other(request, f"/referrals/{groups.add_person(work, track_id)}/pages/in-brief")


@router.post("/referrals/{track_id}/people/send", name="referrals.send_group")
def send_group(request: Request, work: Door, form: Typed, track_id: UUID) -> Response:
    """Send everybody, each as a referral of their own."""
    version = drawn.version_of(form)
    try:
        groups.send_group(work, track_id, version)
    except Invalid as problem:
        return drawn_group(request, groups.group_of(work, track_id), problem.faults, 422)
    except Stale as problem:
        told = [Fault(problem.detail or problem.title)]
        return drawn_group(request, groups.group_of(work, track_id), told, 409)
    return see_other(request, f"/referrals/{track_id}/people")


@router.get("/referrals/{track_id}/people", name="referrals.sent_people")
def sent_people(request: Request, work: Door, track_id: UUID) -> Response:
    """Confirm what was sent: a reference for each person, and nothing else of them."""
    return render(request, "referrals/sent_people.html", sent=groups.sent_people(work, track_id))
