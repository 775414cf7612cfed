"""Writes to the file of a person: the container of a case, the person's record, the age class."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm.util import identity_key

from app.cases.models import Case, Person
from app.kit.errors import Stale, Unknown
from app.kit.i18n import _
from app.kit.ids import new_id, reference
from app.kit.plain import plain
from app.profiles.profile import load
from app.safeguards import access
from app.safeguards.fields import Form, questions
from app.safeguards.models import Part
from app.safeguards.words import Act, Category, Relation
from app.safeguards.work import Work
from app.settings import settings


def begin_case(work: Work) -> UUID:
    """Make the container of a case and put its author on the team as referrer; return its id."""
    profile, case_id = load(settings().profile), work.plants or new_id()
    work.session.add(
        Case(
            id=case_id,
            reference=reference(),
            profile_code=profile.code,
            profile_version=profile.version,
            age_class=None,
            created_at=work.clock.now(),
            created_by=work.actor.user_id,
        )
    )
    work.session.flush()
    organisation_id = work.actor.organisation_id
    if organisation_id is None:
        raise Unknown
    access.grant(
        work, case_id, Relation.REFERRER, role=work.actor.role, organisation_id=organisation_id,
        user_id=work.actor.user_id,
    )  # fmt: skip
    return case_id


def say_age_class(work: Work, case_id: UUID, age_class: str) -> None:
    """Record whether the person is adult, child or uncertain."""
    query = update(Case).where(Case.id == case_id).values(age_class=age_class)
    work.session.execute(query.execution_options(synchronize_session=False))
    held = work.session.identity_map.get(identity_key(Case, case_id))
    if held is not None:
        work.session.refresh(held)


def record_person(work: Work, case_id: UUID, values: dict[str, Any], form: type[Form]) -> UUID:
    """Begin the person's record, in the fields of that form, from what a referral says; return its id."""
    work.member(case_id)
    person = Person(id=new_id(), case_id=case_id, row_version=1)
    work.session.add(person)
    work.session.flush()
    known = {name: value for name, value in values.items() if name in form.model_fields}
    written = work.seal(case_id, "person", person.id, known, form)
    work.record(Act.COLLECT, case_id=case_id, written=written, rule="referral")
    return person.id


def correct_person(work: Work, case_id: UUID, form: Form, version: int) -> int:
    """Replace what is recorded of the person in the categories that the actor may write; return the new version.

    Raises Stale with the version that is held: what it says is for the door to reveal, so that the look is recorded.
    """
    work.member(case_id)
    asked = questions(type(form))
    values = {name: value for name, value in form if value not in (None, ())}
    held_categories = {about.category for about in asked.values()}
    allowed = {each for each in held_categories if work.may(case_id, each, "write").allowed}
    given = {asked[name].category for name in values}
    work.refuse_unless(bool(allowed) and given <= allowed, _("Your role does not include changing this."))
    person = work.session.scalars(
        select(Person).where(Person.case_id == case_id).with_for_update()
    ).one_or_none()
    if person is None:
        raise Unknown
    if person.row_version != version:
        raise Stale(sent={"version": version, **plain(values)}, held={"version": person.row_version})
    person.row_version += 1
    before = work.session.scalars(select(Part.category).where(Part.record_id == person.id).distinct())
    emptied = allowed & {Category(each) for each in before}
    written = work.seal(case_id, "person", person.id, values, type(form), emptied=emptied)
    rules = {each.category.value: work.may(case_id, each.category, "write").rule for each in written}
    work.record(Act.ALTER, case_id=case_id, written=written, rules=rules)
    return person.row_version
