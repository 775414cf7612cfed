"""One person from the referral to a bed, to another bed, away and back, and out again, on a real database."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.accounts.models import Organisation
from app.casework.models import CaseStep, CaseTrack
from app.casework.service import open_track, take_step
from app.deadlines.models import RunningDeadline
from app.kit.clock import HeldClock
from app.kit.errors import NotAllowed, Refused, Unknown
from app.referrals.service import send_at_once
from app.safeguards.fields import questions
from app.safeguards.ties import standing
from app.safeguards.words import Category, Relation
from app.safeguards.work import Work
from app.shelters.queries import Needs, board, matching_places
from app.tracks import TRACKS
from app.tracks.intake.referral_form import SubmitReferral

As = Callable[[str], AbstractContextManager[Work]]
FULL = json.loads((Path(__file__).parents[1] / "data" / "full_referral.json").read_text("utf-8"))
CHECKS = ("rights_information", "advice_offered", "medical_checked", "reflection_offered", "consent")


class Walk:
    """Walks one case; each step is a request of its own, committed."""

    def __init__(self, acting: As) -> None:
        self.acting = acting
        with acting("police") as work:
            self.ngo = self._house(work, "Harbour Association")
            self.shelter = self._house(work, "House Linden")
            form = SubmitReferral.model_validate({**FULL, "receiving_organisation_id": self.ngo})
            self.case = send_at_once(work, form).case_id
            work.commit()

    def _house(self, work: Work, name: str) -> UUID:
        return work.session.scalars(select(Organisation.id).where(Organisation.name == name)).one()

    def open(self, key: str, slug: str, step: str, **values: Any) -> None:
        with self.acting(key) as work:
            form = TRACKS[slug].step(step).form.model_validate(values)
            open_track(work, self.case, slug, step, form)
            work.commit()

    def take(self, key: str, slug: str, step: str, **values: Any) -> str:
        with self.acting(key) as work:
            track = self.track(work, slug)
            form = TRACKS[slug].step(step, track.state).form.model_validate(values)
            state = take_step(work, track.id, step, form).state
            work.commit()
        return state

    def track(self, work: Work, slug: str) -> CaseTrack:
        of_kind = select(CaseTrack).where(CaseTrack.case_id == self.case, CaseTrack.slug == slug)
        return work.session.scalars(of_kind.order_by(CaseTrack.opened_at.desc())).first() or pytest.fail(slug)

    def relations(self, key: str) -> frozenset[Relation]:
        with self.acting(key) as work:
            return standing(work, self.case).relations

    def places(self) -> dict[str, int]:
        with self.acting("shelter") as work:
            return {
                state: sum(house.count(state) for house in board(work))
                for state in ("free", "held", "occupied")
            }

    def clocks(self, slug: str) -> dict[str, Any]:
        with self.acting("ngo") as work:
            track = self.track(work, slug)
            running = select(RunningDeadline).where(
                RunningDeadline.track_id == track.id, RunningDeadline.ended_at.is_(None)
            )
            return {each.name: each.due_at for each in work.session.scalars(running)}


@pytest.fixture
def walk(acting: As) -> Walk:
    return Walk(acting)


@pytest.fixture
def housed(walk: Walk) -> Walk:
    """Accepted by an NGO, which asked for a bed; the shelter offered one and she came."""
    walk.take("ngo", "referral", "accept")
    walk.open(
        "ngo", "shelter_placement", "request", house="women", age="adult", urgency="immediate", language="ka",
        security="high", shelters_asked=[walk.shelter],
    )  # fmt: skip
    with walk.acting("shelter") as work:
        place = matching_places(work, Needs(women=True, security="high"))[0].id
    walk.take(
        "shelter", "shelter_placement", "offer", place_id=place, capability_match="all",
        house_rules_language="ka", housed_with="alone",
    )  # fmt: skip
    arrived = {"placed_on": "2026-03-02", **dict.fromkeys(CHECKS, "yes")}
    assert walk.take("shelter", "shelter_placement", "place", **arrived) == "placed"
    return walk


def test_sending_opens_the_tracks_and_starts_the_clocks(walk: Walk, clock: HeldClock) -> None:
    with walk.acting("police") as work:
        assert walk.track(work, "identification").state == "presumed"
        assert walk.track(work, "inra").marks["kind"] == "initial"
    assert Relation.RECIPIENT in walk.relations("ngo")
    assert not walk.relations("ngo2")
    walk.take("ngo", "referral", "accept")
    assert walk.clocks("inra")["initial"] == clock.now() + timedelta(hours=24)
    assert not {"acknowledge", "answer"} & set(walk.clocks("referral"))
    with walk.acting("ngo") as work:
        assert walk.track(work, "case").state == "open"
    assert Relation.LEAD in walk.relations("ngo")


def test_declining_ends_access_at_once(walk: Walk) -> None:
    walk.take("ngo", "referral", "decline", decline_code="no_capacity")
    assert not walk.relations("ngo")
    with walk.acting("ngo") as work, pytest.raises(Unknown):
        work.member(walk.case)


def test_a_full_referral_comes_back_whole_to_those_who_may_see_it(walk: Walk) -> None:
    walk.take("ngo", "referral", "accept")
    with walk.acting("ngo") as work:
        sent = select(CaseStep.id).where(CaseStep.case_id == walk.case, CaseStep.name == "submit")
        step = work.session.scalars(sent).one()
        seen = work.reveal(walk.case, [step]).of(step)
    asked = questions(SubmitReferral)
    police_file = {name for name in FULL if asked[name].category is Category.CRI}
    assert police_file.isdisjoint(seen)  # a caseworker sees that there is one, and not what it says
    for name in FULL.keys() - police_file - {"receiving_organisation_id"}:
        assert _bare(seen[name]) == _bare(FULL[name]), name


def _bare(value: Any) -> Any:
    """Without what was not answered."""
    if isinstance(value, dict):
        return {key: _bare(each) for key, each in value.items() if each not in (None, [], "")}
    return [_bare(each) for each in value] if isinstance(value, list) else value


def test_she_is_housed_and_the_house_joins_the_team(housed: Walk) -> None:
    assert housed.places() == {"free": 5, "held": 0, "occupied": 1}
    assert housed.relations("shelter") == {Relation.SHELTER}
    assert set(housed.clocks("shelter_placement")) == {"review"}


@pytest.mark.parametrize("key", ["ngo", "shelter"])
def test_she_leaves_and_the_bed_is_free(housed: Walk, key: str) -> None:
    assert housed.take(key, "shelter_placement", "leave", code="own_housing") == "exited"
    assert housed.places()["free"] == 6
    assert not housed.relations("shelter")


def test_she_moves_and_only_one_bed_is_hers(housed: Walk) -> None:
    housed.take("ngo", "shelter_placement", "ask_transfer", reason="safety", safe_now="no")
    with housed.acting("shelter") as work:
        new = matching_places(work, Needs(women=True))[0].id
    moved = {"place_id": new, "transferred_on": "2026-03-02"}
    assert housed.take("shelter", "shelter_placement", "transfer", **moved) == "placed"
    assert housed.places() == {"free": 5, "held": 0, "occupied": 1}
    assert housed.relations("shelter") == {Relation.SHELTER}


def test_she_is_away_and_found_and_assessed_anew(housed: Walk) -> None:
    housed.take("shelter", "shelter_placement", "not_back", last_seen_at="2026-03-02T07:30:00Z")
    assert set(housed.clocks("shelter_placement")) == {"adult_check"}
    assert housed.take("shelter", "shelter_placement", "declare_missing", risk="high") == "missing"
    assert housed.places()["occupied"] == 1
    assert housed.take("shelter", "shelter_placement", "found_back") == "placed"


def test_the_police_ask_for_a_bed_and_learn_nothing_of_where(housed: Walk) -> None:
    with housed.acting("police") as work:
        decision = work.may(housed.case, Category.LOC)
    assert decision.level.value == "0"
    with pytest.raises(NotAllowed):
        housed.take("police", "shelter_placement", "leave", code="victim_wish")


def test_another_house_cannot_offer_what_it_was_not_asked_for(walk: Walk) -> None:
    walk.take("ngo", "referral", "accept")
    asked = {"house": "women", "age": "adult", "urgency": "later", "language": "ka"}
    walk.open("ngo", "shelter_placement", "request", **asked)
    with walk.acting("ngo") as work:
        placement = walk.track(work, "shelter_placement").id
    with walk.acting("shelter") as work, pytest.raises(Unknown):
        take_step(work, placement, "no_place")


def test_a_second_request_waits_for_the_end_of_the_first(housed: Walk) -> None:
    asked = {"house": "women", "age": "adult", "urgency": "later", "language": "ka"}
    with pytest.raises(Refused):
        housed.open("ngo", "shelter_placement", "request", **asked)
