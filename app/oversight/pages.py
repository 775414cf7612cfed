"""Pages of supervisors and auditors: who looked at what, when and why; the ledger's health and its download."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.kit.i18n import _
from app.oversight import queries, service
from app.oversight.words import ACTS, PURPOSES, REGISTERS, field_names, step_name
from app.safeguards.doors import ACCESS
from app.safeguards.matrix import MATRIX
from app.safeguards.words import Act, Category, Role
from app.web.door import Door
from app.web.page import language_of, render

router = APIRouter()
FURTHER = (
    ("/oversight/quotas", _("Quotas"), "oversight.quotas"),
    ("/oversight/invented", _("Invented cases"), "oversight.invented"),
)


@router.get("/oversight", name="oversight.looks")
def looks(  # noqa: PLR0913, PLR0917 -- a door's parameters are the query's names
    request: Request,
    work: Door,
    case: Annotated[UUID | None, Query()] = None,
    actor: Annotated[UUID | None, Query()] = None,
    act: Annotated[Act | None, Query()] = None,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> Response:
    """Show a page of the ledger, as far as it is this reader's."""
    asked = queries.Asked(case, actor, act, before)
    found = queries.lines(work, asked)
    language = language_of(request)
    return render(
        request, "oversight/looks.html", lines=found, acts=ACTS, registers=REGISTERS, purposes=PURPOSES,
        act=act, case=case,
        further=[(path, label) for path, label, door in FURTHER if ACCESS.entries[door].admits(work.actor.role)],
        is_auditor=work.actor.role is not Role.SUP, health=queries.health(work),
        role_name=lambda code: MATRIX.name(Role(code), language) if code != Role.SYS else "",
        category_name=lambda code: MATRIX.name(Category(code), language),
        field_names=lambda names, codes: field_names(names, codes, language),
        step_name=lambda code: step_name(code, language),
        more=queries.next_page(asked, found),
    )  # fmt: skip


@router.post("/oversight/erasures", name="oversight.erasures")
def erasures(work: Door) -> Response:
    """Give the signed certificates of all erasures as a file."""
    return Response(
        "\n".join(service.export_erasures(work)),
        media_type="text/plain",
        headers={"Content-Disposition": 'attachment; filename="erasures.txt"'},
    )


@router.post("/oversight/ledger", name="oversight.export")
def export(request: Request, work: Door) -> Response:
    """Give the whole sealed ledger as a file."""
    body = "".join(service.export_ledger(work, request.app.state.settings))
    return Response(
        body,
        media_type="application/jsonl",
        headers={"Content-Disposition": 'attachment; filename="ledger.jsonl"'},
    )
