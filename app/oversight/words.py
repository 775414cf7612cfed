"""What the ledger's codes are called on pages."""

from collections.abc import Collection, Iterable
from functools import cache

from app.casework.forms import PersonRecord
from app.kit.i18n import _, translate
from app.safeguards.fields import questions
from app.safeguards.words import Act
from app.shelters.forms import Whereabouts
from app.tracks import TRACKS

ACTS = {
    Act.COLLECT: _("recorded"),
    Act.ALTER: _("changed"),
    Act.CONSULT: _("read"),
    Act.DISCLOSE: _("shared"),
    Act.COMBINE: _("combined"),
    Act.ERASE: _("erased"),
    Act.SEARCH: _("searched"),
    Act.EXPORT: _("downloaded"),
    Act.SIGN_IN: _("signed in"),
    Act.SIGN_OUT: _("signed out"),
    Act.REFUSE: _("was refused"),
    Act.GRANT: _("gave access"),
    Act.REVOKE: _("ended access"),
    Act.KEY: _("used keys"),
    Act.STEP: _("took a step"),
    Act.CALL: _("called"),
    Act.ALARM: _("set off an alarm"),
    Act.WRITE: _("wrote records"),
}
PURPOSES = {
    "demonstration": _("demonstration"),
    "sign-in": _("signing in"),
    "administration": _("administration"),
    "assistance": _("work on the case"),
    "referral": _("referral"),
    "oversight": _("oversight"),
    "emergency": _("an emergency"),
    "deadlines": _("deadlines"),
    "integrity": _("comparing what is kept with what was written"),
    "messages": _("messages sent out"),
    "keys": _("keeping of keys"),
    "own text": _("own text"),
    "search": _("looking for a person"),
    "own work": _("own list of work"),
    "own account": _("own account"),
    "shelter": _("shelter places"),
    "law": _("the law"),
    "conflict of interest": _("a conflict of interest"),
}
# What was read, changed or refused where it was no case; of invented cases nothing is said here.
REGISTERS = {
    "ledger": _("the ledger"),
    "shelter": _("the address of a house"),
    "reasons": _("the reasons that were stated"),
    "merge: propose": _("proposed that two cases are of one person"),
    "merge: confirm": _("confirmed that two cases are of one person"),
    "merge: decline": _("found that two cases are not of one person"),
    "merge: undo": _("undid that two cases are of one person"),
    "merge: seal": _("sealed that two cases are of one person"),
    "certificates of erasure": _("certificates of erasure"),
    "quotas": _("who opened as much as may be"),
    "unexplained accesses": _("accesses that nothing explains"),
    "emergency reviews": _("reviews of emergencies"),
    "known": _("whether a person is known"),
    "openings": _("too many cases in this time"),
    "exports": _("too many exports in this time"),
    "emergencies": _("too many emergencies in this time"),
    "search": _("too many searches in this time"),
}


def step_name(code: str, language: str) -> str:
    """Return what a step is called (`guardian: appoint`); the code itself where it is declared no more."""
    slug, _sign, name = code.partition(": ")
    steps = TRACKS[slug].steps if slug in TRACKS else ()
    label = next((each.label for each in steps if each.name == name), None)
    return f"{translate(TRACKS[slug].label, language)} · {translate(label, language)}" if label else code


def field_names(names: Iterable[str], categories: Collection[str], language: str) -> list[str]:
    """Return what is asked in fields of those names, each text once; the name itself where none is declared."""
    asked, said = _asked(), []
    for name in names:
        fitting = [label for category, label in asked.get(name, ()) if category in categories]
        said += [translate(label, language) for label in fitting[:1]] or [name]
    return list(dict.fromkeys(said))


@cache
def _asked() -> dict[str, list[tuple[str, str]]]:
    """Return for each name of a field its categories and marked labels, as the forms declare them."""
    found: dict[str, list[tuple[str, str]]] = {}
    steps = (step.form for track in TRACKS.values() for step in track.steps)
    for form in dict.fromkeys((PersonRecord, Whereabouts, *steps)):
        for name, about in questions(form).items():
            found.setdefault(name, []).append((about.category.value, about.label))
    return found
