"""Invented cases of the demonstration country, told through the services as their people would live them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import Organisation, UserAccount
from app.casework import service as engine
from app.casework import supervision
from app.casework.models import CaseTrack
from app.demo.acting import as_persona, find
from app.demo.people import HOUSES
from app.kit.clock import HeldClock, local_day
from app.referrals import service as referrals
from app.safeguards.work import Work
from app.shelters.models import Place, Shelter
from app.tracks import TRACKS
from app.tracks.intake.referral_form import SubmitReferral
from app.web.door import Runtime

ZONE = "Europe/Vienna"  # where the country lies
INFORMED = dict.fromkeys(
    (
        "agreed_to_talk", "told_purpose", "told_use", "told_research", "told_access", "told_storage",
        "told_withdrawal",
    ),
    True,
)  # fmt: skip
REFERRAL: dict[str, Any] = {
    "age_class": "adult", "immediate_safety": "safe", "immediate_needs": ["safe_place", "interpreter"],
    "urgency": "today", "reason": "AdditionalServicesRequired", "language": "ro", "interpreter": "yes",
    "current_region": "north",
    "safe_contact": [{"channel": "through_referrer", "safe": "yes"}],
    "shared_categories": ["ID", "CON", "NAT", "EXP", "SVC"],
    "consent": "yes", "consent_explained": "yes", "consent_notice": "yes",
}  # fmt: skip


@dataclass
class Teller:
    """Whoever tells a story: acts as its people, one after another, under a clock that is moved."""

    runtime: Runtime
    clock: HeldClock
    pace: timedelta = timedelta()  # how long each act takes

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.clock.move(timedelta(**span))

    def refer(self, who: str, to: str, indicators: list[dict[str, Any]], **answers: Any) -> UUID:
        """Refer a person to an organisation; return the case."""
        with as_persona(self.runtime, who) as work:
            receiver = self.house(work, to)
            case_id, track_id = referrals.begin_referral(work)
            said = {
                **REFERRAL, "receiving_organisation_id": receiver, "indicators": indicators,
                "responder_name": work.actor.name, **answers,
            }  # fmt: skip
            form = SubmitReferral.model_validate(
                {key: value for key, value in said.items() if value is not None}
            )
            referrals.submit_referral(work, track_id, form)
            work.commit()
        self.clock.move(self.pace)
        return case_id

    def act(self, who: str, case_id: UUID, slug: str, step: str, **values: Any) -> UUID:
        """Take a step of the case's track of that kind (or open one); return the track."""
        with as_persona(self.runtime, who) as work:
            declared = TRACKS[slug]
            if not declared.step(step).from_:
                form = declared.step(step).form.model_validate(values)
                taken = engine.open_track(work, case_id, slug, step, form)
            else:
                track = self._latest(work, case_id, slug)
                form = declared.step(step, track.state).form.model_validate(values)
                taken = engine.take_step(work, track.id, step, form)
            work.commit()
        self.clock.move(self.pace)
        return taken.track_id

    def oversee(self, who: str, case_id: UUID, reason: str) -> None:
        """Let a supervisor in for some hours, with a reason."""
        with as_persona(self.runtime, who) as work:
            supervision.oversee(work, case_id, reason)
            work.commit()

    def house(self, work: Work, key: str) -> UUID:
        """Return the organisation of that key."""
        name = next(each.name for each in HOUSES if each.key == key)
        return work.session.scalars(select(Organisation.id).where(Organisation.name == name)).one()

    def user(self, key: str) -> UserAccount:
        """Return the account of a persona."""
        with as_persona(self.runtime, key) as work:
            return find(work.session, key)

    def free_place(self) -> UUID:
        """Return a place in the demonstration's shelter for women that nobody has."""
        with as_persona(self.runtime, "shelter") as work:
            query = select(Place.id).join(Shelter, Shelter.id == Place.shelter_id)
            return work.session.scalars(query.where(Shelter.women, Place.state == "free").limit(1)).one()

    def today(self) -> str:
        """Return the day of the held clock."""
        return self.day(0)

    def day(self, after: int) -> str:
        """Return the day so many days after that of the held clock."""
        return (local_day(self.clock.now(), ZONE) + timedelta(days=after)).isoformat()

    def organisation(self, key: str) -> UUID:
        """Return the organisation of a persona."""
        organisation_id = self.user(key).organisation_id
        assert organisation_id is not None
        return organisation_id

    def _latest(self, work: Work, case_id: UUID, slug: str) -> CaseTrack:
        query = select(CaseTrack).where(CaseTrack.case_id == case_id, CaseTrack.slug == slug)
        return work.session.scalars(query.order_by(CaseTrack.opened_at.desc(), CaseTrack.id).limit(1)).one()


