"""The words of a page that no declaration holds: kinds of answers, kinds of consequences, conditions of sight."""

from app.kit.i18n import _
from app.procedure import effects

FAMILIES = {
    "intake": _("How a person comes to us"),
    "core": _("The case, identification and consent"),
    "support": _("Help, shelter and safety"),
    "stay": _("Right to stay, to work and to be protected"),
    "justice": _("Justice and redress"),
    "returns": _("Return"),
    "child": _("Children"),
    "oversight": _("Data protection and oversight"),
}

KINDS = {
    "text": _("a line of text"),
    "area": _("an account in free words"),
    "choice": _("one of a list"),
    "select": _("from a list"),
    "ticks": _("any of a list"),
    "date": _("a day"),
    "partial_date": _("a day, as far as it is known"),
    "number": _("a number"),
    "yes_no": _("yes or no"),
    "money": _("a sum of money"),
    "organisation": _("an organisation of the directory"),
    "user": _("a person of the service"),
    "shelter_place": _("a place, by its opaque code"),
    "track": _("one that is in this case already"),
    "group": _("rows of the same questions"),
    "hidden": _("set by the service"),
}

# What an effect says, with gaps for its arguments. `SetMarks` is the rule's own note and says nothing new.
EFFECTS = {
    effects.OpenTrack: _("“{track}” is opened: {step}"),
    effects.TakeStep: _("in “{track}”, where it stands so: {step}"),
    effects.JoinTeam: _("joins the case: {role} ({relation})"),
    effects.CallIn: _("the competent organisation is called in: {role} ({relation})"),
    effects.LeaveTeam: _("leaves the case: {relation}"),
    effects.Share: _("is lent to the recipient: {categories}"),
    effects.EndShares: _("whatever was lent on this consent ends at once"),
    effects.EndSharesFor: _("whatever was lent for this purpose ends at once: {purpose}"),
    effects.Alert: _("is told: {role}, “{kind}”"),
    effects.SetAgeClass: _("the person counts from now on as: {age_class}"),
    effects.AssignLead: _("the case has its coordinator"),
    effects.HoldPlace: _("the place is held and offered to nobody else"),
    effects.OccupyPlace: _("the place is taken; only the house writes where it is"),
    effects.FreePlace: _("the place is free again"),
    effects.OpenCase: _("the case is opened"),
    effects.EndAllShares: _("whatever was lent in this case ends at once"),
    effects.DestroyKeys: _("the keys are destroyed: what was sealed can never be opened again"),
}

AGES = {"adult": _("an adult"), "child": _("a child"), "uncertain": _("a child, until the age is known")}

CONDITIONS = {  # of a cell of the matrix; a working relation is the rule, and is said once above the table
    "c": _("with consent or a recorded legal ground"),
    "m": _("the minimum only"),
    "t": _("with a reason, for a limited time"),
}

AGREED = _("what was agreed, or what the recorded ground allows")
TEAM = _("the team")
NAMED = _("the organisation concerned")
TIMER = _("the timer")

ONE = {"hours": _("hour"), "days": _("day"), "working_days": _("working day"), "months": _("month")}
