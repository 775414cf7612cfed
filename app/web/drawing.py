"""A form as it will be drawn: every question with its words, what was typed, its fault, its identifiers."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from app.kit.errors import Fault
from app.kit.i18n import _
from app.web.names import Blank, Typed
from app.web.shape import Shape, shapes

YES_NO = {"yes": _("Yes"), "no": _("No")}
MOST_OPEN = 3  # lists that may stay empty; more of them are folded
FREE = 2  # empty lists beside those in which something is chosen
PARTS = {  # part of a value -> marked label, class of its width, keyboard
    "day": (_("Day"), "govuk-input--width-2", "numeric"),
    "month": (_("Month"), "govuk-input--width-2", "numeric"),
    "year": (_("Year"), "govuk-input--width-4", "numeric"),
    "amount": (_("Amount"), "govuk-input--width-10", "decimal"),
    "currency": (_("Currency"), "govuk-input--width-3", "text"),
}
LINE = 300  # characters of an answer that is typed on one line
Options = Mapping[str, Sequence[tuple[Any, str]]]


@dataclass(frozen=True)
class Option:
    """One answer offered."""

    value: str
    label: str  # marked text, or a name that needs no translation
    checked: bool
    names: Callable[[str], Mapping[str, str]] | None = None  # the names of all codes in a language


@dataclass(frozen=True)
class Part:
    """One input of a value typed in parts."""

    name: str
    label: str
    style: str
    keyboard: str
    value: str


@dataclass(frozen=True)
class Hangs:
    """A question that is asked only after certain answers to another one."""

    name: str  # of the other question's inputs
    codes: tuple[str, ...]
    answers: tuple[str, ...]  # marked labels of those codes


@dataclass(frozen=True)
class Block:
    """One of the blocks of a group."""

    number: int
    questions: tuple["Question", ...]
    fresh: bool  # added a moment ago: the keyboard goes there
    label: str | None = None  # marked; of the one answer that the block is about

    @property
    def wrong(self) -> bool:
        """Say whether anything in the block is to be corrected."""
        return any(inner.fault for each in self.questions for inner in each.all())


@dataclass(frozen=True)
class Question:
    """One question, ready to be drawn; `path` is dotted, `name` is what the browser sends."""

    path: str
    name: str
    widget: str
    label: str
    hint: str | None
    required: bool
    fault: Fault | None = None
    value: str = ""
    options: tuple[Option, ...] = ()
    chosen: tuple[str, ...] = ()  # several answers, in the order in which they were given
    parts: tuple[Part, ...] = ()
    blocks: tuple[Block, ...] = ()
    may_grow: bool = False
    repeats: bool = False
    folded: bool = False  # one of many lists that may stay empty, and is
    hangs: Hangs | None = None
    limit: int | None = None
    keyboard: str | None = None
    width: int | None = None  # of the box, in characters: what fits shows how much is asked
    heading: bool = False  # the label is the heading of the page

    @property
    def id(self) -> str:
        """Return the identifier in the page."""
        return f"f-{self.path}"

    @property
    def optional(self) -> bool:
        """Say whether it may be left open; of buttons, one that is pressed stays pressed."""
        pressed = self.widget == "choice" and any(each.checked for each in self.options)
        return not (self.required or self.hangs or pressed)

    @property
    def picked(self) -> tuple[str, ...]:
        """Return what is chosen in each list of a question with several answers; two more stay free."""
        return (*self.chosen, *[""] * FREE)[: self.limit or len(self.chosen) + FREE]

    @property
    def target(self) -> str:
        """Return the identifier of the input that a link to this question should reach."""
        return f"{self.id}.{self.parts[0].name}" if self.parts else self.id

    def all(self) -> Iterable["Question"]:
        """Yield this question and those inside it."""
        yield self
        for block in self.blocks:
            for question in block.questions:
                yield from question.all()


@dataclass(frozen=True)
class Drawing:
    """The questions of a form, and its faults in the order of the page."""

    questions: tuple[Question, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def summary(self) -> list[tuple[Fault, str | None]]:
        """Return each fault with the identifier that its link leads to, None where no question is shown."""
        shown = {each.path: each for question in self.questions for each in question.all()}
        return [(fault, _target(fault.field, shown)) for fault in self.faults]


def _target(field: str | None, shown: Mapping[str, Question]) -> str | None:
    """Return where a fault is shown: at its question, or at the group that the question belongs to."""
    steps = field.split(".") if field else []
    while steps:
        if question := shown.get(".".join(steps)):
            return None if question.widget == "hidden" else question.target
        steps.pop()
    return None


def draw(  # noqa: PLR0913 -- all but two are named at the call
    form: type[BaseModel], typed: Typed | None = None, *, faults: Iterable[Fault] = (),
    options: Options | None = None, only: Collection[str] | None = None, heading: str | None = None,
    needed: Collection[str] = (),
) -> Drawing:  # fmt: skip
    """Return a form to be drawn with what was typed and what is wrong with it.

    `options` gives the answers of organisation, user, shelter_place (and any other) questions by field name,
    as pairs of value and label. `only` names the questions of this page, `needed` those that are to be answered
    here though the form itself can do without. `heading` names the question whose
    label is the heading of the page; the layout then draws no other.
    """
    told = tuple(faults)
    pen = _Pen({fault.field: fault for fault in reversed(told) if fault.field}, options or {})
    drawn = pen.questions(form, typed or {}, (), only)
    questions = [replace(each, required=True) if each.name in needed else each for each in drawn]
    free = {each.name for each in questions if each.repeats and not each.required}
    closed = {each for each in free if len(free) > MOST_OPEN and not (typed or {}).get(each)} - {
        str(fault.field).partition(".")[0] for fault in told
    }
    return Drawing(
        tuple(replace(each, heading=each.name == heading, folded=each.name in closed) for each in questions),
        told,
    )


@dataclass(frozen=True)
class _Pen:
    faults: Mapping[str, Fault]
    options: Options

    def questions(
        self, form: type[BaseModel], typed: Typed, at: tuple[str, ...], only: Collection[str] | None = None
    ) -> list[Question]:
        """Return the questions of a form, or of one block of a group."""
        asked = [shape for name, shape in shapes(form).items() if only is None or name in only]
        names = {shape.name for shape in asked}
        return [
            self._question(form, shape, typed.get(shape.name), (*at, shape.name), names) for shape in asked
        ]

    def _question(
        self, form: type[BaseModel], shape: Shape, typed: Any, at: tuple[str, ...], names: Collection[str]
    ) -> Question:
        path = ".".join(at)
        blocks = self._blocks(shape, typed, at)
        return Question(
            path=path,
            name="-".join(at),
            widget=_widget(shape),
            label=shape.about.label,
            hint=_hint(shape),
            required=shape.required,
            fault=self.faults.get(path),
            value=clean(typed) if isinstance(typed, str) else "",
            options=self._options(shape, typed),
            chosen=tuple(clean(str(each)) for each in typed) if _widget(shape) == "selects" and typed else (),
            parts=_parts(shape, typed),
            blocks=blocks,
            may_grow=shape.many and len(blocks) < shape.most,
            repeats=bool(shape.group) and shape.many,
            hangs=_hangs(form, shape, at, names),
            limit=shape.limit if _widget(shape) in ("area", "selects") else None,
            keyboard=shape.keyboard,
            width=shape.width,
        )

    def _blocks(self, shape: Shape, typed: Any, at: tuple[str, ...]) -> tuple[Block, ...]:
        if not shape.group:
            return ()
        if not shape.many:
            return (Block(0, tuple(self.questions(shape.group, typed or {}, at)), fresh=False),)
        about = _about(shape.group, typed or [])
        return tuple(
            self._block(shape.group, each, (*at, str(number)), about)
            for number, each in enumerate(typed or [{}])
        )

    def _block(self, form: type[BaseModel], typed: Typed, at: tuple[str, ...], about: Shape | None) -> Block:
        drawn = tuple(self.questions(form, typed, at))
        fresh, number = isinstance(typed, Blank), int(at[-1])
        if about is None:
            return Block(number, drawn, fresh)
        label = (about.about.choices or {})[typed[about.name]]
        rest = tuple(
            replace(each, widget="hidden") if each.name.endswith(f"-{about.name}") else each for each in drawn
        )
        return Block(number, rest, fresh, label)

    def _options(self, shape: Shape, typed: Any) -> tuple[Option, ...]:
        if _widget(shape) not in ("choice", "select", "selects", "ticks"):
            return ()
        declared = shape.about.choices or (YES_NO if shape.about.widget == "yes_no" else {})
        offered: Iterable[tuple[Any, str]] = self.options.get(shape.name) or declared.items()
        chosen = typed if isinstance(typed, list) else [typed]
        names = getattr(declared, "shown", None)  # countries and languages know their names themselves
        return tuple(Option(str(value), label, str(value) in chosen, names) for value, label in offered)


def _about(form: type[BaseModel], rows: Sequence[Typed]) -> Shape | None:
    """Return the question that names each row, where every answer that it has stands in a row of its own."""
    first = next(iter(shapes(form).values()))
    codes = first.about.choices or {}
    given = [each.get(first.name) for each in rows]
    named = first.required and _widget(first) == "choice" and len(given) == len(codes)
    return first if codes and named and set(given) == set(codes) else None


def clean(text: str) -> str:
    """Return a text that a page can hold, with a sign where it had a character that it cannot."""
    return "".join("�" if each == "\x00" or "\ud800" <= each <= "\udfff" else each for each in text)


def _widget(shape: Shape) -> str:
    """Return how a question is drawn; who and where are picked from a list."""
    widget = shape.about.widget
    if shape.group:
        return "group"
    if shape.parts:
        return "hidden" if widget == "hidden" else "parts"
    if widget in ("organisation", "user", "shelter_place"):
        return "ticks" if shape.many else "select"
    if widget in ("yes_no", "track"):
        return "choice"
    if shape.many:
        return "selects" if widget == "select" else "ticks"  # from a long list, answers are picked one by one
    return "area" if widget == "text" and (shape.limit or 0) > LINE else widget


def _hint(shape: Shape) -> str | None:
    """Return what stands under the label: what helps with every answer of a kind only where it says how to type it."""
    return shape.about.guide if shape.parts else shape.about.help


def _parts(shape: Shape, typed: Any) -> tuple[Part, ...]:
    held = typed if isinstance(typed, Mapping) else {}
    return tuple(Part(name, *PARTS[name], clean(str(held.get(name, "")))) for name in shape.parts)


def _hangs(form: type[BaseModel], shape: Shape, at: tuple[str, ...], names: Collection[str]) -> Hangs | None:
    """Return what a question hangs on, where the other question is on the same page."""
    if shape.about.when is None or shape.about.when[0] not in names:
        return None
    name, codes = shape.about.when
    labels = shapes(form)[name].about.choices or YES_NO
    return Hangs("-".join((*at[:-1], name)), codes, tuple(labels.get(code, code) for code in codes))
