"""The law as it is declared, written out for people: docs/tracks.md is made of this, in both languages."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.kit.i18n import LANGUAGES, _, translate
from app.procedure.clocks import National
from app.procedure.declaration import Deadline, Step, Track
from app.procedure.invariants import INVARIANTS
from app.procedure.soundness import forms_in
from app.profiles.compare import UNITS
from app.profiles.profile import load
from app.safeguards.fields import Asked, Form, questions
from app.safeguards.matrix import MATRIX
from app.safeguards.words import Role

HEAD = """<!-- Made from the declarations in app/tracks; change those, then run `nrm docs`. -->

"""
START = "[*]"
MANY = 40  # a longer list of codes is counted, not told


def describe(tracks: Mapping[str, Track]) -> str:
    """Return the text of docs/tracks.md: every track in English, then every track in French."""
    declared = tuple(tracks.values())
    return HEAD + "\n".join("\n".join(_In(language).everything(declared)) for language in LANGUAGES) + "\n"


class _In:
    """Writes in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, text: str) -> str:
        return translate(text, self.language)

    def everything(self, tracks: tuple[Track, ...]) -> Iterator[str]:
        title = self.say(_("The tracks, and the law that they are"))
        yield f"# {title}\n"
        for track in tracks:
            yield f"* [{track.number} {self.say(track.label)}](#{self.anchor(track)})"
        yield ""
        for track in tracks:
            yield from self.track(track)
        yield from self.invariants()

    def anchor(self, track: Track) -> str:
        return f"{track.slug.replace('_', '-')}-{self.language}"

    def track(self, track: Track) -> Iterator[str]:
        yield f'<a id="{self.anchor(track)}"></a>\n'
        yield f"## {track.number} {self.say(track.label)} (`{track.slug}`)\n"
        sources = self.say(_("Sources"))
        yield f"{sources}: {track.sources}.\n"
        yield from (f"* {self.say(note)}" for note in track.notes)
        yield f"\n{chart(track, self.language)}\n"
        yield from self.steps(track)
        if track.deadlines:
            yield from self.clocks(track)
        yield from self.forms(track)

    def steps(self, track: Track) -> Iterator[str]:
        names = {state.name: self.say(state.label) for state in track.states}
        yield from self.heading(_("Step"), _("Out of"), _("Into"), _("Who"), _("Rules"), _("Law"))
        for step in track.steps:
            origin = ", ".join(names[name] for name in step.from_) or "–"
            who = ", ".join(self.role(role) for role in Role if role in step.by)
            yield self.row(
                f"{self.say(step.label)} `{step.name}`",
                origin,
                names[step.to],
                who,
                self.rules(step),
                step.basis,
            )
        yield ""

    def role(self, role: Role) -> str:
        if role is Role.SYS:
            return self.say(_("the timer"))
        return MATRIX.name(role, self.language)

    def rules(self, step: Step) -> str:
        apart = " ".join(f"`{name}`" for name in step.apart_from)
        keeping = [self.say(_("not whoever took")) + " " + apart] if apart else []
        return ", ".join([*step.invariants, *keeping])

    def clocks(self, track: Track) -> Iterator[str]:
        yield from self.heading(
            _("Clock"), _("Starts"), _("Length"), _("Who answers"), _("When due"), _("Law")
        )
        proposal = self.say(_("the number is a proposal"))
        for each in track.deadlines:
            starts = ", ".join(f"`{name}`" for name in each.starts)
            law = f"{each.basis} ({proposal})" if each.proposal else each.basis
            yield self.row(
                self.say(each.label),
                starts,
                self.length(each),
                self.role(each.responsible),
                self.when_due(each),
                law,
            )
        yield ""

    def length(self, deadline: Deadline) -> str:
        if isinstance(deadline.lasts, National):
            entry = load().entry(deadline.lasts.key)
            return f"{entry.value} {self.say(UNITS[entry.unit])} (`{deadline.lasts.key}`)"
        if isinstance(deadline.at, str):
            return self.say(_("the day recorded as")) + f" `{deadline.at}`"
        found: Any = deadline.lasts or deadline.at
        return self.say(_("as the rule says")) + f" `{found.__name__.lstrip('_')}`"

    def when_due(self, deadline: Deadline) -> str:
        if deadline.expires:
            return f"`{deadline.expires}`"
        return (
            self.say(_("a reminder")) if deadline.reminder else self.say(_("overdue, and somebody is told"))
        )

    def forms(self, track: Track) -> Iterator[str]:
        seen: set[type[Form]] = set()
        asked = self.say(_("What is asked"))
        for step in track.steps:
            if step.form in seen or not step.form.model_fields:
                continue
            seen.add(step.form)
            yield f"<details><summary>{asked}: {self.say(step.label)}</summary>\n"
            yield from self.heading(
                _("Field"), _("Question"), _("Category"), _("Needed"), _("Kept in the clear")
            )
            yield from self.fields(step.form, "")
            yield "\n</details>\n"

    def fields(self, form: type[Form], path: str) -> Iterator[str]:
        for name, about in questions(form).items():
            info = form.model_fields[name]
            needed = self.say(_("yes")) if info.is_required() else ""
            yield self.row(
                f"`{path}{name}`", self.question(about), str(about.category), needed, about.clear or ""
            )
            for inner in forms_in(info.annotation):
                yield from self.fields(inner, f"{path}{name}.")

    def question(self, about: Asked) -> str:
        codes = list(about.choices or ())
        if len(codes) > MANY:
            return f"{self.say(about.label)} ({len(codes)} " + self.say(_("codes")) + ")"
        return " ".join([self.say(about.label), *(f"`{code}`" for code in codes)])

    def invariants(self) -> Iterator[str]:
        title = self.say(_("Rules above all tracks"))
        yield f"## {title}\n"
        yield from self.heading(_("Number"), _("Rule"), _("Law"), _("What keeps it"))
        for each in INVARIANTS.values():
            yield self.row(each.id, self.say(each.title), each.source, each.kept_by)

    def heading(self, *titles: str) -> Iterator[str]:
        yield self.row(*(self.say(title) for title in titles))
        yield self.row(*("---" for title in titles))

    @staticmethod
    def row(*cells: str) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def chart(track: Track, language: str) -> str:
    """Return the state chart of a track as Mermaid text."""
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{translate(state.label, language)}" as {state.name}' for state in track.states]
    arrows = {
        (origin, step.to): translate(step.label, language).replace(":", " –").replace(";", ",")
        for step in reversed(track.steps)
        for origin in step.from_ or (START,)
    }
    lines += [f"    {origin} --> {to}: {label}" for (origin, to), label in reversed(arrows.items())]
    lines += [f"    {state.name} --> {START}" for state in track.states if state.terminal]
    return "\n".join([*lines, "```"])
