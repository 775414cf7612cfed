"""The states of a track drawn as a ladder: under each state the steps out of it, each with a rail to where it leads.

Text stands left and rails run right, so that no label can lie on another or on a line; what crosses goes straight on,
what joins is rounded. It stays readable on a telephone and on paper, needs no style and no script.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from textwrap import wrap
from xml.sax.saxutils import escape

from app.kit.i18n import _, translate
from app.procedure.declaration import Step, Track

COLUMN = 286  # where text ends and rails begin
RAIL = 10  # from one rail to the next
LINE = 17  # height of a line of text
LETTER, BOLD = 8.1, 9.0  # generous widths of a letter, so that any font fits
INK, PAPER = "#1c2430", "#ffffff"
RAILS = ("#17475c", "#8a3b12", "#5a3a8a", "#1f6b45", "#9c1f5c", "#5b5a00")
FONT = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', Arial, sans-serif"


@dataclass
class Row:
    """A line of the ladder: a state, or a step out of the state above it."""

    lines: list[str]
    state: str = ""  # of a state's row
    end: bool = False
    to: str = ""  # of a step's row
    top: int = 0
    height: int = 0
    stays: bool = field(default=False)

    @property
    def middle(self) -> int:
        """Return where rails begin or end."""
        return self.top + self.height // 2


def chart(track: Track, language: str) -> str:
    """Return the drawing of a track as SVG."""
    rows = list(_placed(_rows(track, language)))
    rails = _rails(rows)
    width = COLUMN + RAIL * (max(rails.values(), default=0) + 2)
    height = rows[-1].top + rows[-1].height + 8
    title = translate(_("States and steps: {track}"), language).format(track=translate(track.label, language))
    drawn = [*_spines(rows), *_lines(rows, rails), *(part for row in rows for part in _row(row))]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"',
            f' height="{height}" role="img" aria-labelledby="chart-title chart-desc" lang="{language}"',
            f' font-family="{FONT}" font-size="14" fill="{INK}">',
            f'<title id="chart-title">{escape(title)}</title>',
            f'<desc id="chart-desc">{escape(_told(track, language))}</desc>',
            f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
            *drawn,
            "</svg>\n",
        ]
    )


def _told(track: Track, language: str) -> str:
    """Return the drawing as sentences."""
    names = {state.name: translate(state.label, language) for state in track.states}
    begins = translate(_("Beginning"), language)
    return " ".join(
        f"{', '.join(names[name] for name in step.from_) or begins} → {translate(step.label, language)} →"
        f" {names[step.to]}."
        for step in track.steps
    )


def _rows(track: Track, language: str) -> Iterator[Row]:
    yield Row([translate(_("Beginning"), language)], state="*")
    yield from (_step(step, "", language) for step in track.steps if not step.from_)
    for state in track.states:
        yield Row(_wrapped(translate(state.label, language), 8, BOLD), state=state.name, end=state.terminal)
        yield from (_step(step, state.name, language) for step in track.steps if state.name in step.from_)


def _step(step: Step, origin: str, language: str) -> Row:
    label = translate(step.label, language)
    return Row(_wrapped(label, 30, LETTER), to=step.to, stays=step.to == origin)


def _wrapped(text: str, indent: int, letter: float) -> list[str]:
    return wrap(text, int((COLUMN - 10 - indent) / letter), break_long_words=False)


def _placed(rows: Iterator[Row]) -> Iterator[Row]:
    at = 8
    for row in rows:
        if row.state:
            at += 8
        row.top, row.height = at, LINE * len(row.lines) + (13 if row.state else 7)
        at += row.height
        yield row


def _rails(rows: list[Row]) -> dict[str, int]:
    """Return for each state that is led to the number of its rail; rails that never meet share a place."""
    spans: dict[str, tuple[int, int]] = {}
    for row in rows:
        if row.to and not row.stays:
            target = next(each for each in rows if each.state == row.to)
            low, high = spans.get(row.to, (target.middle, target.middle))
            spans[row.to] = (min(low, row.middle), max(high, row.middle))
    placed: dict[str, int] = {}
    for name, (low, high) in sorted(spans.items(), key=lambda item: item[1][1] - item[1][0]):
        taken = {
            placed[other]
            for other, (start, stop) in spans.items()
            if other in placed and start <= high + 6 and low <= stop + 6
        }
        placed[name] = next(number for number in range(len(spans) + 1) if number not in taken)
    return placed


def _spines(rows: list[Row]) -> Iterator[str]:
    """Yield the line on which the steps of a state hang."""
    for place, row in enumerate(rows):
        below = []
        for each in rows[place + 1 :]:
            if each.state:
                break
            below.append(each)
        if row.state and below:
            bottom = below[-1].middle
            yield f'<path d="M16 {row.top + row.height}V{bottom}" fill="none" stroke="{INK}" stroke-width="1"/>'
            yield from (
                f'<path d="M16 {each.middle}H25" fill="none" stroke="{INK}" stroke-width="1"/>'
                for each in below
            )


def _lines(rows: list[Row], rails: dict[str, int]) -> Iterator[str]:
    order = list(rails)
    for row in rows:
        if not row.to or row.stays:
            continue
        target = next(each for each in rows if each.state == row.to)
        colour = RAILS[order.index(row.to) % len(RAILS)]
        x, down = COLUMN + RAIL * (rails[row.to] + 1), target.middle > row.middle
        turn, back, sweep = (5, -5, 1) if down else (-5, 5, 0)
        start = min(COLUMN - 4, 38 + int(BOLD * max(map(len, row.lines))))
        yield (
            f'<path d="M{start} {row.middle}H{x - 5}a5 5 0 0 {sweep} 5 {turn}V{target.middle + back}'
            f'a5 5 0 0 {sweep} -5 {turn}H{COLUMN + 7}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
        )
        yield (
            f'<path d="M{COLUMN + 1} {target.middle}l8 -4.5v9z" fill="{colour}" stroke="{PAPER}" stroke-width="0.5"/>'
        )


def _row(row: Row) -> Iterator[str]:
    if row.state == "*":
        yield f'<circle cx="16" cy="{row.middle}" r="7" fill="{INK}"/>'
        yield from _text(row, 32, "")
    elif row.state:
        shape = f'x="2" width="{COLUMN - 4}" rx="{min(15, row.height // 2)}"'
        yield (
            f'<rect {shape} y="{row.top}" height="{row.height}" fill="{PAPER if row.end else "#e4eef1"}"'
            f' stroke="{INK}" stroke-width="{2.5 if row.end else 1.2}"/>'
        )
        yield from _text(row, 14, ' font-weight="700"')
    else:
        yield from _text(row, 30, "")
        if row.stays:  # nothing moves: it is only recorded
            yield f'<text x="{COLUMN - 6}" y="{row.middle + 5}" text-anchor="end" aria-hidden="true">↺</text>'


def _text(row: Row, x: int, more: str) -> Iterator[str]:
    first = row.top + (row.height - LINE * len(row.lines)) // 2 + 13
    for number, line in enumerate(row.lines):
        yield f'<text x="{x}" y="{first + LINE * number}"{more}>{escape(line)}</text>'
