"""Guards that several tracks share: days that cannot be, answers that another answer calls for."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.declaration import Guard, Step
from app.procedure.facts import Facts


def _so(value: bool) -> bool:
    if not value:
        raise PydanticCustomError("confirmed", _("This must be so before you can go on"))
    return value


# A tick that must be set, and is never set beforehand.
Confirmed = Annotated[bool, AfterValidator(_so)]


def not_in_future(name: str) -> Guard:
    """Return a guard against a day that has not come yet."""

    def guard(facts: Facts, form: Any) -> Fault | None:
        day = getattr(form, name, None)
        if day is None or day <= facts.today:
            return None
        return Fault(_("The day cannot be in the future"), name)

    return guard


Wanted = Callable[[Facts, Any], bool]
NEEDED: dict[Guard, tuple[str, Wanted]] = {}  # what each guard that asks for a field asks for, and when


def needed_when(name: str, wanted: Wanted) -> Guard:
    """Return a guard that asks for a field where other answers or the person's age call for it."""

    def guard(facts: Facts, form: Any) -> Fault | None:
        if form is None or not wanted(facts, form) or getattr(form, name) not in (None, "", ()):
            return None
        return Fault(_("Answer this question"), name)

    NEEDED[guard] = name, wanted
    return guard


def needed_now(step: Step, facts: Facts) -> frozenset[str]:
    """Return the fields that rules will ask for here, whatever else is answered."""
    empty = step.form.model_construct()
    wanted = (NEEDED[guard] for guard in step.guards if guard in NEEDED)
    return frozenset(name for name, when in wanted if _surely(when, facts, empty))


def _surely(when: Wanted, facts: Facts, empty: Any) -> bool:
    try:
        return when(facts, empty)
    except AttributeError:  # it hangs on an answer that is still to be given
        return False


def for_a_child(facts: Facts, form: Any) -> bool:  # noqa: ARG001 -- may be asked with any form
    """Say whether the rules for children apply."""
    return facts.is_child
