"""What is asked about proceedings: that advice was offered, what the person chose, and never why not."""

from datetime import date

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice, group, line, ticks
from app.tracks.codes import LANGUAGES, SEX
from app.tracks.heard import childs_own_view, guardian_was_heard
from app.tracks.rules import Confirmed

LEG, CRI = Category.LEG, Category.CRI

ADVICE = {
    "taken": _("Advice was taken"),
    "declined": _("Advice was offered, and not wanted"),
}
SCOPES = {
    "account": _("To give an account"),
    "statement": _("To make a statement"),
    "evidence": _("To hand over things that prove it"),
    "hearing": _("To speak at a hearing"),
    "civil_party": _("To take part as the injured party"),
}
CAPACITIES = {
    "victim": _("As a victim"),
    "witness": _("As a witness"),
    "suspect": _("As a suspect"),
    "accused": _("As an accused"),
}
MEASURES = {
    "video_link": _("By video link"),
    "screen": _("Behind a screen"),
    "closed_court": _("Without the public"),
    "earlier_recording": _("By playing an earlier recording"),
    "own_room": _("A waiting room of their own"),
    "support_person": _("Somebody to stand by the person"),
    "one_interviewer": _("The same interviewer each time"),
    "no_private_questions": _("No questions about private life"),
}
OUTCOMES = {
    "convicted": _("A conviction"),
    "acquitted": _("An acquittal"),
    "discontinued": _("Discontinued"),
    "other": _("Another end"),
}


class Advise(Answers):
    """That a lawyer's advice was offered before any decision, and what the person said to it."""

    provider: str = line(
        LEG, _("Who gave or offered the advice?"), default=..., min_length=1, help=_("A lawyer or a service.")
    )
    offered_on: date = asked(LEG, _("When?"), widget="date", clear=_("advice comes before the decision"))
    legal_advice: str = choice(LEG, _("Was legal advice given?"), ADVICE, default=...)
    language: str = choice(LEG, _("In which language?"), LANGUAGES, default=...)
    interpreter: str | None = line(LEG, _("Interpreter"), help=_("Leave empty if there was none."))
    protection_explained: Confirmed = asked(LEG, _("Ways of being protected were explained"), widget="yes_no")
    free_choice_explained: Confirmed = asked(
        LEG, _("The person knows that help does not depend on the answer"), widget="yes_no"
    )


class ChooseYes(Answers):
    """In what the person will take part; it can be taken back at any time."""

    scope: tuple[str, ...] = ticks(
        LEG, _("In what will the person take part?"), SCOPES, default=..., min_length=1
    )
    guardian_heard: bool | None = guardian_was_heard()
    childs_view: str | None = childs_own_view()


class Statement(Answers):
    """An interview, as few as can be: who asked, who stood by, and where the record is."""

    held_on: date = asked(CRI, _("When?"), widget="date", clear=_("clocks and statistics"))
    capacity: str = choice(
        CRI, _("In what capacity was the person heard?"), CAPACITIES, default=...,
        clear=_("nobody is punished for what they were made to do"),
    )  # fmt: skip
    interviewers: str = line(
        CRI, _("Who asked?"), default=..., min_length=1, help=_("Names or service numbers, and their unit.")
    )
    interviewer_sex: str | None = choice(
        CRI, _("Sex of the interviewer"), SEX, help=_("As the person wished.")
    )
    interpreter: str | None = line(CRI, _("Interpreter"), help=_("Leave empty if there was none."))
    support_person: str | None = line(
        CRI, _("Who stood by the person?"), help=_("Leave empty if the person wanted nobody.")
    )
    recording: str = line(
        CRI, _("Reference of the recording or minutes"), default=..., min_length=1, help=hints.RECORDING
    )
    guardian_heard: bool | None = guardian_was_heard()


class Hearing(Answers):
    """One hearing."""

    on: date = asked(CRI, _("When?"), widget="date")
    court: str | None = line(CRI, _("Court"), help=hints.COURT)
    measures: tuple[str, ...] = ticks(CRI, _("How is the person protected there?"), MEASURES)
    support_person: str | None = line(CRI, _("Who stands by the person?"), help=hints.WHOM_CHOSEN)


class Indictment(Answers):
    """Where the trial is, when, and how the person is protected in it."""

    court: str = line(CRI, _("Court"), default=..., min_length=1, help=hints.COURT)
    first_hearing_on: date = asked(
        CRI, _("First hearing"), widget="date", clear=_("protection is looked at before it")
    )
    hearings: tuple[Hearing, ...] = group(
        CRI, _("Further hearings"), help=_("One row for each day in court.")
    )
    special_measures: tuple[str, ...] = ticks(
        CRI, _("How is the person protected there?"), MEASURES, default=..., min_length=1
    )


class FixHearing(Answers):
    """Another hearing was fixed."""

    hearing_on: date = asked(CRI, _("When?"), widget="date", clear=_("protection is looked at before it"))
    special_measures: tuple[str, ...] = ticks(
        CRI, _("How is the person protected there?"), MEASURES, default=..., min_length=1
    )
    support_person: str | None = line(CRI, _("Who stands by the person?"), help=hints.WHOM_CHOSEN)


class SuspectReleased(Answers):
    """A suspect is free, or will be; no name is asked."""

    released_on: date = asked(CRI, _("When?"), widget="date", clear=_("protection is looked at"))


class EndProceedings(Answers):
    """How the proceedings ended, and whether compensation was ordered."""

    outcome: str = choice(CRI, _("How did they end?"), OUTCOMES, default=..., clear=_("statistics"))
    compensation_ordered: bool = asked(
        CRI, _("Was compensation ordered?"), widget="yes_no", clear=_("the claim follows from it")
    )
    order: str | None = account(
        CRI, _("What was ordered?"), max_length=2000,
        help=_("For instance: damages, a ban on contact, confiscation."),
    )  # fmt: skip
