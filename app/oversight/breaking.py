"""Breaking the glass: a stranger to a case is let in for hours, to what was named, and never unwatched."""

from uuid import UUID

from sqlalchemy import func, select

from app.casework import service as engine
from app.kit.errors import Refused, Unknown
from app.kit.i18n import _
from app.kit.ids import new_id
from app.oversight.forms import BreakGlass
from app.procedure.refusal import refuse
from app.safeguards import access
from app.safeguards.matrix import CONFLICT
from app.safeguards.rationing import is_spent, ration, refuse_more
from app.safeguards.work import Work

SOURCE = "Directive (EU) 2016/680 art. 25"


def refuse_suspended(work: Work) -> None:
    """Raise Refused where the actor’s earlier access, to whatever case, was misused or not reviewed in time (INV-20).

    A right that was misused rests until the breach that followed from it is dealt with.
    """
    if work.session.scalar(select(func.nrm.emergency_suspended())):
        raise Refused(
            refuse(
                _(
                    "Your last emergency access was misused or not reviewed in time: "
                    "the right is suspended until that is dealt with"
                ),
                rule="emergency.review_working_days", source=SOURCE,
                unblock=_("Both reviews, and the end of the breach if there was one"),
            )
        )  # fmt: skip


def break_glass(work: Work, asked: BreakGlass) -> UUID:
    """Let the actor into the case that the reference names; return it.

    Raises Refused for a right that rests, which says nothing of any case; whatever else is wrong is Unknown, so that
    nobody learns by this door which references there are. The ledger keeps why.
    """
    refuse_suspended(work)
    if is_spent(
        work, "emergencies"
    ):  # before the reference is looked at, so that the answer says nothing of it
        refuse_more(work, "emergencies")
    case_id = work.session.scalar(select(func.nrm.emergency_case(asked.as_kept())))
    held = work.standing(case_id or new_id())  # asked in any case, so that every no costs the same
    if case_id is None:
        raise Unknown(unsaid=("emergency: no open case of that reference",))
    if held.barred:
        raise Unknown(unsaid=(f"emergency: {CONFLICT}",), behind=case_id)
    ration(work, "emergencies")
    access.knock(work, case_id)
    engine.open_track(work, case_id, "break_glass", "request", asked.as_step())
    return UUID(str(case_id))
