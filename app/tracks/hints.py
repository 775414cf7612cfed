"""What helps to answer a question that several tracks ask."""

from app.kit.i18n import _

COMMENT = _("What whoever reads the decision later should know. It may stay empty.")
COURT = _("Its name and town.")
CASE_NUMBER = _("As the court or the lawyer writes it.")
DECISION = _("The number and the date that stand on it.")
DOCUMENT_NUMBER = _("As it is printed, with every letter and digit.")
GIVEN_REASONS = _("As the court or office gave them.")
MISSING = _("Point by point: what to find out, or to write again.")
NO_STREET = _("Town or district; no street and no house.")
OWN_REASONS = _("What you weighed yourself; the proposal is not repeated here.")
OWN_WORDS = _("In the person’s own words, not in yours.")
PARTY_NAME = _("As in a register or a contract. Never the name of a worker or of another victim.")
REASONS = _("The facts of this person, not of a group or a nationality.")
RECORDING = _("The number under which it is kept; never what was said.")
REGISTRY = _("Of a company, as in the trade register. Leave empty for a person.")
REMEDY = _("Where, by when, with whose help, and that it costs nothing.")
RESTS_ON = _("Papers, reports, what was seen or said, each with its date.")
CHILDS_WORDS = _("In the child’s own words.")
SHOWS = _("Only what it shows by itself, not what somebody concludes from it.")
WHOM_CHOSEN = _("Whom the person chose. Leave empty if nobody is wanted.")
