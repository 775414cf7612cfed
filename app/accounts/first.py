"""The way into a fresh service: an invitation for its first administrator, printed where it was started."""

from sqlalchemy.orm import Session

from app.accounts.invitations import first_invitation, link
from app.accounts.passkeys import Site
from app.safeguards.access import system_actor
from app.safeguards.work import Work
from app.web.door import Runtime


def first_invitation_text(runtime: Runtime, origin: str) -> str:
    """Return what to print: the link of the first administrator, or nothing once there is one."""
    with Session(runtime.engine, expire_on_commit=False) as session:
        work = Work(system_actor(), "administration", session, runtime.clock, runtime.keys).begin()
        token = first_invitation(work)
        work.commit()
    if token is None:
        return ""
    address = link(Site.at(origin), token)
    return f"\n  The first administrator enters here, once, within 72 hours:\n  {address}\n"
