"""Disclosed on one person's word: nobody waited, and a second person looks at it afterwards."""

from collections.abc import Iterator

from app.kit.i18n import _
from app.procedure.effects import Alert, Effect
from app.procedure.facts import Facts
from app.safeguards.words import Role

WITHOUT_CONSENT = _("Information was shared without consent, on a legal ground: look at why")
TO_AN_AUTHORITY = _("Information went to an authority on the word of one person: look at why")


def look_at_it(facts: Facts, kind: str = WITHOUT_CONSENT) -> Iterator[Effect]:
    """Tell the supervisors of whoever disclosed, and the auditors."""
    yield Alert(kind, role=Role.SUP, organisation_id=facts.actor.organisation_id)
    yield Alert(kind, role=Role.AUD)
