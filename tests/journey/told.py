"""A story of a whole case, told by a hand: its acts, what each role then sees, what is refused and by which rule."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

from app.jobs.sweep import sweep
from app.kit.clock import HeldClock, local_day
from app.procedure.invariants import INVARIANTS
from app.tracks import TRACKS
from tests.journey.story import TOLD, Hand, Values

A_MINUTE = timedelta(minutes=1)
REFERRED: dict[str, Any] = {
    "age_class": "adult", "immediate_safety": "safe", "immediate_needs": ["safe_place"], "urgency": "today",
    "reason": "Other", "consent": "yes", "consent_explained": "yes", "consent_notice": "yes",
    "shared_categories": ["ID", "NAT", "EXP", "SVC"], "language": "ro", "interpreter": "yes",
    "current_region": "north", "indicators": [{"source": "told", "signs": ["ilo.debt"]}],
    "safe_contact": [{"channel": "through_referrer", "safe": "yes"}],
}  # fmt: skip
OF_ADULTS = ("consent", "consent_explained", "consent_notice")


class Knowing(Hand, Protocol):
    """A hand that can also say how things stand, as somebody is shown it."""

    names_every_rule: bool

    browsers: dict[str, Any]

    def refer_group(self, who: str, common: Values, people: Sequence[Values]) -> list[str]:
        """Refer people who were found together; return the case of each."""
        ...

    def states(self, who: str, case: str) -> Mapping[str, str]:
        """Return how each kind of track stands, in words."""
        ...

    def due(self, who: str, case: str) -> Mapping[str, str]:
        """Return which clocks run, and when they ring."""
        ...

    def refused(self, who: str, case: str, slug: str, step: str, values: Mapping[str, Any]) -> str:
        """Try to take a step; return the words of its refusal."""
        ...

    def offered(self, who: str, case: str, slug: str, step: str) -> bool:
        """Say whether somebody is offered a step, free or blocked."""
        ...

    def is_closed(self, who: str, case: str) -> bool:
        """Say whether the case is to somebody as if there were none."""
        ...

    def oversee(self, who: str, case: str, reason: str) -> None:
        """Let a supervisor in, with a reason."""
        ...

    def notices(self, who: str) -> str:
        """Return what waits for somebody, letter by letter."""
        ...

    def user(self, who: str) -> str:
        """Return the identifier of somebody's account."""
        ...


