"""What the questions of a step offer: whom and what one may choose, and what stands there to begin with."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from babel.numbers import get_territory_currencies
from pydantic_core import PydanticUndefined

from app.accounts.queries import (
    organisation_names,
    organisations_with,
    receiving_organisations,
    users_of,
    users_with,
)
from app.casework.asking import Asked
from app.casework.naming import reader_of
from app.casework.sharing import agreed_in_words
from app.kit.errors import Fault
from app.safeguards.fields import Form
from app.safeguards.words import Category, Role
from app.safeguards.work import Work
from app.shelters.queries import Needs, matching_places, sheltering_organisations
from app.shelters.words import coded
from app.tracks.core.consent import others_given
from app.tracks.grounds import carrying
from app.tracks.rules import needed_now
from app.web.complaints import MUST_ANSWER
from app.web.names import Typed, as_typed
from app.web.shape import DATE_PARTS, Shape, shapes

Options = Mapping[str, Sequence[tuple[Any, str]]]
ORGANISATIONS = {  # question -> those with somebody of these roles, who alone can do what is asked
    "police": (Role.POL,),
    "deciders": (Role.CAU,),
    "authority": (Role.CAU, Role.IMM),
    "recipients": tuple(set(Role) - {Role.ADM, Role.AUD, Role.NCR, Role.SUP, Role.DPO}),
    "provider": (Role.NGO, Role.SOC, Role.SHE, Role.HEA, Role.LEG),
}
USERS = {
    "guardian_user": (Role.GUA,),
    "representative_user": (Role.LEG,),
    "provisional_user": (Role.GUA, Role.SOC),
    "member": (
        Role.BIP,
        Role.SOC,
        Role.NGO,
        Role.HEA,
        Role.LEG,
    ),  # of a panel: several professions and houses
}
# Written down on the day on which it happens, unless somebody says otherwise; never a day of a court.
TODAY = frozenset(
    {
        "answered_on", "declined_on", "departed_on", "executed_on", "filed_on", "found_on", "handed_on",
        "handed_over_on", "held_on", "informed_on", "inspected_on", "left_on", "met_on", "notified_at",
        "notified_on", "offered_on", "placed_on", "received_at", "received_on", "refused_on", "released_on",
        "said_on", "sent_on", "stopped_on", "told_on", "visited_on", "withdrawn_on",
    }
)  # fmt: skip
# Where the law wants an answer about each of a list, the list stands there, row by row.
ROWS = {("inra", "complete"): "domain", ("return_safety_assessment", "complete"): "risk"}
OF_A_CHILD = frozenset({"child"})
# Answered beforehand for the rule engine alone: whoever takes the step on a page answers, and nothing is chosen there.
THE_TIMERS = {
    ("age_assessment", "conclude"): ("ended_by",),
    ("bia", "close"): ("reason",),
    ("bia", "trigger"): ("decision",),
    ("durable_solution", "reopen"): ("reason",),
    ("guardian", "open"): ("why",),
    ("identity_document", "answer_no"): ("answer",),
    ("post_return_monitoring", "raise_concern"): ("concerns",),
    ("return_safety_assessment", "close"): ("reason",),
    ("transnational_referral", "decline"): ("reason",),
    ("work_permit", "end"): ("reason",),
}
WHOLE = ("full", "review")  # a first look asks for the required lists only
ONLY_FOR_A_CHILD = "Only for a child"  # so begins the help of such a question
RESTING = "consent"  # on which consent a disclosure rests
NEVER_CHOSEN = frozenset({"consent"})  # who may see what is said for each by name, never by default


def first_typed(asked: Asked, offered: Options) -> Typed:
    """Return what stands in the form before anything is typed: defaults, today, an only choice, the currency."""
    form = asked.step.form
    by_hand = the_timers(asked)
    declared = {name: info.default for name, info in form.model_fields.items() if name not in by_hand}
    typed = as_typed(
        form, {name: each for name, each in declared.items() if each not in (PydanticUndefined, None, ())}
    )
    on = asked.facts.today
    today = {name: str(getattr(on, name)) for name in DATE_PARTS}
    dated = {each.name: today for each in shapes(form).values() if _is_of_today(each)}
    return {**_only(asked, offered), **dated, **_money(asked), **_rows(asked), **typed}


def the_timers(asked: Asked) -> tuple[str, ...]:
    """Return the questions that only the rule engine may leave to what stands there to begin with."""
    return THE_TIMERS.get((asked.declared.slug, asked.step.name), ())


def must_answer(asked: Asked, offered: Options) -> frozenset[str]:
    """Return the questions that a page asks for, beside those that the form itself requires."""
    grounds = RESTING in asked.step.form.model_fields and "legal_basis" in asked.step.form.model_fields
    return needed_now(asked.step, asked.facts).union(
        the_timers(asked), ("legal_basis",) if grounds and not offered.get(RESTING) else ()
    )


def unanswered(asked: Asked, typed: Typed) -> list[Fault]:
    """Return a fault for each question that the rule engine alone may leave open, and that was left open."""
    labels = shapes(asked.step.form)
    return [
        Fault(MUST_ANSWER, name, values={"label": labels[name].about.label})
        for name in the_timers(asked)
        if not typed.get(name)
    ]


def _money(asked: Asked) -> Typed:
    """Begin a sum in the currency of the country whose law applies."""
    known = get_territory_currencies(asked.facts.profile.country)
    return {"currency": known[0]} if known and "currency" in shapes(asked.step.form) else {}


def _rows(asked: Asked) -> Typed:
    name = ROWS.get((asked.declared.slug, asked.step.name))
    if name is None:
        return {}
    whole = asked.facts.this is not None and asked.facts.this.marks.get("kind") in WHOLE
    lists = [each for each in shapes(asked.step.form).values() if each.group and (each.required or whole)]
    return {
        each.name: [{name: code} for code in _codes(each, name)]
        for each in lists
        if asked.facts.is_child or each.name not in OF_A_CHILD
    }


def _codes(rows: Shape, name: str) -> Collection[str]:
    return (shapes(rows.group)[name].about.choices or {}) if rows.group else ()


def fitting(asked: Asked, offered: Options) -> list[str]:
    """Return the names of the questions that fit: of an adult nothing is asked that is only for a child.

    Nor is one asked to choose where there is nothing to choose from.
    """
    return [
        name
        for name, shape in shapes(asked.step.form).items()
        if shape.required or (_is_of(asked, shape) and (shape.about.widget != "track" or offered[name]))
    ]


def _is_of(asked: Asked, shape: Shape) -> bool:
    return asked.facts.is_child or not (shape.about.help or "").startswith(ONLY_FOR_A_CHILD)


def _is_of_today(shape: Shape) -> bool:
    return shape.required and bool(shape.parts) and not shape.partial and shape.name in TODAY


def _only(asked: Asked, offered: Options) -> Typed:
    """Choose where there is nothing to choose: a required answer of which only one is offered."""
    if asked.declared.slug in NEVER_CHOSEN:
        return {}
    one = {name: str(pairs[0][0]) for name, pairs in offered.items() if len(pairs) == 1}
    asks = [each for each in shapes(asked.step.form).values() if each.required and each.name in one]
    return {each.name: [one[each.name]] if each.many else one[each.name] for each in asks}


def options(work: Work, asked: Asked, language: str) -> Options:
    """Return the answers offered where a question asks for an organisation, a user, a place or another consent."""
    return dict(_options(work, asked, asked.step.form, language))


def _options(
    work: Work, asked: Asked, form: type[Form], language: str
) -> Iterator[tuple[str, Sequence[tuple[Any, str]]]]:
    for shape in shapes(form).values():
        if shape.about.widget == "organisation":
            yield shape.name, _organisations(work, asked, shape.name)
        elif shape.about.widget == "user":
            yield shape.name, _users(work, asked, shape.name)
        elif shape.about.widget == "shelter_place":
            yield shape.name, _places(work, language)
        elif shape.about.widget == "track":
            yield shape.name, _consents(work, asked, shape.name, language)
        elif shape.group is not None and issubclass(shape.group, Form):
            yield from _options(work, asked, shape.group, language)


def _organisations(work: Work, asked: Asked, name: str) -> list[tuple[UUID, str]]:
    """Return the organisations that can be meant, the reader's own first where it is one of them."""
    if asked.declared.family == "intake":
        return list(receiving_organisations(work).items())
    named = organisation_names(work)
    if asked.declared.slug == "shelter_placement":
        return list(_kept(named, sheltering_organisations(work)).items())
    roles = ORGANISATIONS.get(name, ())
    fitting = _kept(named, organisations_with(work, roles)) if roles else named
    own, last = work.actor.organisation_id, asked.declared.slug == "consent"  # to oneself nothing is sent
    return sorted((fitting or named).items(), key=lambda pair: (pair[0] == own) is last)


