"""Lawyers, inspections and non-punishment: what is refused, what follows, what is due."""

from typing import Any
from uuid import uuid4

import pytest

from app.procedure.clocks import due_at
from app.procedure.effects import Alert, JoinTeam, LeaveTeam
from app.procedure.soundness import forms_in
from app.safeguards.fields import Form, questions
from app.safeguards.matrix import MATRIX
from app.safeguards.words import Category, Level, Relation, Role
from app.tracks import TRACKS
from app.tracks.justice.labour_inspection_finding import TRACK as INSPECTION
from tests.procedure.scene import Scene, actor, rules

CHOICE, THREAT, FINDING = "proceedings_participation", "witness_protection", "labour_inspection_finding"
LAWYER_TRACK, UNPUNISHED = "legal_representation", "non_punishment"
LAWYER, WORKER = actor(Role.LEG, Relation.MANDATE), actor(Role.NGO, Relation.LEAD)
POLICE, INSPECTOR = actor(Role.POL), actor(Role.LAB)
SUPERVISOR = actor(Role.SUP, Relation.OVERSIGHT)


def appoints(**more: Any) -> dict[str, Any]:
    return {
        "representative_type": "lawyer", "mandate": "File 1", "scope": ["criminal"], "conflict_checked": True, **more,
    }  # fmt: skip


def test_a_mandate_gives_access_to_one_person_and_takes_it_when_it_ends() -> None:
    scene, lawyer = Scene(), uuid4()
    scene.put(LAWYER_TRACK, "offered")
    assert scene.refused(LAWYER_TRACK, "appoint", WORKER, **appoints())
    effects = scene.take(LAWYER_TRACK, "appoint", WORKER, **appoints(representative_user=lawyer))
    assert effects == [JoinTeam(Relation.MANDATE, user_id=lawyer)]
    effects = scene.take(LAWYER_TRACK, "end", LAWYER, reason="matters_done", handed_over="none")
    assert LeaveTeam(Relation.MANDATE) in effects
    with pytest.raises(ValueError, match="conflict_checked"):
        TRACKS[LAWYER_TRACK].step("appoint").form.model_validate(appoints(conflict_checked=False))


@pytest.mark.parametrize(("age", "fine"), [("adult", True), ("child", False), ("uncertain", False)])
def test_only_an_adult_goes_without_a_lawyer(age: str, fine: bool) -> None:
    scene = Scene(age)
    scene.put(LAWYER_TRACK, "offered")
    assert (not scene.refused(LAWYER_TRACK, "decline", WORKER)) == fine


def screens(**more: Any) -> dict[str, Any]:
    return {
        "pay": "less", "documents_held": "no", "housing": "poor", "worst_forms": False, "signs": [], **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("signs", "minors", "needs_supervisor"),
    [([], False, False), (["concern"], False, False), (["ilo.debt"], False, True), ([], True, True)],
)
def test_a_sign_or_a_child_is_cleared_by_the_supervisor_alone(
    signs: list[str], minors: bool, needs_supervisor: bool
) -> None:
    scene, colleague = Scene(), actor(Role.LAB)
    scene.put(FINDING, "recorded", minors_seen=minors)
    scene.take(FINDING, "screen", INSPECTOR, **screens(signs=signs))
    assert bool(scene.refused(FINDING, "clear", colleague, reasons="None.")) == needs_supervisor
    assert rules(scene.refused(FINDING, "clear", INSPECTOR, reasons="None.")) == {"INV-20"}
    assert not scene.refused(FINDING, "clear", SUPERVISOR, reasons="None.")


