"""A step that was taken, and the case when everything that follows from it was done."""

from dataclasses import dataclass
from typing import Any

from app.procedure.facts import Facts, TrackFacts
from tests.walks.made_case import Moved

REFLECTING = ("active", "extended", "termination_proposed")
SEEKING = ("intention", "lodged", "under_examination", "decision_open_appeal", "appeal_pending")
PROTECTED = (*SEEKING, "refugee", "subsidiary")
ON_THE_WAY = ("requested", "assessment", "approved", "preparation")


@dataclass(frozen=True)
class After:
    """A step that was taken, and the case when everything that follows from it was done."""

    moved: Moved
    case: Facts

    @property
    def slug(self) -> str:
        return self.moved.track.slug

    @property
    def name(self) -> str:
        return self.moved.step.name

    @property
    def before(self) -> Facts:
        return self.moved.before

    @property
    def now(self) -> TrackFacts:
        assert self.moved.after.this is not None
        return self.moved.after.this

    def said(self, name: str) -> Any:
        return getattr(self.moved.form, name, None)

    def is_one_of(self, slug: str, *names: str) -> bool:
        return self.slug == slug and self.name in names


def latest(facts: Facts, slug: str) -> TrackFacts | None:
    return next((each for each in reversed(facts.tracks) if each.slug == slug), None)