def sheltered(teller: Teller) -> UUID:
    """Tell of a woman found in a flat: referred by police, accepted, sheltered."""
    case_id = teller.refer(
        "police", "ngo",
        [{"source": "told", "signs": ["ilo.violence"]}, {"source": "seen", "signs": ["ilo.movement"]}],
        given_names="Irina", family_names="Codreanu", name_to_use="Ira", born_on={"year": 1999},
        gender="Feminine", nationalities=["MD"],
    )  # fmt: skip
    teller.wait(hours=3)
    teller.act("ngo", case_id, "referral", "accept")
    teller.wait(hours=1)
    with as_persona(teller.runtime, "ngo") as work:
        police, house = teller.house(work, "police"), teller.house(work, "shelter")
    teller.act(
        "ngo", case_id, "consent", "ask", purpose="share_police", recipients=[police], categories=["ID"],
        language="ro", interpreter="E. Popa", capacity_note="Rested; understood and asked questions", **INFORMED,
    )  # fmt: skip
    teller.act(
        "ngo", case_id, "shelter_placement", "request", house="women", age="adult", urgency="today",
        security="high", language="ro", shelters_asked=[house],
    )  # fmt: skip
    teller.wait(hours=1)
    teller.act(
        "shelter", case_id, "shelter_placement", "offer", place_id=teller.free_place(), capability_match="all",
        house_rules_language="ro", housed_with="adults",
    )  # fmt: skip
    teller.wait(hours=2)
    teller.act(
        "shelter", case_id, "shelter_placement", "place", placed_on=teller.today(), rights_information="yes",
        advice_offered="yes", medical_checked="yes", reflection_offered="yes", consent="yes",
    )  # fmt: skip
    teller.act(  # the police learn of her: one person asked, another records what she says
        "shelter", case_id, "consent", "give", given_by="self", method="written", evidence="signed_form",
        evidence_reference="F-17",
    )  # fmt: skip
    return case_id


def a_child(teller: Teller) -> UUID:
    """Tell of a boy whose age nobody knows: treated as a child, not asked for consent, a guardian sought."""
    teller.wait(days=2)
    case_id = teller.refer(
        "inspector", "social",
        [{"source": "told", "signs": ["ilo.wages"]}, {"source": "seen", "signs": ["ilo.conditions"]}],
        age_class="uncertain", consent=None, consent_explained=None, consent_notice=None,
        given_names="Minh", age_from=15, age_to=19, gender="Masculine", nationalities=["VN"], language="vi",
        urgency="immediate",
    )  # fmt: skip
    teller.wait(hours=1)
    teller.act("social", case_id, "referral", "accept")
    return case_id


def waiting(teller: Teller) -> UUID:
    """Tell of a referral that waits for an answer."""
    teller.wait(days=3)
    return teller.refer(
        "police", "ngo2", [{"source": "told", "signs": ["ilo.debt"]}],
        given_names="Adaeze", gender="Feminine", nationalities=["NG"], language="en", interpreter="no",
    )  # fmt: skip
