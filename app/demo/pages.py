"""The demonstration's sign-in page: enter as a persona with one click; it exists only in a demonstration."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.sessions import end_cookie, set_cookie, sign_in_as
from app.demo.acting import find
from app.demo.people import PERSONAS
from app.kit.errors import Unknown
from app.web.door import COOKIE, Door, Typed
from app.web.page import render
from app.web.repeats import local, see_other

router = APIRouter()


@router.get("/demonstration", name="demo.personas")
def personas(request: Request, work: Door) -> Response:
    """Show who one can be."""
    shown = [persona for persona in PERSONAS if persona.work]
    going = local(request.query_params.get("next", "/"))
    return render(request, "demo/personas.html", personas=shown, purpose=work.purpose, next=going)


@router.post("/demonstration", name="demo.enter")
def enter(request: Request, work: Door, form: Typed) -> Response:
    """Sign in as that persona."""
    persona = str(form.get("persona"))
    if not any(each.key == persona and each.work for each in PERSONAS):
        raise Unknown
    end_cookie(work, request.cookies.get(COOKIE))
    user_id, before = find(work.session, persona).id, request.state.signed_in
    cookie = sign_in_as(work, user_id, "demonstration")
    is_back = before is not None and before.user_id == user_id  # somebody else has no business on that page
    answer = see_other(request, local(str(form.get("next", "/"))) if is_back else "/")
    set_cookie(answer, cookie)
    return answer