def _kept(named: Mapping[UUID, str], ids: Collection[UUID]) -> dict[UUID, str]:
    return {each: name for each, name in named.items() if each in ids}


def _users(work: Work, asked: Asked, name: str) -> list[tuple[UUID, str]]:
    """Return whoever has the role that is asked for, else colleagues, and for a child the guardians too."""
    if roles := USERS.get(name):
        return sorted(users_with(work, roles).items(), key=lambda pair: pair[1])
    named = users_of(work, work.actor.organisation_id) if work.actor.organisation_id else {}
    if asked.declared.family == "child":
        named = users_with(work, (Role.GUA,)) | named
    return sorted(named.items(), key=lambda pair: pair[1])


def _places(work: Work, language: str) -> list[tuple[UUID, str]]:
    """Return free places by their codes and what they offer: those of the own house, where the actor has one."""
    free = matching_places(work, Needs())
    own = [each for each in free if each.organisation_id == work.actor.organisation_id]
    return [(each.id, coded(each, language)) for each in own or free]


def _consents(work: Work, asked: Asked, name: str, language: str) -> list[tuple[UUID, str]]:
    """Return the consents in force that can be meant, each with what it lets whom see: that is what she agrees to."""
    if name == RESTING and not work.may(asked.case_id, Category.CNS).allowed:
        return []
    reader = reader_of(work, asked.case_id, asked.facts.profile.zone, language)
    meant = carrying(asked.declared.slug, asked.facts) if name == RESTING else others_given(asked.facts)
    return [(each.id, agreed_in_words(each, asked.facts, reader)) for each in meant]
