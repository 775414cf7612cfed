"""What a part of the benchmarks reaches, and how it is shown beside its aim."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HEAD = ("what", "aim", "reached", "reached/aim", "")


@dataclass(frozen=True)
class Figure:
    """One measured value; `limit` says that less is better, and without an aim it only explains another."""

    what: str
    reached: float
    unit: str = ""
    aim: float | None = None
    limit: bool = False
    digits: int = 2

    def row(self) -> tuple[str, ...]:
        """Return the figure as a row of the table."""
        if self.aim is None:
            return self.what, "", self._said(self.reached), "", ""
        sign = "<=" if self.limit else ">="
        ratio = f"{self.reached / self.aim:.2f}" if self.aim else ""
        return self.what, f"{sign} {self._said(self.aim)}", self._said(self.reached), ratio, self.verdict()

    def verdict(self) -> str:
        """Say in one word whether the aim is met."""
        assert self.aim is not None
        met = self.reached <= self.aim if self.limit else self.reached >= self.aim
        return "met" if met else "missed"

    def _said(self, value: float) -> str:
        return f"{value:,.{self.digits}f}{' ' + self.unit if self.unit else ''}"


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as text in columns."""
    rows = [HEAD, *(figure.row() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    return "\n".join(_aligned(row, widths) for row in rows)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *numbers, last = row
    told = [number.rjust(width) for number, width in zip(numbers, widths[1:-1], strict=True)]
    return "  ".join([first.ljust(widths[0]), *told, last]).rstrip()


def markdown(figures: Iterable[Figure]) -> str:
    """Return the figures as a table of a document."""
    lines = ["| " + " | ".join(HEAD) + " |", "|---|--:|--:|--:|---|"]
    lines += ["| " + " | ".join(figure.row()) + " |" for figure in figures]
    return "\n".join(lines)
