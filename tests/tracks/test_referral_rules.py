"""What a referral may do to whom: consent or a ground, a child at once, an answer by whoever was asked."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from app.kit.errors import Fault
from app.procedure import effects as fx
from app.procedure.available import refusals
from app.procedure.facts import Facts, TrackFacts
from app.safeguards.words import Category, Relation, Role
from app.tracks.disclosed import TO_AN_AUTHORITY, WITHOUT_CONSENT
from app.tracks.intake.referral import TRACK
from app.tracks.intake.referral_form import SubmitReferral
from tests.tracks.made import OURS, THEIRS, facts, track
from tests.tracks.test_referral_form import needed

DRAFT = track("referral", "draft", "create", type="initial")
SENT = track("referral", "submitted", "create", "submit", receiving_organisation_id=str(THEIRS))


def sent(**changed: Any) -> SubmitReferral:
    answers = {name: value for name, value in needed(**changed).items() if value is not None}
    return SubmitReferral.model_validate(answers)


def rules(step: str, form: Any, **given: Any) -> set[str | None]:
    this = given.setdefault("this", DRAFT)
    declared = TRACK.step(step, this.state)
    return {fault.rule for fault in refusals(TRACK, declared, facts(**given), form)}


def follows(step: str, form: Any, held: Facts) -> list[fx.Effect]:
    state = held.this.state if held.this else None
    then = TRACK.step(step, state).then
    assert then is not None
    return list(then(held, form))


def test_an_adult_who_agreed_is_referred() -> None:
    assert not rules("submit", sent())


@pytest.mark.parametrize(
    "changed",
    [
        {"consent": None}, {"consent": "no"}, {"consent_explained": "no"}, {"consent_notice": None},
        {"consent": "could_not_ask"}, {"consent": "could_not_ask", "legal_basis": "vital_interest"},
        {"consent_id": str(uuid4())},
    ],
)  # fmt: skip
def test_without_consent_or_ground_no_adult_is_referred(changed: dict[str, Any]) -> None:
    assert rules("submit", sent(**changed)) == {"INV-17"}


@pytest.mark.parametrize("basis", ["vital_interest", "court_order", "statutory_duty"])
def test_who_could_not_be_asked_is_referred_on_a_ground(basis: str) -> None:
    form = sent(consent="could_not_ask", legal_basis=basis, legal_basis_reason="Unconscious")
    assert not rules("submit", form)
    share = next(each for each in follows("submit", form, facts(this=DRAFT)) if isinstance(each, fx.Share))
    assert share.basis == basis


def looked_at(form: SubmitReferral, held: Facts) -> set[tuple[str, Role | None]]:
    kinds = (WITHOUT_CONSENT, TO_AN_AUTHORITY)
    alerts = [
        each for each in follows("submit", form, held) if isinstance(each, fx.Alert) and each.kind in kinds
    ]
    assert {each.organisation_id for each in alerts if each.role is Role.SUP} <= {held.actor.organisation_id}
    return {(each.kind, each.role) for each in alerts}


def test_what_one_person_shared_on_their_own_word_is_looked_at_by_others() -> None:
    held, watch = facts(this=DRAFT), (Role.SUP, Role.AUD)
    assert not looked_at(sent(), held), "her consent to be helped is enough"
    ground = sent(consent="could_not_ask", legal_basis="vital_interest", legal_basis_reason="Unconscious")
    child = sent(age_class="child", consent=None, consent_explained=None, consent_notice=None)
    for form in (ground, child):
        assert looked_at(form, held) == {(WITHOUT_CONSENT, each) for each in watch}
    to_police = replace(held, authorities=frozenset({sent().receiving_organisation_id}))
    assert looked_at(sent(), to_police) == {(TO_AN_AUTHORITY, each) for each in watch}
    assert looked_at(ground, to_police) == {(WITHOUT_CONSENT, each) for each in watch}, "told once"


@pytest.mark.parametrize("age", ["child", "uncertain"])
def test_a_child_is_referred_without_being_asked(age: str) -> None:
    form = sent(age_class=age, consent=None, consent_explained=None, consent_notice=None)
    assert not rules("submit", form, age_class=None)
    assert rules("submit", sent(age_class=age), age_class=None) == {"INV-15"}


def test_an_anonymous_draft_never_gets_a_name() -> None:
    anonymous = track("referral", "draft", "create", type="anonymous_notification")
    assert rules("submit", sent(), this=anonymous) == {"INV-14"}


def test_a_child_is_not_merely_counted() -> None:
    for age in ("child", "uncertain"):
        assert rules("notify", None, age_class=age) == {"INV-15"}
    assert not rules("notify", None, age_class=None)


def test_sending_opens_what_protects_the_person() -> None:
    form = sent()
    done = follows("submit", form, facts(this=DRAFT))
    opened = {each.slug: each for each in done if isinstance(each, fx.OpenTrack)}
    assert set(opened) == {"identification", "inra"}
    assert opened["identification"].values["indicators"]
    assert opened["inra"].values["kind"] == "initial"
    assert fx.SetAgeClass("adult") in done
    assert fx.JoinTeam(Relation.RECIPIENT, organisation_id=form.receiving_organisation_id) in done
    share = next(each for each in done if isinstance(each, fx.Share))
    assert share.basis == "consent"
    assert share.organisation_ids == (form.receiving_organisation_id,)
    assert Category.LOC not in share.categories


@pytest.mark.parametrize("age", ["child", "uncertain"])
def test_sending_a_child_opens_the_guardian_at_once(age: str) -> None:
    form = sent(age_class=age, consent=None)
    done = follows("submit", form, facts(this=DRAFT, age_class=None))
    assert [each.slug for each in done if isinstance(each, fx.OpenTrack)] == [
        "identification",
        "inra",
        "age_assessment",
        "guardian",
        "bia",
    ]
    assert done.index(fx.SetAgeClass(age)) < next(
        n for n, each in enumerate(done) if isinstance(each, fx.OpenTrack)
    )
    assert next(each for each in done if isinstance(each, fx.Share)).basis == "child_protection"
    assert next(each for each in done if isinstance(each, fx.Alert)).urgent


def test_what_is_opened_can_be_opened() -> None:
    """The values fit the forms of the tracks that they open."""
    from tests.tracks.returns_children import Whole

    for each in follows("submit", sent(age_class="child", consent=None), facts(this=DRAFT)):
        if isinstance(each, fx.OpenTrack):
            step = Whole.law[each.slug].step(each.step)
            step.form.model_validate(each.values)
            assert Role.SYS in step.by


def test_a_service_referral_opens_no_second_identification() -> None:
    service, known = (
        track("referral", "draft", "create", type="service"),
        track("identification", "rg_positive"),
    )
    done = follows("submit", sent(), facts(tracks=(known,), this=service))
    assert not [x for x in done if isinstance(x, fx.OpenTrack)]
    # Of somebody whom nobody here looks after yet, all that protects is opened, whatever the sender called it.
    assert [x for x in follows("submit", sent(), facts(this=service)) if isinstance(x, fx.OpenTrack)]


def test_the_police_are_not_the_only_ones_who_hear_of_it() -> None:
    alerts = [each for each in follows("submit", sent(), facts(this=DRAFT)) if isinstance(each, fx.Alert)]
    assert Role.NGO in {each.role for each in alerts}
    others = follows("submit", sent(), facts(this=DRAFT, role=Role.SOC))
    assert Role.NGO not in {each.role for each in others if isinstance(each, fx.Alert)}


@pytest.mark.parametrize("step", ["acknowledge", "accept", "decline"])
def test_only_whoever_was_asked_answers(step: str) -> None:
    form = None if step == "decline" else TRACK.step(step, "submitted").form()
    asked = {"role": Role.NGO, "this": SENT}
    assert not rules(step, form, relations={Relation.RECIPIENT}, **asked)
    assert rules(step, form, relations={Relation.LEAD}, **asked) == {"not-mine"}
    assert rules(step, form, relations={Relation.REFERRER}, role=Role.POL, this=SENT) == {"not-mine"}


def test_accepting_makes_a_lead_and_opens_the_case() -> None:
    form = TRACK.step("accept", "submitted").form()
    done = follows("accept", form, facts(this=SENT, role=Role.NGO))
    assert fx.AssignLead("actor") in done
    assert fx.OpenCase() in done
    need = track("referral", "submitted", "create", "submit", type="service")
    beside = follows("accept", form, facts(this=need, role=Role.NGO))
    assert fx.AssignLead("actor", only_if_vacant=True) in beside
    counted = track("referral", "submitted", "create", "notify")
    assert not follows("accept", form, facts(this=counted, role=Role.CAU))


def test_declining_ends_what_was_lent_and_goes_to_another() -> None:
    form = TRACK.step("decline", "submitted").form(
        decline_code="no_capacity", alternative_organisation_id=THEIRS
    )
    done = follows("decline", form, facts(this=SENT, role=Role.NGO))
    assert {fx.EndShares(), fx.LeaveTeam(Relation.RECIPIENT, OURS)} <= set(done)
    same = form.model_copy(update={"alternative_organisation_id": OURS})
    found = refusals(
        TRACK, TRACK.step("decline", "submitted"),
        facts(this=SENT, role=Role.NGO, relations={Relation.RECIPIENT}), same,
    )  # fmt: skip
    assert [fault.field for fault in found] == ["alternative_organisation_id"]


def test_sending_elsewhere_opens_a_new_draft() -> None:
    declined = track("referral", "declined", "create", "submit", "decline", type="initial")
    form = TRACK.step("reroute", "declined").form(receiving_organisation_id=THEIRS)
    (opened,) = follows("reroute", form, facts(this=declined))
    assert isinstance(opened, fx.OpenTrack)
    assert (opened.slug, opened.step) == ("referral", "create")
    TRACK.step("create").form.model_validate(opened.values)
    assert Role.SYS in TRACK.step("create").by
    assert not list(TRACK.step("create").then(facts(role=Role.SYS), None) or ())  # type: ignore[misc]


@pytest.mark.parametrize(
    ("role", "age", "stands"),
    [
        (Role.POL, "adult", set()), (Role.POL, "child", {"INV-15"}), (Role.NGO, "uncertain", {"INV-15"}),
        (Role.GUA, "child", set()), (Role.SOC, "uncertain", set()),
    ],
)  # fmt: skip
def test_a_childs_referral_is_taken_back_by_guardian_or_social_services(
    role: Role, age: str, stands: set[str]
) -> None:
    assert rules("withdraw", None, role=role, age_class=age, this=SENT) == stands


def test_who_was_only_asked_does_not_take_back() -> None:
    given = {"role": Role.NGO, "this": SENT}
    assert rules("withdraw", None, relations={Relation.RECIPIENT}, **given) == {"referral.recipient"}
    assert not rules("withdraw", None, relations={Relation.RECIPIENT, Relation.LEAD}, **given)


def test_taking_back_ends_everything_lent() -> None:
    form = TRACK.step("withdraw", "submitted").form(reason="person_wish")
    assert {fx.EndShares(), fx.LeaveTeam(Relation.RECIPIENT)} <= set(
        follows("withdraw", form, facts(this=SENT))
    )


def test_nobody_answered_tells_supervisors_of_both_sides() -> None:
    alerts = follows("timeout", TRACK.step("timeout", "submitted").form(), facts(this=SENT, role=Role.SYS))
    told = {(each.role, each.organisation_id) for each in alerts if isinstance(each, fx.Alert)}
    assert told == {(Role.SUP, THEIRS), (Role.SUP, OURS)}


def _guards(held: TrackFacts) -> list[Callable[[Facts, Any], Fault | None]]:
    return [guard for step in TRACK.steps if held.state in step.from_ for guard in step.guards]


@pytest.mark.parametrize("held", [DRAFT, SENT])
def test_no_guard_stumbles_before_anything_is_typed(held: TrackFacts) -> None:
    for guard in _guards(held):
        guard(facts(this=held), None)
