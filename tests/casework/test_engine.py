"""The engine on a real database: steps, refusals, conflicts, what follows, and no act without its event."""

import pytest
from sqlalchemy import select, text

from app.accounts.service import add_user
from app.casework.facts import facts_of
from app.casework.models import CaseStep, CaseTrack
from app.casework.service import open_track, take_step
from app.deadlines.queries import running_clocks
from app.demo import stories
from app.demo.acting import as_system
from app.kit.errors import OutOfReach, Refused, Stale, Unknown
from app.safeguards.access import Actor
from app.safeguards.words import Relation, Role
from app.tracks import TRACKS

ASKED = {
    "purpose": "share_health", "categories": ["ID"], "language": "ro", "capacity_note": "Rested", **stories.INFORMED,
}  # fmt: skip
GIVEN = {"given_by": "self", "method": "written", "evidence": "signed_form", "evidence_reference": "F-18"}


def form(slug, step, state=None, **values):
    return TRACKS[slug].step(step, state).form.model_validate(values)


def ask(work, case_id, recipient):
    return open_track(
        work, case_id, "consent", "ask", form("consent", "ask", recipients=[recipient], **ASKED)
    )


def tracks(work, case_id):
    rows = work.session.scalars(select(CaseTrack).where(CaseTrack.case_id == case_id))
    return {each.slug: each.state for each in rows}


def test_a_step_seals_its_answers_keeps_its_marks_and_writes_one_event(sheltered, teller, acting, ledger):
    before = len(ledger(sheltered))
    with acting("ngo") as work:
        taken = ask(work, sheltered, teller.house(work, "social"))
        work.commit()
    with acting("ngo") as work:
        fields = work.reveal(sheltered, [taken.step_id]).of(taken.step_id)
        row = work.session.get_one(CaseTrack, taken.track_id)
        marks, state, version = row.marks, row.state, row.version
    assert fields["capacity_note"] == "Rested"
    assert set(marks) == {"purpose", "recipients", "categories"}
    assert (state, version) == ("asked", 1)
    (event,) = ledger(sheltered)[before:]
    assert (event["act"], event["slug"], event["step"], event["to"]) == ("step", "consent", "ask", "asked")
    assert event["basis"] == "CETS 197 art. 12(7)"
    assert "Rested" not in str(event)


def test_marks_that_a_rule_works_out_are_there_before_the_clocks_read_them(sheltered, teller, acting):
    with acting("ngo") as work:
        taken = ask(work, sheltered, teller.house(work, "social"))
        take_step(work, taken.track_id, "give", form("consent", "give", "asked", **GIVEN), version=1)
        clocks = {each.name for each in running_clocks(work, [sheltered]) if each.track_id == taken.track_id}
        marks = work.session.get_one(CaseTrack, taken.track_id).marks
    assert {"end", "reminder"} <= clocks
    assert marks["valid_until"] > work.clock.now().date().isoformat()


def test_a_step_on_an_older_version_is_stale_and_changes_nothing(sheltered, teller, acting):
    with acting("ngo") as work:
        taken = ask(work, sheltered, teller.house(work, "social"))
        work.commit()
    with acting("ngo") as work:
        with pytest.raises(Stale) as stale:
            take_step(work, taken.track_id, "give", form("consent", "give", "asked", **GIVEN), version=0)
        steps = work.session.scalars(select(CaseStep.name).where(CaseStep.track_id == taken.track_id)).all()
    assert stale.value.held == {"version": 1, "state": "asked"}
    assert stale.value.sent["given_by"] == "self"
    assert list(steps) == ["ask"]


def test_a_refusal_names_every_rule_and_its_source_and_stores_nothing(sheltered, teller, acting):
    with acting("ngo") as work:
        taken = ask(work, sheltered, teller.house(work, "social"))
        wrong = form(
            "consent", "give", "asked", **{**GIVEN, "given_by": "guardian", "valid_until": "2020-01-01"}
        )
        with pytest.raises(Refused) as refused:
            take_step(work, taken.track_id, "give", wrong, version=1)
        state = work.session.get_one(CaseTrack, taken.track_id).state
    assert [(each.rule, each.field) for each in refused.value.faults] == [
        ("INV-17", "given_by"),
        (None, "valid_until"),
    ]
    assert refused.value.faults[0].source == "CETS 197 art. 12(7)"
    assert state == "asked"


def test_a_step_that_does_not_follow_is_refused_with_its_own_rule(sheltered, track_of, acting):
    placement = track_of(sheltered, "shelter_placement")
    with acting("shelter") as work, pytest.raises(Refused) as refused:
        take_step(work, placement.id, "no_place", form("shelter_placement", "no_place"))
    assert refused.value.faults[0].rule == "not-now"


