"""Consent: one purpose, nothing beforehand, and its end ends the sharing."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from pydantic import ValidationError

from app.procedure.available import refusals
from app.procedure.clocks import due_at
from app.procedure.effects import Alert, EndShares, Share
from app.procedure.facts import TrackFacts
from app.safeguards.fields import questions
from app.safeguards.words import Category, Relation, Role
from app.tracks import TRACKS
from app.tracks.core.consent_forms import PURPOSES, AskConsent, GiveConsent
from tests.procedure.scene import TIMER, Scene, actor, rules
from tests.tracks.sayings import OTHER, PARTNER, TOLD, asks, gives

NGO, SHE = actor(Role.NGO), actor(Role.SHE)
NEW = UUID(int=7)
OF_HELP = {"referral", "assistance", "share_health", "work_placement", "research_statistics"}


def asked(age: str = "adult", **more: object) -> Scene:
    scene = Scene(age)
    scene.take("consent", "ask", NGO, **asks(**more))
    return scene


def test_consent_lends_exactly_what_was_agreed_to_whom_and_until_when() -> None:
    scene = asked()
    (share,) = [each for each in scene.take("consent", "give", NGO, **gives()) if isinstance(each, Share)]
    assert share.purpose == "assistance"
    assert share.organisation_ids == (PARTNER, OTHER)
    assert share.categories == {Category.ID, Category.CON}
    assert share.basis == "consent"
    assert share.until == datetime(2027, 3, 2, 22, 59, 59, tzinfo=UTC)


def test_consent_holds_until_the_day_that_was_agreed() -> None:
    scene = asked()
    scene.take("consent", "give", NGO, **gives(valid_until="2026-04-01"))
    assert scene.facts(slug="consent").this.day("valid_until") == date(2026, 4, 1)  # type: ignore[union-attr]
    end, reminder = (each for each in TRACKS["consent"].deadlines if each.name in ("end", "reminder"))
    facts = scene.facts(slug="consent")
    assert due_at(end, facts, scene.now) == datetime(2026, 4, 1, 21, 59, 59, tzinfo=UTC)
    assert due_at(reminder, facts, scene.now) == datetime(2026, 3, 18, 22, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("period_ends", "until"),
    [(None, date(2026, 5, 31)), ("2026-04-10", date(2026, 4, 10)), ("2026-12-31", date(2026, 5, 31))],
)
def test_sharing_with_the_police_is_short_by_default(period_ends: str | None, until: date) -> None:
    scene = asked(purpose="share_police")
    if period_ends:
        scene.put("reflection_period", "active", end_on=period_ends)
    scene.take("consent", "give", SHE, **gives())
    assert scene.tracks["consent"].day("valid_until") == until


@pytest.mark.parametrize("step", ["withdraw", "expire", "replace"])
def test_the_end_of_consent_ends_the_sharing_and_tells_the_recipients(step: str) -> None:
    scene = asked()
    scene.take("consent", "give", NGO, **gives())
    said = {
        "withdraw": {"withdrawn_on": "2026-03-02", "scope": "everything"},
        "replace": {"new_consent": NEW},
    }
    scene.tracks["another"] = TrackFacts(NEW, "consent", "given", scene.now, scene.now)
    effects = scene.take("consent", step, TIMER if step == "expire" else NGO, **said.get(step, {}))
    assert EndShares() in effects
    assert {each.organisation_id for each in effects if isinstance(each, Alert)} == {PARTNER, OTHER}


def test_a_consent_is_replaced_only_by_another_that_was_given() -> None:
    scene = asked()
    scene.take("consent", "give", NGO, **gives())
    assert scene.offers("consent", NGO)["replace"].blocked
    waits = TrackFacts(NEW, "consent", "asked", scene.now, scene.now)
    scene.tracks["another"] = waits
    assert rules(scene.refused("consent", "replace", NGO, new_consent=NEW)) == {"consent.replace"}
    scene.tracks["another"] = replace(waits, state="given")
    assert [each.field for each in scene.refused("consent", "replace", NGO, new_consent=PARTNER)] == [
        "new_consent"
    ]
    assert not scene.refused("consent", "replace", NGO, new_consent=NEW)


def test_taking_back_a_part_ends_all_and_asks_anew_for_the_rest() -> None:
    scene = asked()
    scene.take("consent", "give", NGO, **gives())
    effects = scene.take("consent", "withdraw", NGO, withdrawn_on="2026-03-02", scope="some_recipients")
    assert EndShares() in effects
    assert [each for each in effects if isinstance(each, Alert) and each.role is Role.NGO]


def test_a_refusal_follows_nothing_and_is_not_asked_again_at_once() -> None:
    scene = asked()
    assert scene.take("consent", "refuse", NGO, refused_on="2026-03-02") == []
    assert rules(scene.offers("consent", NGO)["ask_again"].faults) == {"consent.ask_again_days"}
    scene.wait(days=13)
    assert scene.offers("consent", NGO)["ask_again"].blocked
    scene.wait(days=1)
    scene.take("consent", "ask_again", NGO, new_circumstances="A safe flat was found.")
    assert scene.tracks["consent"].state == "asked"


def test_nothing_is_ticked_beforehand_and_each_item_is_told() -> None:
    for form in (AskConsent, GiveConsent):
        assert not [
            name
            for name, field in form.model_fields.items()
            if field.default not in (None, ...) and not field.is_required()
        ]
    for item in TOLD:
        with pytest.raises(ValidationError):
            AskConsent.model_validate(asks(**{item: False}))
        left_out = {name: value for name, value in asks().items() if name != item}
        with pytest.raises(ValidationError):
            AskConsent.model_validate(left_out)


def test_purposes_are_never_bundled_and_whereabouts_never_lent() -> None:
    with pytest.raises(ValidationError):
        AskConsent.model_validate(asks(purpose=["assistance", "share_police"]))
    with pytest.raises(ValidationError):
        AskConsent.model_validate(asks(categories=["ID", "LOC"]))
    with pytest.raises(ValidationError):
        AskConsent.model_validate(asks(recipients=[]))
    with pytest.raises(ValidationError):
        AskConsent.model_validate(asks(everything=True))


def test_a_child_assents_and_the_guardian_consents() -> None:
    scene = asked("child")
    by_child = {"given_by": "both", "guardian_heard": True, "childs_view": "agrees"}
    assert rules(scene.refused("consent", "give", NGO, **gives(**by_child))) == {"INV-07"}
    scene.put("guardian", "active")
    assert not scene.refused("consent", "give", NGO, **gives(**by_child))
    assert rules(scene.refused("consent", "give", NGO, **gives(**by_child | {"given_by": "self"}))) == {
        "INV-07"
    }
    assert rules(scene.refused("consent", "give", NGO, **gives(**by_child | {"guardian_heard": False}))) == {
        "INV-07"
    }
    disagrees = scene.refused("consent", "give", NGO, **gives(**by_child | {"childs_view": "disagrees"}))
    assert [fault.field for fault in disagrees] == ["childs_view"]
    missing = scene.refused("consent", "give", NGO, **gives(given_by="guardian"))
    assert {fault.field for fault in missing} == {"guardian_heard", "childs_view"}


def test_nobody_consents_for_an_adult_and_no_consent_publishes_a_child() -> None:
    assert [f.field for f in asked().refused("consent", "give", NGO, **gives(given_by="guardian"))] == [
        "given_by"
    ]
    assert rules(Scene("uncertain").refused("consent", "ask", NGO, **asks(purpose="media"))) == {"INV-13"}
    assert not Scene("adult").refused("consent", "ask", NGO, **asks(purpose="media"))


@pytest.mark.parametrize("purpose", PURPOSES)
def test_what_hands_the_file_beyond_help_is_recorded_by_another_than_whoever_asked(purpose: str) -> None:
    scene, supervisor = asked(purpose=purpose), actor(Role.SUP, Relation.OVERSIGHT)
    two = purpose not in OF_HELP
    offered = scene.offers("consent", NGO)["give"]
    assert rules(offered.faults) == ({"consent.two_people"} if two else set()), "before anything is typed"
    assert ("give" in scene.offers("consent", supervisor)) is two, "a supervisor is only ever the second"
    by = {"method": "written"}
    assert rules(scene.refused("consent", "give", NGO, **gives(**by))) == rules(offered.faults)
    for second in (SHE, actor(Role.NGO), actor(Role.LEG), actor(Role.GUA), *((supervisor,) if two else ())):
        assert not scene.refused("consent", "give", second, **gives(**by))
    assert not scene.offers("consent", NGO)["refuse"].blocked, "her no waits for nobody"


def test_who_asked_again_is_the_one_who_asked() -> None:
    scene = asked(purpose="media")
    scene.take("consent", "refuse", NGO, refused_on="2026-03-02")
    scene.wait(days=14)
    again = actor(Role.SOC)
    scene.take("consent", "ask_again", again, new_circumstances="She read the text.")
    assert scene.offers("consent", again)["give"].blocked
    assert not scene.offers("consent", NGO)["give"].blocked


def test_a_purpose_of_help_is_no_way_round_to_police_immigration_or_a_consulate() -> None:
    scene = asked(purpose="assistance")
    (step,) = (each for each in TRACKS["consent"].steps if each.name == "give")
    facts = replace(scene.facts(NGO, "consent"), authorities=frozenset({OTHER}))
    assert rules(refusals(TRACKS["consent"], step, facts, None)) == {"consent.two_people"}
    another = replace(facts, actor=SHE)
    assert not refusals(TRACKS["consent"], step, another, None)
    elsewhere = replace(facts, authorities=frozenset({NEW}))
    assert not refusals(TRACKS["consent"], step, elsewhere, None)


def test_what_cannot_be_is_told_at_its_field() -> None:
    scene = asked()
    assert [f.field for f in scene.refused("consent", "give", NGO, **gives(method="oral_witnessed"))] == [
        "witness"
    ]
    assert [f.field for f in scene.refused("consent", "give", NGO, **gives(valid_until="2026-03-01"))] == [
        "valid_until"
    ]
    assert [f.field for f in scene.refused("consent", "refuse", NGO, refused_on="2026-03-03")] == [
        "refused_on"
    ]


def test_everything_of_consent_belongs_to_consent_or_to_the_child() -> None:
    for step in TRACKS["consent"].steps:
        assert {asked.category for asked in questions(step.form).values()} <= {Category.CNS, Category.CHI}
