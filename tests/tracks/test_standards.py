"""Our code lists are those of the standards, and every addition is named and argued."""

import json
from pathlib import Path

import pytest

from app.procedure.soundness import forms_in
from app.safeguards.fields import Asked, Form, questions
from app.tracks import TRACKS
from app.tracks.standards import COLUMNS, OWN, standards

# Field names and codes: Human Trafficking Case Data Standard 2.0, International Organization for Migration, CC BY 4.0.
HTCDS = json.loads((Path(__file__).parents[1] / "data" / "htcds-2.0.json").read_text("utf-8"))["fields"]
IN_OUR_WORDS = {
    "vic_TraffickingStatus",
    "spl_Type",
}  # lists of ours that are finer, each code with one of theirs
LEFT_OUT = {"org_Type": {"CorporateBusiness", "SchoolOrCollege"}}  # no such organisation has users here
OF_ISO = {"prs_PrimaryLanguage", "prs_SecondaryLanguage", "prs_Citizenship", "hte_Country"}
CONSENT = {"con_Consent"}  # the standard has a checklist of texts, no codes


def declared() -> set[tuple[str, Asked]]:
    def within(form: type[Form]):
        for name, about in questions(form).items():
            yield name, about
            for inner in forms_in(form.model_fields[name].annotation):
                yield from within(inner)

    steps = (step for track in TRACKS.values() for step in track.steps)
    return {(name, id(about)): (name, about) for step in steps for name, about in within(step.form)}.values()


@pytest.mark.parametrize("name", standards())
def test_a_list_is_whole_and_every_addition_is_named(name: str) -> None:
    ours, theirs = standards()[name], HTCDS[standards()[name].field]
    assert set(ours.rows) == set(OWN[name])
    assert set(ours.added) <= set(ours.rows)
    called = {ours.called(code, "htcds") for code in ours.rows if code not in ours.added}
    assert called <= set(theirs["codes"])
    if ours.field not in IN_OUR_WORDS:
        assert called == set(theirs["codes"]) - LEFT_OUT.get(ours.field, set())
    assert not set(ours.added) & set(theirs["codes"]), "what the standard has is not an addition"


def test_the_two_additions_to_what_was_done_to_a_person_are_the_only_ones() -> None:
    lists = [
        standards()[name]
        for name in ("METHODS_OF_CONTROL", "TYPES_OF_EXPLOITATION", "SEX_EXPLOITATION", "INDUSTRIES")
    ]
    assert {code for each in lists for code in each.added} == {"RestrictsMovement", "ForcedCriminality"}


def test_no_row_has_a_column_that_nobody_reads() -> None:
    assert {column for each in standards().values() for row in each.rows.values() for column in row} <= set(
        COLUMNS
    )


def test_every_form_of_exploitation_counts_somewhere() -> None:
    forms = standards()["TYPES_OF_EXPLOITATION"]
    for column in COLUMNS:
        assert all(
            forms.called(code, column) for code in forms.rows if code not in forms.added or column != "htcds"
        )
    assert {forms.called(code, "eurostat") for code in forms.rows} == {
        "sexual exploitation",
        "forced labour",
        "other",
    }


def test_the_coarser_dataset_follows_from_the_finer_one() -> None:
    """One way only: no fine column leads to two coarse ones."""
    for each in standards().values():
        ways = {
            (row["ctdc_2021"], row["ctdc_2025"])
            for row in each.rows.values()
            if {"ctdc_2021", "ctdc_2025"} <= row.keys()
        }
        fine = [one for one, _coarse in ways if one not in {"gender", "isOtherExploit"}]
        assert len(fine) == len(set(fine)), each.name


def test_a_field_that_names_the_standard_names_a_field_of_it_and_asks_its_codes() -> None:
    by_field = {each.field: set(each.rows) for each in standards().values()}
    named = [(name, about) for name, about in declared() if about.standard]
    assert len(named) > 30
    for name, about in named:
        theirs = HTCDS[about.standard]
        assert theirs["status"] != "DEPRECATED", name
        if about.choices and about.standard not in OF_ISO | CONSENT:
            assert set(about.choices) == by_field[about.standard], name