def test_inv_15_where_a_child_was_seen_a_child_is_referred_at_once() -> None:
    scene = Scene()
    scene.put(FINDING, "screened", minors_seen=True)
    said = {"referred": 2, "children_referred": 0, "anonymous": 0, "legal_basis": "child_protection"}
    assert rules(scene.refused(FINDING, "refer", INSPECTOR, **said)) == {"INV-15"}
    assert not scene.refused(FINDING, "refer", INSPECTOR, **{**said, "children_referred": 1})
    clock = next(each for each in INSPECTION.deadlines if each.name == "minor")
    assert due_at(clock, scene.facts(slug=FINDING), scene.now) == scene.now
    scene.put(FINDING, "screened", minors_seen=False)
    assert due_at(clock, scene.facts(slug=FINDING), scene.now) is None


def every_field(form: type[Form]) -> list[tuple[str, Any]]:
    found = list(questions(form).items())
    for name in questions(form):
        for inner in forms_in(form.model_fields[name].annotation):
            found += every_field(inner)
    return found


def test_inv_22_no_field_of_an_inspection_asks_for_status_and_the_immigration_authority_reads_none() -> None:
    telling = ("nation", "citizen", "permit", "visa", "migra", "status", "residence", "asylum")
    assert MATRIX.cell(Role.IMM, INSPECTION.summary).foreign.level is Level.NOTHING
    for step in INSPECTION.steps:
        assert "INV-22" in step.invariants
        assert Role.IMM not in step.by
        for name, about in every_field(step.form):
            assert not [word for word in telling if word in name], (step.name, name)
            assert not [
                code for code in about.choices or () for word in telling if word in code and "." not in code
            ]
            assert about.category in (Category.LAB, Category.CNS), (step.name, name)
            level = MATRIX.cell(Role.IMM, about.category).foreign.level
            assert level in (Level.NOTHING, Level.EXISTENCE)


def test_inv_22_what_is_asked_about_an_employer_the_immigration_authority_does_not_read() -> None:
    asked = questions(TRACKS["work_permit"].step("apply").form)
    for name in ("occupation", "sector", "employer", "employer_link", "employer_checks"):
        assert MATRIX.cell(Role.IMM, asked[name].category).foreign.level is Level.NOTHING


def test_for_a_child_nobody_asks_about_compulsion() -> None:
    child, adult = Scene("child"), Scene()
    for scene in (child, adult):
        scene.put(UNPUNISHED, "opened")
    said = {"link": "Had to sell.", "compulsion": "made_to"}
    assert rules(child.refused(UNPUNISHED, "assess", LAWYER, **said)) == {"INV-16"}
    assert not child.refused(UNPUNISHED, "assess", LAWYER, link="Had to sell.")
    assert [f.field for f in adult.refused(UNPUNISHED, "assess", LAWYER, link="Had to sell.")] == [
        "compulsion"
    ]


def test_a_victim_who_is_held_has_a_lawyer_within_the_hour() -> None:
    scene = Scene()
    said = {"kind": "criminal", "offences": ["papers"], "authority": "Police", "held": True}
    effects = scene.take(UNPUNISHED, "detect", WORKER, **said)
    assert len([each for each in effects if isinstance(each, Alert)]) == 4
    clock = next(each for each in TRACKS[UNPUNISHED].deadlines if each.name == "detention")
    ends = due_at(clock, scene.facts(slug=UNPUNISHED), scene.now)
    assert ends is not None
    assert (ends - scene.now).total_seconds() == 3600
    scene.take(UNPUNISHED, "lawyer_present", LAWYER, since_on="2026-03-02")
    free = Scene()
    free.take(UNPUNISHED, "detect", WORKER, **{**said, "held": False})
    assert due_at(clock, free.facts(slug=UNPUNISHED), free.now) is None


def test_who_found_no_link_is_not_who_looked() -> None:
    scene = Scene()
    scene.put(UNPUNISHED, "opened")
    scene.take(UNPUNISHED, "assess", LAWYER, link="None found.", compulsion="not_shown")
    assert rules(scene.refused(UNPUNISHED, "no_link", LAWYER, reasons="None.")) == {"INV-20"}
    assert not scene.refused(UNPUNISHED, "no_link", SUPERVISOR, reasons="None.")
