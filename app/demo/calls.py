"""A call to the helpline: it has no case yet, and nobody knows who called."""

from typing import Any
from uuid import UUID

from app.casework.containers import open_container
from app.demo.acting import as_persona
from app.demo.stories import Teller
from app.tracks import TRACKS


def a_call(teller: Teller) -> UUID:
    """Tell of a customer who called about the girls in a nail bar: taken, looked at, not yet passed on."""
    form: Any = TRACKS["hotline_report"].step("take").form.model_validate({
        "received_at": teller.clock.now().isoformat(), "channel": "call", "caller_role": "customer",
        "anonymous": "yes", "language": "en", "coarse_location": "south", "in_danger_now": "no",
        "child_indicated": "unknown",
        "narrative": "Two young women in a nail bar sleep in the back room. One asked me not to tip her: he takes it.",
    })  # fmt: skip
    with as_persona(teller.runtime, "hotline") as work:
        case_id = open_container(work, "hotline_report", form).case_id
        work.commit()
    teller.act(
        "hotline", case_id, "hotline_report", "triage", indicators=["ilo.wages", "ilo.movement"],
        immediate_danger="no", risk_level="medium", advice_given=["call_again"],
    )  # fmt: skip
    return case_id
