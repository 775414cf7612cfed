"""A step as it is asked for: which is meant, whether it may be taken, what its questions offer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic_core import PydanticUndefined
from sqlalchemy import select

from app.accounts.models import UserAccount
from app.accounts.queries import organisation_names, receiving_organisations, user_names, users_of
from app.casework.classified import JOURNEYS
from app.casework.facts import facts_of
from app.kit.errors import Fault, Invalid, NotAllowed, Unknown
from app.kit.i18n import _
from app.procedure.available import available, refusals
from app.procedure.declaration import Step, Track
from app.procedure.facts import Facts
from app.procedure.refusal import is_not_mine
from app.safeguards.fields import Form
from app.safeguards.words import Role
from app.safeguards.work import Work
from app.shelters.queries import Needs, matching_places, sheltering_organisations
from app.shelters.words import coded
from app.tracks import TRACKS
from app.web.names import Typed, as_typed
from app.web.shape import shapes


@dataclass(frozen=True)
class Asked:
    """A step of a case that somebody wants to take; without `track_id` it opens a track."""

    case_id: UUID
    track_id: UUID | None
    declared: Track
    step: Step
    facts: Facts

    @property
    def version(self) -> int | None:
        """Return the version of the track on which the step would be taken."""
        return self.facts.this.version if self.facts.this else None

    def against(self) -> list[Fault]:
        """Return what stands against the step so far; raises NotAllowed where it never is the actor's."""
        faults = refusals(self.declared, self.step, self.facts, None)
        if is_not_mine(faults):
            raise NotAllowed(*faults)
        return faults

    @property
    def for_her(self) -> bool:
        """Say whether the step would be recorded as the person's own act."""
        offers = available(self.declared, self.facts)
        return any(each.for_her for each in offers if each.step is self.step and Role.VIC in self.step.by)


def asked_opening(work: Work, case_id: UUID, slug: str, name: str) -> Asked:
    """Return the step that opens a track of that kind; raises Unknown where there is none."""
    work.member(case_id)
    declared = TRACKS.get(slug)
    step = (
        next((each for each in declared.steps if each.name == name and not each.from_), None)
        if declared
        else None
    )
    if declared is None or step is None or (slug, name) in JOURNEYS:
        raise Unknown
    return Asked(case_id, None, declared, step, facts_of(work, case_id))


def asked_step(work: Work, case_id: UUID, track_id: UUID, name: str, slug: str | None = None) -> Asked:
    """Return the step of a running track (of that kind, if named); raises Unknown where there is none."""
    work.member(case_id)
    facts = facts_of(work, case_id, track_id)
    if facts.this is None or (facts.this.slug, name) in JOURNEYS or slug not in (None, facts.this.slug):
        raise Unknown
    declared = TRACKS[facts.this.slug]
    if not any(each.name == name and each.from_ for each in declared.steps):
        raise Unknown
    return Asked(case_id, track_id, declared, declared.step(name, facts.this.state), facts)


def first_typed(asked: Asked) -> Typed:
    """Return what stands in the form before anything is typed: its declared defaults, never a tick."""
    form = asked.step.form
    declared = {name: info.default for name, info in form.model_fields.items()}
    typed = as_typed(
        form, {name: each for name, each in declared.items() if each not in (PydanticUndefined, None, ())}
    )
    return {**_hidden(asked), **typed}


def _hidden(asked: Asked) -> Typed:
    """Fill in what is not asked: a hidden identifier that must be given is the newest other track of the kind."""
    others = [
        each for each in asked.facts.tracks if each.slug == asked.declared.slug and each.id != asked.track_id
    ]
    wanted = [s.name for s in shapes(asked.step.form).values() if s.about.widget == "hidden" and s.required]
    return {name: str(others[-1].id) for name in wanted if others}


Options = Mapping[str, Sequence[tuple[Any, str]]]


def options(work: Work, asked: Asked, language: str) -> Options:
    """Return the answers offered where a question asks for an organisation, a user or a place."""
    return dict(_options(work, asked, asked.step.form, language))


def _options(
    work: Work, asked: Asked, form: type[Form], language: str
) -> Iterator[tuple[str, Sequence[tuple[Any, str]]]]:
    for shape in shapes(form).values():
        if shape.about.widget == "organisation":
            yield shape.name, _organisations(work, asked)
        elif shape.about.widget == "user":
            yield shape.name, _users(work, asked)
        elif shape.about.widget == "shelter_place":
            yield shape.name, _places(work, language)
        elif shape.group is not None and issubclass(shape.group, Form):
            yield from _options(work, asked, shape.group, language)


def _organisations(work: Work, asked: Asked) -> list[tuple[UUID, str]]:
    """Return the organisations that can be meant: to refer to, to house somebody, or any."""
    if asked.declared.family == "intake":
        return list(receiving_organisations(work).items())
    named = organisation_names(work).items()
    if asked.declared.slug != "shelter_placement":
        return list(named)
    sheltering = sheltering_organisations(work)
    return [(each, name) for each, name in named if each in sheltering]


def _users(work: Work, asked: Asked) -> list[tuple[UUID, str]]:
    """Return colleagues, and for a child whoever may become guardian."""
    named = users_of(work, work.actor.organisation_id) if work.actor.organisation_id else {}
    if asked.declared.family == "child":
        guardians = select(UserAccount.id).where(
            UserAccount.role == Role.GUA.value, UserAccount.disabled_at.is_(None)
        )
        named = user_names(work, work.session.scalars(guardians)) | named
    return sorted(named.items(), key=lambda pair: pair[1])


def _places(work: Work, language: str) -> list[tuple[UUID, str]]:
    """Return free places by their codes and what they offer: those of the own house, where the actor has one."""
    free = matching_places(work, Needs())
    own = [each for each in free if each.organisation_id == work.actor.organisation_id]
    return [(each.id, coded(each, language)) for each in own or free]


def sent_version(given: object) -> int:
    """Return the version that a form or header names; raises Invalid where it is none."""
    text = str(given or "").strip().strip('"')
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid(Fault(_("The version of the record is missing. Open the page again."), field="version"))
    return int(text)
