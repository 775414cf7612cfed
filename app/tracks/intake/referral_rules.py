"""Rules of the referral: no adult without consent or a legal basis, no child asked for one."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.facts import Facts
from app.procedure.predicates import may_share
from app.procedure.refusal import NOT_MINE, refuse
from app.safeguards.words import Category, Relation, Role

CONSENT_SOURCE = "CETS 197 art. 12(7); Regulation (EU) 2016/679 art. 6 and 9"
PURPOSE = "referral"


def is_child(answers: Mapping[str, Any]) -> bool:
    """Say whether the rules for children apply: whoever is not known to be adult (CETS 197 art. 10(3))."""
    return answers.get("age_class") != "adult"


def refused(answers: Mapping[str, Any]) -> bool:
    """Say whether an adult said no, so that only an anonymous notification may be sent."""
    return not is_child(answers) and answers.get("consent") == "no"


def basis_of(answers: Mapping[str, Any]) -> str:
    """Return the ground of sharing: child protection, consent, or the legal basis that was recorded."""
    if is_child(answers):
        return "child_protection"
    return "consent" if answers.get("consent") == "yes" else str(answers.get("legal_basis") or "")


def consent_faults(answers: Mapping[str, Any]) -> Iterator[Fault]:
    """Return what stands against sharing by these answers alone (INV-15, INV-17)."""
    if is_child(answers):
        if answers.get("consent") is not None:
            yield refuse(
                _("A child, or a person whose age is not certain, is not asked for consent to be referred"),
                rule="INV-15", source="OSCE Addendum 3 and 5", field="consent",
                unblock=_("Leave the answer about consent out"),
            )  # fmt: skip
    elif answers.get("consent") is None:
        yield _without(_("Say whether the person agrees to be referred"), "consent")
    elif answers["consent"] == "no":
        yield _without(_("The person does not agree. Only an anonymous notification may be sent"), "consent")
    elif answers["consent"] == "yes":
        yield from _uninformed(answers)
    else:
        yield from _groundless(answers)


def _uninformed(answers: Mapping[str, Any]) -> Iterator[Fault]:
    if answers.get("consent_id") is not None:
        return
    for name in ("consent_explained", "consent_notice"):
        if answers.get(name) != "yes":
            yield _without(_("Consent counts only when it was explained and the notice was given"), name)


def _groundless(answers: Mapping[str, Any]) -> Iterator[Fault]:
    if not answers.get("legal_basis"):
        yield _without(
            _("Name the legal ground on which you refer a person who could not be asked"), "legal_basis"
        )
    elif not answers.get("legal_basis_reason"):
        yield _without(_("Say why the person could not be asked"), "legal_basis_reason")


def _without(message: str, field: str) -> Fault:
    return refuse(
        message, rule="INV-17", source=CONSENT_SOURCE, field=field,
        unblock=_("Consent for this purpose and recipient, or a recorded legal basis"),
    )  # fmt: skip


def has_ground(facts: Facts, form: Any) -> Fault | None:
    """INV-17 and INV-15: the first thing that stands against sharing."""
    if form is None:
        return None
    answers = dict(form)
    recorded = not is_child(answers) and form.consent == "yes" and form.consent_id is not None
    if recorded and not may_share(facts, PURPOSE, form.receiving_organisation_id, lent(answers)):
        return _without(
            _("The recorded consent does not cover this recipient and these categories"), "consent_id"
        )
    return next(consent_faults(answers), None)


def is_personal(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """INV-14: a draft of an anonymous notification never becomes a referral with a name."""
    if facts.this is None or facts.this.marks.get("type") != "anonymous_notification":
        return None
    return refuse(
        _("This draft is an anonymous notification, which has no place for a person"),
        rule="INV-14", source="OSCE Action Plan IV.4.11", unblock=_("Begin a referral of a person"),
    )  # fmt: skip


def is_one_person(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """Never send by itself what several people have in common: each is referred, with consent or a ground."""
    if facts.this is None or facts.this.marks.get("type") != "group":
        return None
    return refuse(
        _("This draft holds what several people have in common. Each of them is referred on their own"),
        rule="referral.one_person", source=CONSENT_SOURCE, unblock=_("Send the people of the group"),
    )  # fmt: skip


def is_no_child(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """INV-15: a child is referred by name to those who protect it, never counted and left."""
    said = facts.this.marks.get("age_class") if facts.this else None
    if "child" not in (facts.age_class, said) and "uncertain" not in (facts.age_class, said):
        return None
    return refuse(
        _("A child, or a person whose age is not certain, is referred, not notified anonymously"),
        rule="INV-15", source="OSCE Addendum 3 and 5", unblock=_("Send the referral; no consent is needed"),
    )  # fmt: skip


def was_asked(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """Only the organisation that was asked answers, never the one that sends."""
    if Relation.RECIPIENT in facts.actor.relations:
        return None
    return refuse(
        _("Only the organisation that was asked can answer the referral"),
        rule=NOT_MINE, source="OSCE Action Plan V.3.1",
        unblock=_("An answer of that organisation"),
    )  # fmt: skip


def works_on_it(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """Who only sent the referral, or decides in the case, cannot say that it is done."""
    if facts.actor.relations - {Relation.REFERRER, Relation.RECIPIENT, Relation.AUTHORITY}:
        return None
    return refuse(
        _("Only those who took the referral on can say that it is done"),
        rule=NOT_MINE, source="OSCE Action Plan V.3.1", unblock=_("A word of the organisation that accepted it"),
    )  # fmt: skip


def did_not_only_receive(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """Who was only asked declines with a reason; taking back is the sender's and the person's."""
    if facts.actor.relations != {Relation.RECIPIENT}:
        return None
    return refuse(
        _("An organisation that was asked declines, so that another can be asked"),
        rule="referral.recipient", source="OSCE Action Plan V.3.1", unblock=_("Decline instead"),
    )  # fmt: skip


def sent_it_or_helps(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """Who decides in the case, or houses the person, does not take back what others sent."""
    if facts.actor.relations - {Relation.AUTHORITY, Relation.SHELTER}:
        return None
    return refuse(
        _("A referral is taken back by whoever sent it, or by those who help the person"),
        rule=NOT_MINE, source="OSCE Action Plan V.3.1", unblock=_("A word of the sender, or of the person"),
    )  # fmt: skip


def protects_the_child(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """INV-15: a child's referral is taken back by the guardian or social services only."""
    if not for_child(facts) or facts.actor.role in (Role.GUA, Role.SOC):
        return None
    return refuse(
        _("A child’s referral is taken back only by the guardian or social services"),
        rule="INV-15", source="OSCE Addendum 3 and 5", unblock=_("The guardian or social services"),
    )  # fmt: skip


def names_another(facts: Facts, form: Any) -> Fault | None:
    """Name an organisation to ask instead that is not the one that declines."""
    same = form is not None and form.alternative_organisation_id == facts.actor.organisation_id
    if not same or facts.actor.organisation_id is None:
        return None
    return Fault(_("Name another organisation than your own"), "alternative_organisation_id")


def for_child(facts: Facts) -> bool:
    """Say whether the clocks for children run; the mark of the step being taken counts at once."""
    said = facts.this.marks.get("age_class") if facts.this else None
    if facts.age_class is None and said is not None:
        return bool(said != "adult")
    return facts.is_child or said in ("child", "uncertain")


def receiver(facts: Facts) -> UUID | None:
    """Return the organisation that the referral asks."""
    found = facts.this.marks.get("receiving_organisation_id") if facts.this else None
    return UUID(str(found)) if found else None


def lent(answers: Mapping[str, Any]) -> frozenset[Category]:
    """Return the categories that a referral lends; whereabouts are never among them."""
    return frozenset(Category(code) for code in answers["shared_categories"]) - {Category.LOC}