@dataclass
class Told:
    """One telling of a story."""

    hand: Knowing
    clock: HeldClock
    jobs: Callable[[], Any]
    case: str = ""
    cases: list[str] = field(default_factory=list)
    houses: dict[str, str] = field(default_factory=dict)

    # What is done.

    def refer(self, who: str, to: str = "Harbour Association", **said: Any) -> None:
        """Refer somebody, and let the organisation that is asked take the case on."""
        answers = {**REFERRED, **said, "receiving_organisation_id": self.house(to)}
        if answers["age_class"] != "adult":
            answers = {name: each for name, each in answers.items() if name not in OF_ADULTS}
        self.case = self.hand.refer(who, answers)
        self.cases.append(self.case)

    def act(self, who: str, slug: str, step: str, **values: Any) -> None:
        """Take a step, as what that person is offered."""
        self.clock.move(A_MINUTE)
        self.hand.act(who, self.case, slug, step, values)

    def consent(self, purpose: str, to: str, *categories: str) -> None:
        """Record her consent for one purpose, one recipient and these categories."""
        self.act(
            "ngo", "consent", "ask", purpose=purpose, recipients=[self.house(to)], categories=list(categories),
            language="ro", interpreter="E. Popa", capacity_note="Rested; understood and asked questions",
            **dict.fromkeys(TOLD, True),
        )  # fmt: skip
        self.oversee(reason="To hear it from her, and record what she says")
        self.hand.browsers.pop("supervisor", None)  # to disclose needs a sign-in of the last minutes
        self.act(
            "supervisor", "consent", "give", given_by="self", method="written", evidence="signed_form",
            evidence_reference="F-17",
        )  # fmt: skip

    def sheltered(self, lead: str = "ngo", **needs: Any) -> None:
        """Ask for a bed, be offered one, and arrive."""
        self.act(
            lead, "shelter_placement", "request",
            **{"house": "women", "age": "adult", "urgency": "immediate", "security": "high", "language": "ro",
               "shelters_asked": [self.house("House Linden")], **needs},
        )  # fmt: skip
        self.act(
            "shelter", "shelter_placement", "offer", place_id=self.hand.free_place("shelter"),
            capability_match="all", house_rules_language="ro", housed_with="alone",
        )  # fmt: skip
        done = ("rights_information", "advice_offered", "medical_checked", "reflection_offered", "consent")
        self.act(
            "shelter", "shelter_placement", "place", placed_on=self.today(), **dict.fromkeys(done, "yes")
        )

    def oversee(self, who: str = "supervisor", reason: str = "A decision waits for me") -> None:
        """Let a supervisor read the case for some hours, unless these still last."""
        if self.hand.is_closed(who, self.case):
            self.hand.oversee(who, self.case, reason)

    def wait(self, **span: float) -> None:
        """Let time pass; the timer runs, and everybody signs in anew."""
        self.clock.move(timedelta(**span))
        self.hand.browsers.clear()
        sweep(self.jobs)

    # What is seen.

    def stands(self, who: str, **states: str) -> None:
        """Each of these tracks stands in that state, as somebody is shown it."""
        shown = self.hand.states(who, self.case)
        meant = {TRACKS[slug].label: TRACKS[slug].state(state).label for slug, state in states.items()}
        assert {label: shown.get(label) for label in meant} == meant, (who, shown)

    def knows_nothing_of(self, who: str, *slugs: str) -> None:
        """Whether these tracks are there at all stays unknown to somebody."""
        shown, seen = self.hand.states(who, self.case), self.hand.seen(who, self.case)
        for slug in slugs:
            assert TRACKS[slug].label not in shown, (who, slug)
            assert TRACKS[slug].steps[0].label not in seen, (who, slug)

    def runs(self, who: str, **clocks: str) -> None:
        """Each of these clocks (`track__clock`) rings on that day."""
        shown = self.hand.due(who, self.case)
        for name, day in clocks.items():
            slug, _sign, clock = name.partition("__")
            label = next(each.label for each in TRACKS[slug].deadlines if each.name == clock)
            assert (shown.get(label) or "").startswith(day), (who, label, shown)

    def rests(self, who: str, *clocks: str) -> None:
        """None of these clocks runs."""
        shown = self.hand.due(who, self.case)
        for name in clocks:
            slug, _sign, clock = name.partition("__")
            assert next(e.label for e in TRACKS[slug].deadlines if e.name == clock) not in shown, (who, name)

    def refuses(
        self, who: str, slug: str, step: str, rule: str, law: str | None = None, **values: Any
    ) -> None:
        """The step is refused, and the refusal names its legal source, and the rule: to readers by its number only."""
        said = self.hand.refused(who, self.case, slug, step, values)
        if rule in INVARIANTS or self.hand.names_every_rule:
            assert rule in said, (rule, said)
        source = law or INVARIANTS[rule].source.split(";")[0].split(" and ")[0]
        assert source in said, (source, said)

    def never_offers(self, who: str, slug: str, *steps: str) -> None:
        """These steps are never somebody's, whatever the state."""
        for step in steps:
            assert not self.hand.offered(who, self.case, slug, step), (who, slug, step)

    def shows(self, who: str, *words: str) -> None:
        """Somebody is shown these words."""
        seen = self.hand.seen(who, self.case)
        assert not [each for each in words if each not in seen], (who, seen)

    def hides(self, who: str | Iterable[str], *words: str) -> None:
        """Somebody is shown none of these words."""
        for each in [who] if isinstance(who, str) else who:
            if not self.hand.is_closed(each, self.case):
                seen = self.hand.seen(each, self.case)
                assert not [word for word in words if word in seen], each

    def is_closed_to(self, *people: str) -> None:
        """To a stranger the case is as if there were none."""
        for who in people:
            assert self.hand.is_closed(who, self.case), who

    def calls(self, who: str, words: str) -> None:
        """A notice waits for somebody."""
        assert words in self.hand.notices(who), (who, self.hand.notices(who))

    # What is named.

    def house(self, name: str) -> str:
        """Return the identifier of an organisation."""
        if name not in self.houses:
            self.houses[name] = self.hand.organisation(name)
        return self.houses[name]

    def today(self, **later: float) -> str:
        """Return the day of the held clock, or one after it."""
        return self.day(**later).isoformat()

    def day(self, **later: float) -> date:
        """Return the day of the held clock, or one after it, as a date."""
        return local_day(self.clock.now(), "Europe/Vienna") + timedelta(**later)
