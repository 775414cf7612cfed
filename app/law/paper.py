"""The same pages as papers: Markdown for whoever reads the law in the repository."""

from collections.abc import Iterable, Iterator

from app.kit.i18n import _, translate
from app.law.telling import families, rules_above, told
from app.law.told import ClockTold, FieldTold, LengthTold, RuleTold, StepTold, TrackTold
from app.tracks import TRACKS

MADE = "<!-- Made from the declarations in app/tracks; change those, then run `nrm docs`. -->"


def papers_of_the_law(languages: tuple[str, ...]) -> dict[str, str]:
    """Return every paper of the law by its name under docs/: a list, and a page and drawing for each track."""
    made = {"tracks.md": "\n".join([MADE, "", *(line for each in languages for line in _list(each))])}
    for slug in TRACKS:
        for language in languages:
            page = told(slug, language)
            made[f"tracks/{slug}.{language}.md"] = "\n".join(_Paper(page, language).lines()) + "\n"
            made[f"tracks/{slug}.{language}.svg"] = page.chart
    return made


def _list(language: str) -> Iterator[str]:
    yield _heading(1, _("The tracks, and the law that they are"), language)
    for title, tracks in families(language):
        yield f"## {title}\n"
        for slug, number, label in tracks:
            yield f"* [{number} {label}](tracks/{slug}.{language}.md): {told(slug, language).purpose}"
        yield ""
    yield _heading(2, _("Rules above all tracks"), language)
    yield from (f"* **{each.number}** {each.words} ({each.source})" for each in rules_above(language))
    yield ""


def _heading(depth: int, text: str, language: str) -> str:
    return f"{'#' * depth} {translate(text, language)}\n"


class _Paper:
    """Writes one page."""

    def __init__(self, page: TrackTold, language: str) -> None:
        self.page = page
        self.language = language

    def say(self, text: str) -> str:
        return translate(text, self.language)

    def named(self, name: str, text: str) -> str:
        """Return a text after its marked name, with the colon of the language."""
        colon = "\u00a0:" if self.language == "fr" else ":"
        return f"**{self.say(name).rstrip(colon)}{colon}** {text}"

    def several(self, name: str, items: Iterable[str]) -> Iterator[str]:
        """Yield a list under its marked name, or nothing where it is empty."""
        found = [f"  * {each}" for each in items]
        if found:
            yield from ("* " + self.named(name, "").rstrip(), *found)

    def lines(self) -> Iterator[str]:
        page = self.page
        yield f"{MADE}\n\n# {page.number} {page.label}\n\n{page.purpose}\n"
        yield self.named(_("Legal basis:"), page.sources) + ".\n"
        if page.known_to:
            yield self.named(_("Only these learn that it exists:"), ", ".join(page.known_to)) + ".\n"
        yield from (f"* {note}" for note in page.notes)
        yield "\n" + _heading(2, _("States"), self.language)
        alt = self.say(_("States and steps: {track}")).format(track=page.label)
        yield f"![{alt}]({page.slug}.{self.language}.svg)\n"
        yield _heading(2, _("Steps"), self.language)
        for step in page.steps:
            yield from self.step(step)
        if page.clocks:
            yield _heading(2, _("Clocks"), self.language)
        for clock in page.clocks:
            yield from self.clock(clock)
        yield from self.sight()

    def step(self, step: StepTold) -> Iterator[str]:
        yield f'<a id="step-{step.name}"></a>\n\n### {step.label}\n'
        if step.help:
            yield f"{step.help}\n"
        ways = " · ".join(f"{out} → {into}" for out, into in step.ways)
        yield "* " + self.named(_("From and to"), ways)
        yield "* " + self.named(_("Who"), ", ".join(step.who))
        if step.apart:
            yield "* " + self.named(_("Not whoever took"), ", ".join(step.apart))
        yield "* " + self.named(_("Law"), step.basis)
        yield from self.several(_("What can stand against it"), map(self.rule, step.rules))
        yield from self.several(_("What follows in the same instant"), step.follows)
        if step.asked_as:
            same = self.say(_("the same as for"))
            yield "* " + self.named(_("Asked"), f"{same} [{step.asked_as[1]}](#step-{step.asked_as[0]})")
        yield ""
        if step.fields:
            yield from self.fields(step.fields)

    def rule(self, rule: RuleTold) -> str:
        said = f"{rule.number} {rule.words}".strip()
        law = f" ({rule.source})" if rule.source else ""
        way = f" → {rule.unblock}" if rule.unblock else ""
        return said + law + way + "".join(f"\n    * {self.length(each)}" for each in rule.lengths)

    def length(self, length: LengthTold) -> str:
        elsewhere = f" · {' · '.join(length.elsewhere)}" if length.elsewhere else ""
        name = f"{length.title}, " if length.title != length.key else ""
        return f"{name}`{length.key}`: **{length.words}** ({length.source}){elsewhere}"

    def clock(self, clock: ClockTold) -> Iterator[str]:
        yield f'<a id="clock-{clock.name}"></a>\n\n### {clock.label}\n'
        yield "* " + self.named(_("Begins with"), ", ".join(clock.starts))
        yield from self.several(_("Length"), map(self.length, clock.lengths))
        if clock.days:
            yield "* " + self.named(_("Counted from or to the day recorded as"), ", ".join(clock.days))
        yield "* " + self.named(_("When it is due"), clock.when_due)
        yield "* " + self.named(_("Who answers for it"), clock.responsible)
        if clock.told:
            yield "* " + self.named(_("Who is told"), clock.told)
        proposal = (
            " " + self.say(_("(no source gives the number: it is a proposal)")) if clock.proposal else ""
        )
        yield "* " + self.named(_("Law"), clock.basis + proposal) + "\n"

    def fields(self, fields: tuple[FieldTold, ...]) -> Iterator[str]:
        summary = self.say(_("What is asked"))
        yield f"<details><summary>{summary} ({len(fields)})</summary>\n"
        heads = (
            _("Question"),
            _("Kind of answer"),
            _("Category"),
            _("Needed"),
            _("Kept for rules and clocks"),
        )
        yield self.row(*map(self.say, heads))
        yield self.row(*("---" for _each in heads))
        for each in fields:
            yield from self.field(each, "")
        yield "\n</details>\n"

    def field(self, field: FieldTold, path: str) -> Iterator[str]:
        name = f"{path}{field.name}"
        more = [f"**{field.label}** `{name}`", field.help, field.when]
        codes = [f"{label} `{code}`" for code, label in field.codes]
        if field.counted:
            codes = [self.say(_("{count} codes")).format(count=field.counted)]
        kind = [field.kind, ", ".join(codes), f"HTCDS `{field.standard}`" if field.standard else ""]
        yes = self.say(_("yes"))
        yield self.row(
            "<br>".join(filter(None, more)),
            "<br>".join(filter(None, kind)),
            field.category,
            yes if field.needed else "",
            field.clear,
        )
        for inner in field.inner:
            yield from self.field(inner, f"{name}.")

    def sight(self) -> Iterator[str]:
        yield _heading(2, _("Who sees what"), self.language)
        yield self.say(SIGHT) + "\n"
        heads = (_("Category"), _("Open to"), _("What they wrote themselves"), _("Only that it exists"))
        yield self.row(*map(self.say, heads))
        yield self.row(*("---" for _each in heads))
        for each in self.page.sight:
            yield self.row(
                each.category, ", ".join(each.open_to), ", ".join(each.own), ", ".join(each.existence)
            )

    @staticmethod
    def row(*cells: str) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


SIGHT = _(
    "Always only with a working relation to the case; everybody else learns nothing of it, not even that it is."
)