def test_what_follows_from_a_step_happens_with_it_or_not_at_all(waiting, acting, ledger):
    before = len(ledger(waiting))
    with acting("ngo2") as work:
        referral = work.session.scalars(select(CaseTrack).where(CaseTrack.slug == "referral")).one()
        take_step(work, referral.id, "accept", form("referral", "accept", "submitted"))
        assert tracks(work, waiting)["case"] == "open"
        assert Relation.LEAD in work.standing(waiting).relations
        # the request ends without its commit
    assert len(ledger(waiting)) == before
    with acting("ngo2") as work:
        assert "case" not in tracks(work, waiting)
        assert work.standing(waiting).relations == {Relation.RECIPIENT}
        take_step(work, referral.id, "accept", form("referral", "accept", "submitted"))
        work.commit()
    with acting("ngo2") as work:
        assert tracks(work, waiting)["case"] == "open"
    caused = [each for each in ledger(waiting)[before:] if each["role"] == "SYS"]
    assert caused
    assert all(each["caused_by"] for each in caused)


def test_one_event_stands_for_each_act_of_a_journey(sheltered, ledger):
    steps = [(each["slug"], each["step"]) for each in ledger(sheltered, "step")]
    assert len(steps) == len(set(steps))
    assert {
        ("referral", "submit"),
        ("referral", "accept"),
        ("case", "open"),
        ("shelter_placement", "place"),
    } <= set(steps)
    assert all(each["purpose"] and each["actor"] and each["at"] for each in ledger(sheltered))


def test_no_event_no_act(sheltered, teller, acting, owner):
    with owner.connect() as connection:
        connection.execute(text("REVOKE INSERT ON ledger.event FROM nrm_app"))
    with acting("ngo") as work:
        recipient = teller.house(work, "social")
        with pytest.raises(OutOfReach):
            ask(work, sheltered, recipient)
    with acting("ngo") as work:
        assert len(work.session.scalars(select(CaseTrack).where(CaseTrack.slug == "consent")).all()) == 1


def test_no_event_no_page(sheltered, enter, owner):
    browser = enter("ngo")
    with owner.connect() as connection:
        connection.execute(text("REVOKE INSERT ON ledger.event FROM nrm_app"))
    browser.get(f"/cases/{sheltered}", 503)
    assert "Ira" not in browser.text


def test_a_stranger_takes_no_step_and_learns_nothing(sheltered, track_of, acting):
    consent = track_of(sheltered, "consent")
    with acting("ngo2") as work, pytest.raises(Unknown):
        take_step(
            work,
            consent.id,
            "withdraw",
            form("consent", "withdraw", "given", withdrawn_on="2026-03-02", scope="everything"),
        )


def test_what_follows_is_done_even_where_the_step_ends_the_tie_of_whoever_took_it(
    waiting, runtime, acting, track_of
):
    """A desk that names a colleague as lead has no tie of its own any more; the case is opened all the same."""
    with acting("ngo2") as work:
        house = work.actor.organisation_id
    with as_system(runtime) as work:
        colleague = add_user(
            work, house, Role.NGO, name="A colleague", email="colleague@demonstration.example"
        )
        work.commit()
    with acting("ngo2") as work:
        track = track_of(waiting, "referral", "ngo2").id
        take_step(work, track, "accept", form("referral", "accept", "submitted", lead_worker=colleague))
        work.commit()
    with acting("ngo2") as work:
        assert not work.standing(waiting).relations
        assert not tracks(work, waiting), "the case stays in reach for that transaction only"
    with as_system(runtime) as work:
        work.actor = Actor(colleague, Role.NGO, house)
        work.begin()
        assert tracks(work, waiting)["case"] == "open"


def test_a_case_keeps_its_profile_version_and_an_open_track_that_of_its_declaration(
    sheltered, teller, acting, owner
):
    with acting("ngo") as work:
        track = ask(work, sheltered, teller.house(work, "social"))
        work.commit()
    with owner.connect() as connection:
        held = connection.execute(
            text("SELECT declaration_version FROM track WHERE id = :id"), {"id": track.track_id}
        )
        assert held.scalar_one() == TRACKS["consent"].version
        connection.execute(
            text("UPDATE track SET declaration_version = 7 WHERE id = :id"), {"id": track.track_id}
        )
        connection.execute(text("UPDATE \"case\" SET profile_code = 'fr', profile_version = 1"))
    with acting("ngo") as work:
        take_step(work, track.track_id, "give", form("consent", "give", "asked", **GIVEN))
        work.commit()
        work.begin()
        assert work.session.get_one(CaseTrack, track.track_id).declaration_version == 7
        assert (facts_of(work, sheltered).profile.code, facts_of(work, sheltered).profile.version) == (
            "fr",
            1,
        )


def test_nobody_is_made_lead_whose_work_it_is_not(waiting, teller, track_of, acting):
    coordinator = teller.user("coordinator").id
    with acting("ngo2") as work:
        track = track_of(waiting, "referral", "ngo2").id
        with pytest.raises(Refused) as refused:
            take_step(work, track, "accept", form("referral", "accept", "submitted", lead_worker=coordinator))
    assert {fault.rule for fault in refused.value.faults} == {"part-in-case"}
