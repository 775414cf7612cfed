"""A scene in which any track stands, and a child who can go home."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from app.procedure.facts import StepTaken, TrackFacts
from app.safeguards.words import Role
from tests.procedure.scene import Scene


class Whole(Scene):
    """A scene whose tracks are stood where a test wants them."""

    def stand(self, slug: str, state: str, *steps: str, key: str | None = None, **marks: Any) -> TrackFacts:
        """Stand a track in a state, with steps in its history; `key` lets several of a kind stand."""
        taken = tuple(StepTaken(name, None, state, uuid4(), Role.NGO, uuid4(), self.now) for name in steps)
        self.tracks[key or slug] = TrackFacts(uuid4(), slug, state, self.now, self.now, marks, taken)
        return self.tracks[key or slug]

    def mark(self, slug: str, **marks: Any) -> None:
        """Change marks of a track that stands."""
        self.tracks[slug] = replace(self.tracks[slug], marks={**self.tracks[slug].marks, **marks})

    def taken_by(self, slug: str, user: UUID) -> None:
        """Say that one person took every step of a track."""
        held = self.tracks[slug]
        self.tracks[slug] = replace(
            held, history=tuple(replace(each, actor_id=user) for each in held.history)
        )


FOUND = dict.fromkeys(("safety", "protection", "rehabilitation", "reintegration"), "yes")


def child_ready_to_return() -> Whole:
    """A child for whom everything was found, decided and named."""
    scene = Whole("child")
    scene.stand("guardian", "active", "open", "appoint")
    scene.stand("bid", "decided", question="durable_solution", option="return_reintegration")
    scene.stand("durable_solution", "implementing", option="return_reintegration", receiver="family", **FOUND)
    scene.stand("post_return_monitoring", "planned")
    scene.stand("voluntary_return", "preparation", "counsel", "wish", escort="named", travel_document="own")
    with_partner_and_safety(scene)
    return scene


def adult_ready_to_return() -> Whole:
    """An adult who was advised, consented, and for whom everything is prepared."""
    scene = Whole("adult")
    scene.stand(
        "voluntary_return", "preparation", "counsel", "wish", legal_advice="taken", travel_document="own"
    )
    scene.now += timedelta(hours=1)
    scene.stand("consent", "given", "ask", "give", purpose="return", valid_until="2027-01-01")
    scene.now += timedelta(days=8)
    with_partner_and_safety(scene)
    return scene


def with_partner_and_safety(scene: Whole) -> None:
    until = (scene.now + timedelta(days=30)).date().isoformat()
    scene.stand(
        "return_safety_assessment", "approved", outcome="safe", covers="person_and_family", valid_until=until
    )
    scene.stand("transnational_referral", "accepted", "send", purpose="return")
