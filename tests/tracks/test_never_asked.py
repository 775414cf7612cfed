"""What no form may ask, and what hardly any does."""

from typing import Any

from app.procedure.soundness import forms_in
from app.safeguards.fields import Form, questions
from app.tracks import TRACKS


def _fields(form: type[Form]) -> list[tuple[str, Any]]:
    found = list(questions(form).items())
    for info in form.model_fields.values():
        for inner in forms_in(info.annotation):
            found += _fields(inner)
    return found


def test_inv_23_no_form_takes_a_file() -> None:
    kinds = {
        about.widget
        for track in TRACKS.values()
        for step in track.steps
        for _name, about in _fields(step.form)
    }
    assert kinds <= {
        "text", "area", "choice", "select", "ticks", "date", "number", "yes_no", "money", "organisation", "user",
        "group", "hidden", "shelter_place", "partial_date", "track",
    }  # fmt: skip


def test_inv_12_no_track_but_the_shelters_asks_where_somebody_lives() -> None:
    asking = {
        (slug, step.name)
        for slug, track in TRACKS.items()
        for step in track.steps
        for _name, about in _fields(step.form)
        if about.category == "LOC" and slug != "shelter_placement"
    }
    assert asking == {
        ("missing_person", "report"), ("missing_person", "find_safe"), ("missing_person", "find_harmed"),
        ("missing_person", "reopen_search"), ("voluntary_return", "depart"), ("voluntary_return", "wish"),
        ("return_safety_assessment", "request"), ("referral", "submit"),
    }  # fmt: skip
