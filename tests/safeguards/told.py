"""A record with a field in each of four categories, for the tests of the safeguards."""

from uuid import UUID

from app.cases import service as cases
from app.kit.ids import new_id
from app.safeguards import access
from app.safeguards.fields import Form, asked
from app.safeguards.opening import classify
from app.safeguards.words import Act, Category, Relation, Role
from app.safeguards.work import Work
from tests.fixtures.service import As


class Told(Form):
    name: str | None = asked(Category.ID, "Name", default=None, minimal=True)
    nickname: str | None = asked(Category.ID, "Nickname", default=None)
    street: str | None = asked(Category.LOC, "Street", default=None)
    account: str | None = asked(Category.EXP, "Account", default=None)
    illness: str | None = asked(Category.HEA, "Illness", default=None)


classify("told", Told)
VALUES = {
    "name": "Amara",
    "nickname": "Ama",
    "street": "Quince Lane 4",
    "account": "She was told",
    "illness": "Asthma",
}


def write(work: Work, case_id: UUID, record_id: UUID, values: dict[str, str]) -> None:
    """Write the record as a service would."""
    written = work.seal(case_id, "told", record_id, values, Told)
    work.record(Act.COLLECT, case_id=case_id, written=written, rule="a test")


def begin(acting: As) -> tuple[UUID, UUID]:
    """A case that the police began and an NGO leads, and a record that its lead wrote."""
    with acting("police") as work:
        case_id = cases.begin_case(work)
        with acting("ngo") as ngo:
            access.grant(
                work,
                case_id,
                Relation.LEAD,
                role=Role.NGO,
                organisation_id=ngo.actor.organisation_id,
                user_id=ngo.actor.user_id,
            )
        work.commit()
    record_id = new_id()
    with acting("ngo") as work:
        write(work, case_id, record_id, VALUES)
        work.commit()
    return case_id, record_id
