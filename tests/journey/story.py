"""The story that is proved three times, from the roadside to the time to recover: its people, acts and words.

A `Hand` carries it out: through the JSON doors, through forms, or in a real browser. What is asserted of it is
asserted of all three.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

from app.tracks.intake.sections import SECTIONS, Section
from tests.referrals import made

TODAY = date(2026, 3, 2)  # the day of the held clock
THIRTY_DAYS = timedelta(days=30)  # the national length of the reflection period
# What would tell where she is: the invented address of the house, its telephone, its name.
WHEREABOUTS = ("Quince Lane", "Northfield", "5550 017", "House Linden")
CALLED = "Tamro"  # the name by which she asks the NGO to call her

ARRIVAL = ("rights_information", "advice_offered", "medical_checked", "reflection_offered", "consent")
TOLD = (
    "agreed_to_talk", "told_purpose", "told_use", "told_research", "told_access", "told_storage",
    "told_withdrawal",
)  # fmt: skip
Values = Mapping[str, Any]


def last_page(answers: Values) -> int:
    """Return after how many pages nothing more is told; there a referral can be checked and sent."""
    return len(told_pages(SECTIONS, answers))


def told_pages(way: Sequence[Section], answers: Values) -> Sequence[Section]:
    """Return the pages up to the last on which something is told."""
    told = [at for at, page in enumerate(way, 1) if page.form.model_fields.keys() & answers.keys()]
    return way[: max(told)]


class Hand(Protocol):
    """One way to do what the story tells."""

    def organisation(self, name: str) -> str:
        """Return the identifier of an organisation."""
        ...

    def refer(self, who: str, answers: Values) -> str:
        """Send a referral; return the case."""
        ...

    def waits(self, who: str, case: str) -> bool:
        """Say whether the case stands among what waits for that person's answer."""
        ...

    def act(self, who: str, case: str, slug: str, step: str, values: Values) -> None:
        """Open a track of the case, or take the next step on it, as what that person is offered."""
        ...

    def correct(self, who: str, case: str, **changed: Any) -> None:
        """Change what is recorded of the person."""
        ...

    def free_place(self, who: str) -> str:
        """Return a place on the board that nobody has."""
        ...

    def seen(self, who: str, case: str) -> str:
        """Return all that the person is shown of the case, letter by letter."""
        ...


