"""What can go wrong, said so that the reader knows what to do."""

import dataclasses
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.kit.i18n import _


@dataclass(frozen=True)
class Fault:
    """One thing wrong with what was sent: where it is, what it is, and which rule of which law says so."""

    message: str  # a marked text; shown translated
    field: str | None = None  # dotted path of the field, such as "situations.0.began"
    rule: str | None = None  # such as "INV-17"
    source: str | None = None  # such as "CETS 197 art. 12(7)"
    values: dict[str, Any] = dataclasses.field(default_factory=dict)  # filled into the message
    # The rule behind `rule` that the reader may not know of; for the ledger alone, so no text shows it.
    withheld: str | None = dataclasses.field(default=None, repr=False)


class Problem(Exception):
    """An answer other than the one hoped for; the door turns it into a page or problem details."""

    status = 500
    title = _("Something went wrong")
    kind = "internal"
    keeps = False  # whether what was written before the refusal stays, such as a used-up challenge
    goes_on: bool | None = None  # what was sent: let go (None), comes back to be read, or goes on by itself

    def __init__(
        self,
        *faults: Fault,
        detail: str | None = None,
        unsaid: tuple[str, ...] = (),
        behind: UUID | None = None,
    ) -> None:
        """Gather the faults; `detail` is a marked text that says what to do.

        `unsaid` names the rules, and `behind` the case, that stand on the ledger and in no answer.
        """
        super().__init__(detail or (faults[0].message if faults else self.title))
        self.faults = faults
        self.detail = detail
        self.unsaid = unsaid
        self.behind = behind

    @property
    def named(self) -> dict[str, Any]:
        """Return the rules as the ledger keeps them; those that the reader may not know of stand apart."""
        rules = {*self.unsaid, *(each.rule for each in self.faults if each.rule)}
        withheld = {each.withheld for each in self.faults if each.withheld}
        return {"rules": sorted(rules)} | ({"withheld": sorted(withheld)} if withheld else {})


class Unknown(Problem):
    """404: nothing here, or nothing that the asker may know of; the two are never told apart."""

    status, title, kind = 404, _("Page not found"), "not-found"


class NotAllowed(Problem):
    """403: a member of the case asked for what the role does not give."""

    status, title, kind = 403, _("You may not do this"), "not-allowed"


class SignInNeeded(Problem):
    """401: no session, or one that has ended."""

    status, title, kind = 401, _("Sign in to go on"), "sign-in-needed"
    goes_on = False  # what was sent comes back to be read first


class FreshSignInNeeded(SignInNeeded):
    """401: this needs a sign-in of the last five minutes."""

    title = _("Sign in again to do this")
    goes_on = True  # whoever signs in again meant it a moment ago

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            detail=_("You signed in more than five minutes ago. Sign in again, then do this once more.")
        )


class Invalid(Problem):
    """422: what was sent does not fit the form; nothing was stored."""

    status, title, kind = 422, _("There is a problem"), "invalid"


class Refused(Problem):
    """409: a rule of the procedure stands against the act; the faults name each rule and its source."""

    status, title, kind = 409, _("This cannot be done now"), "refused"


class Stale(Problem):
    """409: somebody else changed the record in the meantime; both versions are shown."""

    status, title, kind = 409, _("Somebody else changed this in the meantime"), "stale"

    def __init__(self, *, sent: dict[str, Any], held: dict[str, Any], detail: str | None = None) -> None:
        """Keep what was sent and what is held now."""
        super().__init__(detail=detail)
        self.sent = sent
        self.held = held


class TooMuch(Problem):
    """413: larger than the service takes."""

    status, title, kind = 413, _("That is too large to send"), "too-large"


class TooMany(Problem):
    """429: asked too often; wait and try again."""

    status, title, kind = 429, _("Too many attempts"), "too-many"


class TooFast(TooMany):
    """429: a person acts faster than people can; what was typed is kept."""

    goes_on = False


class OutOfReach(Problem):
    """503: the ledger, the keys or the database cannot be reached; nothing was lost and nothing shown."""

    status, title, kind = 503, _("The service is not available"), "unavailable"
