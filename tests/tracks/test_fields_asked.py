"""How the law asks: whole in both languages, bounded, and never free words where the thing has a structure."""

import re
from collections.abc import Iterator

import pytest

from app.kit.i18n import catalogue
from app.procedure.soundness import forms_in
from app.safeguards.fields import Asked, Form, questions
from app.safeguards.words import Category
from app.tracks import TRACKS
from app.tracks.intake.indicators import SHORT_LIST

FREE, CODED = {"text", "area"}, {"choice", "select", "ticks", "group", "hidden"}


def asked_in(form: type[Form]) -> Iterator[tuple[str, str, Asked, type[Form]]]:
    for name, about in questions(form).items():
        yield form.__name__, name, about, form
        for inner in forms_in(form.model_fields[name].annotation):
            yield from asked_in(inner)


FIELDS = {
    (form, name): (about, where)
    for track in TRACKS.values()
    for step in track.steps
    for form, name, about, where in asked_in(step.form)
}

# What has a list is asked from the list, wherever it is asked.
STRUCTURED = re.compile(
    r"(^|_)(indicators|vulnerab\w*|means|means_used|methods?|control|forms|types?_of_exploitation|sector|industry|language"
    r"|languages|nationalit\w*|country|countries|gender|sex|marital_status|education)$"
)
# A free word whose question speaks of something with a structure, each with the reason why it is free all the same.
SPEAKS_OF = re.compile(
    r"languag|nationalit|countr|\bgender|\bsex\b|marital|sector|industry|currenc|indicator|vulnerab|\bmeans\b|interpreter"
    r"|telephone|e-?mail|authority|organisation|region|\btown\b|school|\bdays?\b",
    re.IGNORECASE,
)
ARGUED = {
    "interpreter": "a reference or a name; the language has a field of its own",
    "interpreter_wish": "a wish in the person's words",
    "currency": "checked to be a currency of three letters",
    "authority": "an authority that may stand in no directory, such as a foreign one",
    "before": "a court or authority that may stand in no directory",
    "monitor": "an organisation abroad stands in no directory",
    "receiving_organisation": "an organisation abroad stands in no directory",
    "immigration_reference": "a reference",
    "reference": "a reference",
    "organisation": "of a professional who does not use the service",
    "contact": "of somebody who does not use the service",
    "child_services_phone": "of an office; checked as a telephone number where it is dialled",
    "child_services_email": "of an office",
    "responder_phone": "the sender's own, as typed",
    "responder_email": "the sender's own, as typed",
    "letter_email": "of the trusted person",
    "letter_language": "a language and what is needed to read it, such as large print",
    "hours": "hours in the person's words; those of a message are asked and checked when it is confirmed",
    "current_town": "towns have no list in every country",
    "town": "towns have no list in every country",
    "place": "towns have no list in every country",
    "education_details": "beside the list of levels",
    "education": "what a child's school is like, in an assessment in words",
    "identity": "who the child is, in an assessment in words",
    "option_resettlement": "what speaks for and against it",
    "indicators_details": "beside the list of signs",
    "handed_over": "to whom work went, and by when",
    "interpreter_details": "a reference; the language has a field of its own",
    "reason_details": "what is asked of the other organisation, in words",
}


def test_what_has_a_list_is_asked_from_it() -> None:
    free = [
        key for key, (about, _form) in FIELDS.items() if STRUCTURED.search(key[1]) and about.widget in FREE
    ]
    assert {name for _form, name in free} == {"education", "letter_language"}, (
        "only those that are argued below"
    )
    assert sum(bool(STRUCTURED.search(name)) for _form, name in FIELDS) > 40


def test_every_free_word_beside_a_structure_is_argued() -> None:
    free = {
        name: form
        for (form, name), (about, _form) in FIELDS.items()
        if about.widget in FREE and SPEAKS_OF.search(f"{name.replace('_', ' ')} {about.label}")
    }
    assert not {name: form for name, form in free.items() if name not in ARGUED}


@pytest.mark.parametrize("form", sorted({form for form, _name in FIELDS}))
def test_every_field_is_whole_in_both_languages(form: str) -> None:
    french = catalogue("fr")
    for (of, name), (about, _where) in FIELDS.items():
        if of != form:
            continue
        assert isinstance(about.category, Category), name
        assert french.get(about.label), f"{name}: no French label"
        assert french.get(about.guide), f"{name}: no French help"
        assert (about.widget in CODED - {"group", "hidden"}) == bool(about.choices), (
            f"{name}: codes and widget differ"
        )


def test_every_number_and_every_account_has_its_bounds() -> None:
    for (form, name), (about, where) in FIELDS.items():
        limits = str(where.model_json_schema()["properties"][name])
        if about.widget == "number":
            assert re.search(r"inimum|'g[et]'", limits), (form, name)
        if about.widget in FREE:
            assert "maxLength" in limits or "pattern" in limits, (form, name)


def test_signs_are_coded_advice_wherever_they_are_asked() -> None:
    """Hotline, referral, inspection: the same codes, so that a sign seen anywhere is the same sign."""
    lists = {key: about.choices for key, (about, _form) in FIELDS.items() if key[1] in {"signs", "new_signs"}}
    assert lists
    assert all(choices == SHORT_LIST for choices in lists.values())