@dataclass
class Story:
    """One case, told act by act."""

    hand: Hand
    referral: Values
    later: Callable[[], object] = lambda: None  # lets time pass between two acts
    case: str = ""
    place: str = ""
    houses: dict[str, str] = field(default_factory=dict)

    def police_refer(self) -> None:
        """Send the referral to the NGO."""
        to = self._house("Harbour Association")
        self.case = self.hand.refer("police", {**self.referral, "receiving_organisation_id": to})

    def ngo_accepts(self) -> None:
        """Take the case on, and lead it."""
        assert self.hand.waits("ngo", self.case)
        self._acts("ngo", "referral", "accept")
        assert not self.hand.waits("ngo", self.case)

    def ngo_writes_how_she_is_called(self) -> None:
        """Record the name by which she wants to be called; the police did not write it."""
        self.hand.correct("ngo", self.case, name_to_use=CALLED)

    def she_consents_that_the_police_know_who_she_is(self, recorded_by: str = "shelter") -> None:
        """Record her consent for one purpose, one recipient and one category: one asks, another records."""
        police = self._house("Kestrel City Police")
        self._acts(
            "ngo", "consent", "ask", purpose="share_police", recipients=[police], categories=["ID"],
            language="ka", interpreter="E. Popa", capacity_note="Rested; understood and asked questions",
            **dict.fromkeys(TOLD, True),
        )  # fmt: skip
        self._acts(
            recorded_by, "consent", "give", given_by="self", method="written", evidence="signed_form",
            evidence_reference="F-17",
        )  # fmt: skip

    def she_takes_it_back(self) -> None:
        """Record that she takes her consent back."""
        self._acts("ngo", "consent", "withdraw", withdrawn_on=TODAY.isoformat(), scope="everything")

    def ngo_asks_for_a_bed(self) -> None:
        """Ask one house for a place, by what she needs."""
        house = self._house("House Linden")
        self._acts(
            "ngo", "shelter_placement", "request", house="women", age="adult", urgency="immediate",
            security="high", language="ka", shelters_asked=[house],
        )  # fmt: skip

    def shelter_offers_a_bed(self) -> None:
        """Offer a bed from the board."""
        assert self.hand.waits("shelter", self.case)
        self.place = self.hand.free_place("shelter")
        self._acts(
            "shelter", "shelter_placement", "offer", place_id=self.place, capability_match="all",
            house_rules_language="ka", housed_with="alone",
        )  # fmt: skip

    def she_arrives(self) -> None:
        """Record that she has come, and what was done on arrival."""
        self._acts(
            "shelter", "shelter_placement", "place", placed_on=TODAY.isoformat(), **dict.fromkeys(ARRIVAL, "yes")
        )  # fmt: skip

    def authority_finds_reasonable_grounds(self) -> None:
        """Decide, with act, means and purpose, on evidence and with reasons."""
        self._acts(
            "authority", "identification", "find_reasonable_grounds",
            deciders=[self._house("National Identification Authority")], decided_on=TODAY.isoformat(),
            act="found", acts=["recruitment", "harbouring"], means="found", means_used=["deception"],
            control=["DebtBondage"], purpose="reasonable_grounds", forms=["ForcedLabour"],
            age_at_exploitation="adult", places=[{"kind": "Exploitation", "country": "AT"}],
            evidence=[
                {"element": "act", "source": "referral", "weight": "supports", "what": "The notebook of debts"},
                {"element": "means", "source": "account", "weight": "supports", "what": "The promises made"},
            ],
            reasons="You were promised a job that did not exist, and a debt kept you there.",
            guidance_version="2026-1", victim_view="She wishes to stay and rest.", language="ka",
        )  # fmt: skip

    def she_is_told_of_the_time_to_recover(self) -> None:
        """Inform her of her rights, and name the office that grants the period."""
        told = dict.fromkeys(("told_reflection", "told_residence", "told_asylum", "told_consular"), True)
        self._acts(
            "authority", "reflection_period", "inform", language="ka", interpreter="E. Popa",
            authority=self._house("Residence Office"), **told,
        )  # fmt: skip

    def time_to_recover_is_granted(self, lasts: timedelta = THIRTY_DAYS) -> None:
        """Grant the reflection period for the national length."""
        self._acts(
            "immigration", "reflection_period", "grant", start_on=TODAY.isoformat(),
            end_on=(TODAY + lasts).isoformat(), document_number="RP-0417", work_allowed=True,
        )  # fmt: skip

    def seen_by(self, who: str) -> str:
        """Return all that somebody is shown of the case."""
        return self.hand.seen(who, self.case)

    def _acts(self, who: str, slug: str, step: str, **values: Any) -> None:
        self.later()
        self.hand.act(who, self.case, slug, step, values)

    def _house(self, name: str) -> str:
        if name not in self.houses:
            self.houses[name] = self.hand.organisation(name)
        return self.houses[name]


def tell(story: Story) -> None:
    """Tell it all, from the beginning to the time to recover."""
    story.police_refer()
    story.ngo_accepts()
    story.ngo_writes_how_she_is_called()
    story.ngo_asks_for_a_bed()
    story.shelter_offers_a_bed()
    story.she_arrives()
    story.she_consents_that_the_police_know_who_she_is()
    story.authority_finds_reasonable_grounds()
    story.she_is_told_of_the_time_to_recover()
    story.time_to_recover_is_granted()


def tell_and_look(story: Story) -> None:
    """Tell all that follows the acceptance, and look at each turn at what others are shown."""
    story.ngo_writes_how_she_is_called()
    story.ngo_asks_for_a_bed()
    story.shelter_offers_a_bed()
    story.she_arrives()
    assert CALLED not in story.seen_by("police")
    story.she_consents_that_the_police_know_who_she_is()
    shown = story.seen_by("police")
    assert CALLED in shown
    assert "In safe accommodation: Yes" in shown
    assert not [each for each in (*WHEREABOUTS, story.place) if each in shown]
    for who in ("ngo", "shelter"):
        assert "Quince Lane 4, Northfield" in story.seen_by(who)

    story.authority_finds_reasonable_grounds()
    story.she_is_told_of_the_time_to_recover()
    story.time_to_recover_is_granted()
    assert "1 April 2026" in story.seen_by("ngo")


def full_referral() -> dict[str, Any]:
    """Return the invented referral of full size."""
    return dict(made.FULL)
