"""Ada on the team of a case, Eve who never was, and whoever writes past the service."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from sqlalchemy import select, text

from app.accounts import invitations, passkeys
from app.accounts.forms import AcceptInvitation
from app.accounts.models import UserAccount
from app.accounts.sessions import identify, open_session
from app.cases.models import Case
from app.cases.queries import my_cases, team_of
from app.safeguards import access
from app.safeguards.models import LedgerEvent
from app.safeguards.words import Category, Relation, Role
from app.safeguards.work import Work

EVE = "(SELECT id FROM user_account WHERE email = 'eve@orme.example')"
ADA = "(SELECT id FROM user_account WHERE email = 'ada@orme.example')"


@dataclass
class Scene:
    """Ada on the team of a case, Eve who never was, both signed in; and whoever writes past the service."""

    work: Any
    case_id: Any
    cookies: dict[str, str]
    device: Any
    site: Any

    def write(self, statement: str) -> None:
        """Write as the owner of the tables does: no policy holds, and the service is not asked."""
        assert self.work.session.execute(text(statement)).rowcount > 0
        self.work.session.expire_all()
        self.work._standings.clear()

    def whose(self, name: str) -> Any:
        return identify(self.work, self.cookies[name])

    def acting(self, name: str) -> Any:
        actor = self.whose(name).actor
        return replace(self.work, actor=actor, purpose="assistance", _standings={}).begin()

    def standing(self, name: str) -> Any:
        return self.acting(name).standing(self.case_id)

    def signs_in(self) -> Any:
        answer = self.device.sign(passkeys.sign_in_options(self.work, self.site))
        user = passkeys.verified_user(self.work, self.site, answer)
        return open_session(self.work, user, "passkey", self.work.clock.now())

    def alarms(self) -> list[str]:
        self.work.commit()
        bodies = self.work.session.scalars(
            select(LedgerEvent.body).where(LedgerEvent.act == "alarm").order_by(LedgerEvent.id)
        )
        return [body for body in bodies if '"by":"stamp"' in body]


def nobody(scene: Scene, name: str = "eve") -> bool:
    return scene.whose(name) is None


def a_stranger(scene: Scene, name: str = "eve") -> bool:
    work = scene.acting(name)
    team = [each.user_id for each in team_of(work, scene.case_id)]
    return not scene.standing(name).relations and not my_cases(work) and work.actor.user_id not in team


def made(  # noqa: PLR0917 -- what it is made of
    public: Work, system: Work, user: UserAccount, administrator: Work, site: passkeys.Site, device: Any
) -> Scene:
    """Return the scene: `user` is Ada."""
    token = invitations.invite(administrator, invitations.Invite(
        name="Eve Orme", email="eve@orme.example", organisation_id=user.organisation_id, role=Role.NGO.value,
    ))  # fmt: skip
    answer = device.make(invitations.accepting_options(public, site, token))
    eve = invitations.accept(public, site, AcceptInvitation(token=token, credential=answer))
    case = Case(
        id=uuid4(), reference="2026-0001", profile_code="fr", profile_version=1, created_at=system.clock.now(),
        created_by=user.id,
    )  # fmt: skip
    system.session.add(case)
    system.session.flush()
    access.grant(
        system, case.id, Relation.LEAD, role=Role.NGO, organisation_id=user.organisation_id, user_id=user.id
    )
    access.share(
        system, case.id, organisation_id=user.organisation_id, categories=[Category.HEA], purpose="assistance",
        basis="consent", track_id=uuid4(), until=None,
    )  # fmt: skip
    ada = open_session(public, user, "passkey", public.clock.now())
    return Scene(public, case.id, {"ada": ada, "eve": eve}, device, site)
