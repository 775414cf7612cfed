"""Code lists of shelter placement; no list holds want of cooperation, and none keeps anybody from leaving."""

from app.kit.i18n import _

HOUSES = {
    "women": _("A house for women"),
    "men": _("A house for men"),
    "mixed": _("Either, or a mixed house"),
    "family": _("A flat for a family"),
    "unknown": _("Not sure"),
}

ACCESS = {
    "step_free": _("Without steps"),
    "accessible_bathroom": _("Accessible bathroom"),
    "carer": _("A carer comes along"),
    "sight": _("For somebody who sees little"),
    "hearing": _("For somebody who hears little"),
    "quiet": _("A quiet room of one’s own"),
    "other": _("Something else"),
}

FIT = {
    "all": _("Everything asked for"),
    "most": _("Most of it"),
    "tonight": _("Enough for tonight"),
}

HOUSED_WITH = {
    "alone": _("Alone"),
    "own_family": _("With the own family"),
    "other_children": _("With other children"),
    "adults": _("With adults who are not family"),
}

NO_PLACE = {
    "full": _("All places are taken"),
    "needs_not_met": _("What is needed is not there"),
    "conflict": _("Somebody in the house makes it unsafe"),
    "too_near": _("Too near to the danger"),
    "closed": _("The house is closed now"),
}

TRANSFER = {
    "safety": _("It is not safe here"),
    "found_out": _("Somebody who should not know the place knows it"),
    "health": _("Health"),
    "family": _("To be with the family"),
    "nearer": _("Nearer to school, work or treatment"),
    "conflict": _("Conflict in the house"),
    "wish": _("The person’s wish"),
    "closing": _("The house closes"),
}

EXIT = {
    "own_housing": _("To a home of their own"),
    "family": _("To family or friends"),
    "other_shelter": _("To another shelter"),
    "return_abroad": _("Return to another country"),
    "hospital": _("To a hospital"),
    "victim_wish": _("The person’s wish"),
    "safety": _("For safety, with another place offered"),
    "end_of_need": _("The place is not needed any more"),
}

# Only child protection decides them, for a child, and for a time; there is none for an adult.
MEASURES = {
    "accompanied": _("The child goes out accompanied"),
    "visits": _("Visits are agreed beforehand"),
    "telephone": _("The telephone is used with a carer"),
    "other_house": _("A house whose place only child protection knows"),
}

NEW_OFFER = {
    "accepted": _("Another place was offered and taken"),
    "open": _("Another place was offered; the person is thinking about it"),
    "not_wanted": _("Another place was offered; the person does not want it"),
}
