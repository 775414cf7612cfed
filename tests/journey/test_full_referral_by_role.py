"""A referral of full size comes back whole, field by field, to those who may see it, and nothing of it to others."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.safeguards.fields import questions
from app.safeguards.matrix import Standing, decide
from app.safeguards.words import Category, Relation, Role
from app.tracks.intake.referral_form import SubmitReferral
from tests.fixtures.service import Enter
from tests.journey.json_hand import JsonHand
from tests.journey.story import Story, full_referral, tell
from tests.referrals import made

LENT = frozenset(Category(code) for code in made.FULL["shared_categories"])  # by the referral, to the NGO
STANDINGS = {
    "police": (Role.POL, Standing(frozenset({Relation.REFERRER}), frozenset({Category.ID})), True),
    "ngo": (Role.NGO, Standing(frozenset({Relation.LEAD}), LENT), False),
    "shelter": (Role.SHE, Standing(frozenset({Relation.SHELTER})), False),
    "authority": (Role.CAU, Standing(frozenset({Relation.AUTHORITY})), False),
    "immigration": (Role.IMM, Standing(frozenset({Relation.AUTHORITY})), False),
}  # fmt: skip
STRANGERS = (
    "ngo2", "police2", "inspector", "social", "guardian", "coordinator", "administrator",
    "supervisor3",
)  # fmt: skip
SENDING = ("Referral", "Send the referral")


def may_see(who: str, whole: Mapping[str, Any]) -> dict[str, Any]:
    """What the matrix gives somebody of the referral."""
    role, standing, own = STANDINGS[who]
    asked, found = questions(SubmitReferral), {}
    for name, value in made.kept(whole).items():
        said = decide(role, asked[name].category, "read", standing, own)
        if said.allowed and (asked[name].minimal or not said.minimised):
            found[name] = value
    return found


def accounts(value: Any) -> Iterator[str]:
    """Every text of some length in an answer: what would be recognised wherever it turned up."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from accounts(each)
    elif isinstance(value, str) and len(value) > 14:
        yield value


def test_it_comes_back_field_by_field_as_the_matrix_says(by_json: JsonHand) -> None:
    story = Story(by_json, full_referral())
    tell(story)
    whole = {**story.referral, "receiving_organisation_id": by_json.organisation("Harbour Association")}
    for who in STANDINGS:
        wanted = may_see(who, whole)
        place = {name for name in wanted if questions(SubmitReferral)[name].category is Category.LOC}
        seen = by_json.answers(who, story.case, *SENDING)
        assert {name: seen.get(name) for name in wanted.keys() - place} == {
            name: each for name, each in wanted.items() if name not in place
        }, who
        hidden = {name: each for name, each in made.kept(whole).items() if name not in wanted}
        assert not hidden.keys() & seen.keys(), who
        known, shown = " ".join(accounts(list(wanted.values()))), story.seen_by(who)
        assert not [
            each for each in accounts(list(hidden.values())) if each in shown and each not in known
        ], who


def test_the_lead_worker_sees_all_but_the_police_file(by_json: JsonHand) -> None:
    story = Story(by_json, full_referral())
    story.police_refer()
    story.ngo_accepts()
    whole = {**story.referral, "receiving_organisation_id": by_json.organisation("Harbour Association")}
    seen = by_json.answers("ngo", story.case, *SENDING)
    assert seen == made.of_categories(made.kept(whole), Category.CRI)
    assert seen["current_place"] == whole["current_place"]


def test_who_was_only_asked_sees_what_is_needed_to_answer(by_json: JsonHand) -> None:
    story = Story(by_json, full_referral())
    story.police_refer()
    asked = questions(SubmitReferral)
    seen = by_json.answers("ngo", story.case, *SENDING)
    assert seen
    assert all(asked[name].category is Category.SVC and asked[name].minimal for name in seen)
    hidden = {name: each for name, each in made.kept(whole_of(story)).items() if name not in seen}
    assert not [each for each in accounts(list(hidden.values())) if each in story.seen_by("ngo")]


def whole_of(story: Story) -> dict[str, Any]:
    return {**story.referral, "receiving_organisation_id": story.houses["Harbour Association"]}


def test_strangers_learn_nothing_not_even_that_there_is_a_case(by_json: JsonHand, enter: Enter) -> None:
    story = Story(by_json, full_referral())
    tell(story)
    for who in STRANGERS:
        stranger = enter(who)
        stranger.json("GET", f"/api/cases/{story.case}", status=404)
        assert story.case not in stranger.client.get("/api/work").text
    for who in ("auditor", "protector"):  # by office they know that there is one, and of the referral nothing
        told = enter(who).client.get(f"/api/cases/{story.case}").text
        assert not [each for each in accounts(made.kept(whole_of(story))) if each in told]


def test_a_supervisor_reads_with_a_reason_and_never_a_place(by_json: JsonHand) -> None:
    story = Story(by_json, full_referral())
    tell(story)
    supervisor = by_json.of("supervisor")
    supervisor.json("GET", f"/api/cases/{story.case}", status=404)
    supervisor.get(f"/cases/{story.case}/oversight")
    supervisor.send(reason="Monthly check of new cases")
    shown = story.seen_by("supervisor")
    assert story.referral["health_now"] not in shown
    assert story.referral["current_place"] not in shown
    assert "Quince Lane" not in shown
    assert story.referral["situations"][0]["how_it_began"] not in shown  # the account: its minimum only
