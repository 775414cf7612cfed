"""From a declaration to the page about it: nothing is said here that the declaration or its rules do not say."""

from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Any

from app.kit.i18n import _, translate
from app.law import source, words
from app.law.asking import fields_told
from app.law.chart import chart
from app.law.clocks import Clocks, length_told
from app.law.sight import sight
from app.law.told import RuleTold, StepTold, TrackTold
from app.procedure import effects
from app.procedure.clocks import started_by
from app.procedure.declaration import Guard, Step, Track
from app.procedure.invariants import INVARIANTS
from app.profiles.citation import cited
from app.safeguards.fields import Form
from app.safeguards.matrix import MATRIX
from app.safeguards.words import Category, Relation, Role
from app.tracks import TRACKS
from app.tracks.core.consent_forms import PURPOSES


@cache
def told(slug: str, language: str) -> TrackTold:
    """Return the page about a track in one language; KeyError where there is none of that name."""
    return _Telling(TRACKS[slug], language).page()


class _Telling:
    """Tells one track in one language."""

    def __init__(self, track: Track, language: str) -> None:
        self.track = track
        self.language = language
        self.states = {state.name: self.say(state.label) for state in track.states}
        self.first_with: dict[type[Form], Step] = {}

    def say(self, text: str) -> str:
        return translate(text, self.language)

    def page(self) -> TrackTold:
        track = self.track
        seen_by = track.seen_by or frozenset()
        return TrackTold(
            slug=track.slug,
            number=track.number,
            label=self.say(track.label),
            family=self.say(words.FAMILIES[track.family]),
            purpose=self.say(track.purpose),
            sources=cited(track.sources, self.language),
            notes=tuple(self.say(note) for note in track.notes),
            states=tuple((each.name, self.states[each.name], each.terminal) for each in track.states),
            steps=tuple(self.step(same) for same in self.named()),
            clocks=tuple(Clocks(track, self.language).all()),
            sight=tuple(sight(track, self.language)),
            known_to=tuple(MATRIX.name(role, self.language) for role in Role if role in seen_by),
            chart=chart(track, self.language),
        )

    def named(self) -> list[list[Step]]:
        """Return the steps, those together that are one act from several states."""
        found: dict[tuple[str, str], list[Step]] = {}
        for step in self.track.steps:
            found.setdefault((step.name, step.label), []).append(step)
        return list(found.values())

    def step(self, same: list[Step]) -> StepTold:
        step = same[0]
        first = self.first_with.setdefault(step.form, step)
        return StepTold(
            name=step.name,
            label=self.say(step.label),
            help=self.say(step.help) if step.help else "",
            ways=tuple(dict.fromkeys(chain(*map(self.ways, same)))),
            who=tuple(self.who(role) for role in Role if any(role in each.by for each in same)),
            basis=cited(step.basis, self.language),
            apart=tuple(dict.fromkeys(self.say(self.track.step(name).label) for name in step.apart_from)),
            rules=tuple(dict.fromkeys(chain(*map(self.rules, same)))),
            follows=tuple(dict.fromkeys(chain(*map(self.follows, same)))),
            fields=fields_told(step.form, self.language) if first is step else (),
            asked_as=None
            if first is step or not step.form.model_fields
            else (first.name, self.say(first.label)),
        )

    def ways(self, step: Step) -> list[tuple[str, str]]:
        origins = [self.states[name] for name in step.from_] or [self.say(_("Beginning"))]
        return [(origin, self.states[step.to]) for origin in origins]

    def who(self, role: Role) -> str:
        return self.say(words.TIMER) if role is Role.SYS else MATRIX.name(role, self.language)

    def rules(self, step: Step) -> Iterator[RuleTold]:
        for number in step.invariants:
            each = INVARIANTS[number]
            yield RuleTold(self.say(each.title), cited(each.source, self.language), number=number)
        for guard in step.guards:
            yield from self.guard(step, guard)

    def guard(self, step: Step, guard: Guard) -> Iterator[RuleTold]:
        numbers = tuple(length_told(key, self.language) for key in source.national_keys(guard))
        for call in source.sayings(guard):
            unblock = call.each("unblock")
            for message in call.each("message"):
                yield RuleTold(
                    self.gaps(self.question(step, call) + self.say(message)),
                    " ".join(cited(each, self.language) for each in call.each("source")[:1] if each),
                    self.gaps(self.say(unblock[0])) if unblock and unblock[0] else "",
                    lengths=numbers,
                )

    def question(self, step: Step, call: source.Call) -> str:
        """Return the question that a mere complaint about an answer speaks of."""
        names = [name for name in call.each("field") if isinstance(name, str)]
        about = fields_told(step.form, self.language) if call.name == "Fault" else ()
        return next((f"{each.label} – " for each in about if each.name in names), "")

    @staticmethod
    def gaps(text: str) -> str:
        """Return a text whose gaps only a case can fill with dots in them."""
        return text.format_map(_Dots())

    def follows(self, step: Step) -> Iterator[str]:
        for clock in started_by(self.track, step):
            yield self.say(_("the clock begins: {clock}")).format(clock=self.say(clock.label))
        for call in source.doings(step.then) if step.then else ():
            if (text := words.EFFECTS.get(call.made)) is None:
                continue
            kinds = call.each("kind") if call.made is effects.Alert else (None,)
            yield from (self.say(text).format_map(self.gapped(call, kind)) for kind in kinds)

    def gapped(self, call: source.Call, kind: Any) -> dict[str, str]:
        slug = next((name for name in call.each("slug") if name in TRACKS), "")
        steps = [TRACKS[slug].step(name).label for name in call.each("step")] if slug else []
        relation = [MATRIX.name(Relation(each), self.language) for each in call.each("relation") if each]
        return {
            "track": self.say(TRACKS[slug].label) if slug else "",
            "step": " / ".join(self.say(label) for label in steps),
            "role": self.roles(call),
            "relation": " / ".join(relation),
            "categories": ", ".join(self.categories(call)),
            "purpose": " / ".join(
                self.say(PURPOSES.get(each, each)) for each in call.each("purpose") if isinstance(each, str)
            ),
            "kind": self.gaps(self.say(kind)) if kind else "",
            "age_class": " / ".join(self.say(words.AGES.get(each, each)) for each in call.each("age_class"))
            or "…",
        }

    def categories(self, call: source.Call) -> list[str]:
        """Return which categories a step lends, where the step itself and not the consent says so."""
        found = [each for each in call.each("categories") if isinstance(each, Category)]
        return [MATRIX.name(each, self.language) for each in found] or [self.say(words.AGREED)]

    def roles(self, call: source.Call) -> str:
        """Return who is meant: a role, else an organisation that the facts name, else the team."""
        found = [self.who(Role(each)) for each in call.each("role") if each]
        if found:
            return ", ".join(dict.fromkeys(found))
        named = source.UNKNOWN in {call.values.get("role"), call.values.get("organisation_id")}
        return self.say(words.NAMED if named else words.TEAM)


class _Dots(dict[str, str]):
    """Fills every gap with dots; a number of the profile would be another in each country."""

    def __missing__(self, key: str) -> str:
        return "…"


def rules_above(language: str) -> list[RuleTold]:
    """Return the numbered rules above all tracks."""
    return [
        RuleTold(translate(each.title, language), cited(each.source, language), number=each.id)
        for each in INVARIANTS.values()
    ]


def families(language: str) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return every track (slug, number, label) by family, for a list of the law."""
    return [
        (
            translate(title, language),
            [
                (each.slug, each.number, translate(each.label, language))
                for each in TRACKS.values()
                if each.family == name
            ],
        )
        for name, title in words.FAMILIES.items()
    ]
