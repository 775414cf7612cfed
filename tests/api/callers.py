"""Who calls the JSON doors: the people of the demonstration, their like in an organisation elsewhere, nobody."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from schemathesis import Case

from app.accounts import clients
from app.accounts import service as accounts
from app.accounts.forms import AddClient
from app.accounts.sessions import end_cookie, identify, sign_in_as
from app.demo.acting import as_system, find
from app.demo.people import PERSONAS
from app.demo.stories import Teller
from app.demo.telling import tell
from app.safeguards.doors import ACCESS
from app.safeguards.words import Role
from app.web import csrf
from app.web.door import Runtime
from tests.api.foreign import Reader
from tests.api.fuzzing import send
from tests.fixtures.service import Browser

ROLES = {
    role for role in Role if role not in {Role.VIC, Role.SYS}
}  # a person has no account yet; timers never knock


@dataclass(frozen=True)
class Credential:
    """What somebody shows who may not come in."""

    what: str
    cookie: str | None = None
    token: str | None = None  # against forgery, as the page of that session held it
    bearer: str | None = None


@dataclass(frozen=True)
class Country:
    """Who is there when the stories have been told, and what opens no door (any more)."""

    people: dict[str, Reader]
    refused: tuple[Credential, ...]


def told(teller: Teller) -> Country:
    """Tell every story; then let some credentials end, and time pass for others."""
    tell(teller)  # first, so that nobody of elsewhere is called into a story
    with as_system(teller.runtime) as work:
        found = {each.key: find(work.session, each.key) for each in PERSONAS if each.work}
        people = {key: Reader(each.id, each.organisation_id, Role(each.role)) for key, each in found.items()}
        house = accounts.add_organisation(work, "Office Elsewhere", "NGO")
        for role in sorted(ROLES):
            name, mail = f"{role} elsewhere", f"{role}@elsewhere.example"
            people[name] = Reader(accounts.add_user(work, house, role, name=name, email=mail), house, role)
        work.commit()
    refused = tuple(_refused(teller, people["ngo"]))
    teller.wait(minutes=20)  # longer than a session may rest, or a token is good
    return Country(people, refused)


def _refused(teller: Teller, whose: Reader) -> Iterator[Credential]:
    yield Credential("no credentials")
    yield Credential("a forged session", cookie="x" * 43, token="x" * 43)
    yield Credential("a forged token", bearer="x" * 43)
    with as_system(teller.runtime) as work:
        expired, ended = (sign_in_as(work, whose.user_id, "passkey") for _each in range(2))
        tokens = [
            csrf.token(signed.csrf_secret) for each in (expired, ended) if (signed := identify(work, each))
        ]
        end_cookie(work, ended)
        work.commit()
    yield Credential("an expired session", cookie=expired, token=tokens[0])
    yield Credential("an ended session", cookie=ended, token=tokens[1])
    with as_system(teller.runtime) as work:
        doors = ["api.casework.work"]
        asked = AddClient(name="Bridge", organisation_id=whose.organisation_id, role=whose.role, doors=doors)
        client, secret = clients.add_client(work, asked)
        bearer = clients.issue(work, str(client), secret, "a key")
        work.commit()
    yield Credential("an expired token", bearer=bearer)


@dataclass
class Callers:
    """Browsers of all these, each with a session; whoever was signed out signs in again."""

    app: FastAPI
    runtime: Runtime
    country: Country
    browsers: dict[str, Browser] = field(default_factory=dict)

    def admitted(self, door: str) -> list[str]:
        """Return those whom the access list lets in; those of the demonstration first, they have cases."""
        return [name for name, each in self.country.people.items() if ACCESS.entries[door].admits(each.role)]

    def others(self, door: str) -> list[str]:
        """Return those whom the access list keeps out."""
        ins = set(self.admitted(door))
        return [name for name in self.country.people if name not in ins]

    @property
    def roles(self) -> set[Role]:
        """Return the roles that are tried."""
        return {each.role for each in self.country.people.values()}

    def begin_draft(self, path: str) -> None:
        """Let the police begin a draft, which is nobody else's."""
        browser = self.browsers["police"] = self._signed_in(self.country.people["police"].user_id)
        browser.json("POST", path, {"type": "initial"}, status=201)

    def call(
        self, name: str, case: Case, headers: dict[str, str], body: Any = None, *, again: bool = True
    ) -> Any:
        """Send a case as somebody, in whose place nobody has been signed out."""
        if name not in self.browsers:
            self.browsers[name] = self._signed_in(self.country.people[name].user_id)
        answer = send(self.browsers[name], case, headers, body)
        if answer.status_code == 401 and again:
            del self.browsers[name]
            return self.call(name, case, headers, body, again=False)
        return answer

    def uninvited(self, shown: Credential, case: Case) -> Any:
        """Send a case with credentials that are none."""
        if shown.what not in self.browsers:
            self.browsers[shown.what] = Browser(self.app, shown.cookie, shown.token)
        bearing = {"Authorization": f"Bearer {shown.bearer}"} if shown.bearer else {}
        return send(self.browsers[shown.what], case, bearing)

    def _signed_in(self, user_id: UUID) -> Browser:
        with as_system(self.runtime) as work:
            cookie = sign_in_as(work, user_id, "passkey")
            signed = identify(work, cookie)
            work.commit()
        assert signed is not None
        return Browser(self.app, cookie, csrf.token(signed.csrf_secret))
