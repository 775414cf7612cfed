"""Two people: a consent that hands the file beyond help is asked for by one person and recorded by another.

Help stays in one hand, so that it waits for nobody at night.
"""

from typing import Any
from uuid import UUID

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.facts import Facts
from app.procedure.refusal import NOT_MINE, refuse
from app.safeguards.words import Role

BEYOND_HELP = frozenset(
    {
        "share_police", "share_immigration", "share_consular", "transnational_referral", "return",
        "tracing_family", "media",
    }
)  # fmt: skip
SOURCE = "Regulation (EU) 2016/679 art. 7(1) and 32; CETS 197 art. 11"


def goes_beyond_help(facts: Facts) -> bool:
    """Say whether this consent is for such a purpose, or names police, immigration or a consulate under another."""
    marks = facts.this.marks if facts.this else {}
    named = {UUID(str(each)) for each in marks.get("recipients", ())}
    return marks.get("purpose") in BEYOND_HELP or bool(named & facts.authorities)


def recorded_by_another(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- decided before anything is typed
    """Refuse the answer from the hand that asked, where the file leaves those who help."""
    asked = facts.this.took("ask", "ask_again") if facts.this else None
    if asked is None or asked.actor_id != facts.actor.user_id or not goes_beyond_help(facts):
        return None
    return refuse(
        _("You asked for this consent, and it lets others know of the person than those who help: "
          "another person records the answer"),
        rule="consent.two_people", source=SOURCE,
        unblock=_("Somebody else who works on this case, such as the shelter, the lawyer or the guardian, who hears "
                  "it from the person; or a supervisor of your organisation, who opens the case with a reason"),
    )  # fmt: skip


def supervisor_only_as_the_second(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- as above
    """Give a supervisor no part in consent to help: they are the second person where nobody else is there."""
    if facts.actor.role is not Role.SUP or goes_beyond_help(facts):
        return None
    return refuse(
        _("Consent to help is recorded by those who help"), rule=NOT_MINE, source=SOURCE,
        unblock=_("Somebody who works on this case"),
    )  # fmt: skip
