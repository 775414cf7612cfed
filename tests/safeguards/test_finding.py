"""Looking for a person over sealed names: one's own, the best first; elsewhere a yes or no, and no more than that."""

import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, select, text, update

from app.cases import service as cases
from app.cases.known import check, checked
from app.cases.models import KnownCheck
from app.kit.errors import Unknown
from app.kit.ids import new_id
from app.running import owner_session_maker
from app.safeguards import access, finding
from app.safeguards.finding import Question, find, known_elsewhere, of_record, of_traits
from app.safeguards.invented import draw
from app.safeguards.models import Asking, LedgerEvent, SearchPlan
from app.safeguards.resealing import Resealed, reseal
from app.safeguards.traits import FINDABLE, traits_of
from app.safeguards.vault.envelope import FORMS
from app.safeguards.words import Act, Category, Relation
from app.safeguards.work import Work
from app.settings import Settings
from tests.fixtures.service import As
from tests.safeguards.test_traits import Person

HER = {
    "given": "Leila", "family": "Husseini", "born": {"year": 1996, "month": 3, "day": 9}, "sex": "Feminine",
    "call": "+963 944 567 123",
}  # fmt: skip
NAMES = {"given": "Marta", "family": "Novak"}


class Register:
    """Cases of persons, each led by one organisation."""

    def __init__(self, acting: As, owner: str) -> None:
        self.acting, self.owner = acting, owner

    def cut(self, bits: int, before: int | None = None) -> None:
        owner = create_engine(self.owner)
        with owner.begin() as connection:
            connection.execute(update(SearchPlan).values(bits=bits, before=before))
        owner.dispose()

    def enter(self, lead: str, said: dict[str, Any], planted: UUID | None = None) -> UUID:
        with self.acting("police") as work, self.acting(lead) as leader:
            work.plants = planted
            made = cases.begin_case(work)
            who = leader.actor
            assert who.organisation_id
            access.end(work, made, list(Relation))
            access.grant(
                work, made, Relation.LEAD, role=who.role, organisation_id=who.organisation_id, user_id=who.user_id
            )  # fmt: skip
            work.commit()
        with self.acting(lead) as work:
            written = work.seal(made, "a person", new_id(), said, Person)
            work.record(Act.COLLECT, case_id=made, written=written, rule="a test")
            work.commit()
        return made

    def told(self, act: Act) -> list[dict[str, Any]]:
        with self.acting("auditor") as work:
            rows = work.session.scalars(
                select(LedgerEvent.body).where(LedgerEvent.act == act.value).order_by(LedgerEvent.id)
            )
            return [json.loads(body) for body in rows]


@pytest.fixture
def register(given: Settings, acting: As, monkeypatch: pytest.MonkeyPatch) -> Register:
    """A register with tokens so long that no two agree by chance."""
    assert given.database_url
    monkeypatch.setitem(FINDABLE, "a person", Person)
    made = Register(acting, given.database_url)
    made.cut(40)
    return made


def counted(work: Work, kind: str) -> int:
    mine = (Asking.user_id == work.actor.user_id, Asking.kind == kind)
    return len(work.session.scalars(select(Asking.id).where(*mine)).all())


def test_ones_own_are_found_the_best_first_and_it_is_counted_and_told(
    register: Register, acting: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    her = register.enter("ngo", HER)
    alike = register.enter("ngo", {**HER, "born": {"year": 1997}, "call": None})
    register.enter("ngo", NAMES)
    register.enter("ngo2", HER)
    with acting("ngo") as work:
        asked = traits_of(Person, HER)[Category.ID]
        found = find(work, asked)
        assert [each.case_id for each in found] == [her, alike]
        assert {each.category for each in found} == {Category.ID}
        assert (
            find(work, traits_of(Person, {"call": "0944 567 123"})[Category.CON])[0].category is Category.CON
        )
        assert find(work, traits_of(Person, {"given": "Oksana", "family": "Bondarenko"})[Category.ID]) == []
        assert counted(work, "search") == 3
        monkeypatch.setattr(finding, "OPENED", 1)
        assert [each.case_id for each in find(work, asked)] == [her]
        work.commit()
    assert [(each["role"], each["cases"]) for each in register.told(Act.SEARCH)] == [
        ("NGO", 2), ("NGO", 1), ("NGO", 0), ("NGO", 1),
    ]  # fmt: skip


def test_elsewhere_is_a_yes_or_no_that_both_ledgers_hold(register: Register, acting: As) -> None:
    her = register.enter("ngo", HER)
    again = register.enter("ngo2", {**HER, "call": None})
    mine_too = register.enter("ngo2", HER)
    nobody = register.enter("ngo2", NAMES)
    with acting("ngo2") as work:
        made = draw(work.keys)
    register.enter("ngo", HER, made)  # a case of nobody is no likeness
    by_number = register.enter("shelter", {"call": "0944/567123"})
    with acting("ngo2") as work:
        asked = of_record(work, again)
        assert asked.asked
        assert not asked.numbers
        assert asked.marks
        assert known_elsewhere(work, again, asked) == [her]
        assert known_elsewhere(work, nobody, of_record(work, nobody)) == []
        assert counted(work, "known") == 2
        numbered = of_record(work, mine_too)
        assert set(known_elsewhere(work, mine_too, numbered)) == {her, by_number}
        only = Question(frozenset(), numbered.numbers, None)
        assert set(known_elsewhere(work, mine_too, only)) == {her, by_number}
        work.commit()
    asked_for = [(each["case"], each["register"], each["decision"]) for each in register.told(Act.SEARCH)]
    assert asked_for == [
        (str(again), "known", "known"), (str(nobody), "known", "not known"),
        (str(mine_too), "known", "known"), (str(mine_too), "known", "known"),
    ]  # fmt: skip
    theirs = register.told(Act.COMBINE)
    assert {(each["role"], each["register"], each["authenticator"]) for each in theirs} == {
        ("SYS", "known", "rule")
    }
    assert [each["case"] for each in theirs].count(str(her)) == 3
    assert [each["case"] for each in theirs].count(str(by_number)) == 2
    assert {each["case"] for each in theirs} == {str(her), str(by_number)}


def test_two_names_that_many_bear_say_nothing(register: Register, acting: As) -> None:
    asking = register.enter("ngo2", NAMES)
    others = [register.enter("ngo", NAMES) for _each in range(2)]
    with acting("ngo2") as work:
        assert set(known_elsewhere(work, asking, of_record(work, asking))) == set(others)  # with ours, three
    register.cut(40, before=39)  # and while the register is being cut anew
    with acting("ngo2") as work:
        assert set(known_elsewhere(work, asking, of_record(work, asking))) == set(others)
    register.enter("ngo", NAMES)
    with acting("ngo2") as work:
        assert known_elsewhere(work, asking, of_record(work, asking)) == []


def test_a_record_asks_what_was_typed_would_ask_and_a_kept_question_stays_the_same(
    register: Register, acting: As
) -> None:
    for said in (HER, {"call": HER["call"]}, {**NAMES, "papers": [{"number": "P 123-456"}]}):
        case_id = register.enter("ngo", said)
        with acting("ngo") as work:
            question = of_traits(work, traits_of(Person, said))
            assert of_record(work, case_id) == question
            assert not question.is_empty
            assert (question.marks is None) == ("given" not in said)
            check_id = new_id()
            key_id, envelope = question.sealed(work, case_id, check_id)
            assert Question.opened(work, case_id, check_id, key_id, envelope) == question
            work.commit()
            work.keys.destroy(case_id, work.clock.now())
            work.begin()
            gone = Question.opened(work, case_id, check_id, key_id, envelope)
            assert gone == Question(frozenset(), frozenset(), None)
            assert gone.is_empty
            assert of_record(work, case_id) == gone
    with acting("ngo") as work:
        assert of_traits(work, {}) == Question(frozenset(), frozenset(), None)
    assert not Question(frozenset({1}), frozenset(), None).is_empty
    assert not Question(frozenset(), frozenset({1}), None).is_empty


def test_no_stranger_asks_for_a_case(register: Register, acting: As) -> None:
    her = register.enter("ngo", HER)
    with acting("ngo2") as work, pytest.raises(Unknown):
        known_elsewhere(work, her, Question(frozenset({1}), frozenset(), None))


def test_whoever_was_found_is_found_after_all_was_sealed_anew(
    register: Register, acting: As, given: Settings
) -> None:
    her, again = (
        register.enter("ngo", HER),
        register.enter("ngo2", {**HER, "papers": [{"number": "P 123-456"}]}),
    )
    with acting("ngo2") as work:
        question, check_id = of_record(work, again), check(work, again)
        work.commit()
    steps: list[tuple[int, int]] = []
    done = reseal(owner_session_maker(given, "keys"), 2, lambda *said: steps.append(said))
    assert done.unreadable == frozenset()
    total = steps[0][1]
    assert steps[-1] == (total, total) == (done.done, done.done)
    owner = create_engine(register.owner)
    with owner.connect() as connection:
        for table, name in (("part", "envelope"), ("search_entry", "envelope"), ("known_check", "question")):
            heads = connection.scalars(text(f"SELECT DISTINCT substring({name}, 1, 2) FROM {table}")).all()
            assert [bytes(each) for each in heads] == [FORMS[2].head], table
    owner.dispose()
    with acting("ngo2") as work:
        assert of_record(work, again) == question
        assert checked(work, again, check_id).known
        row = work.session.get_one(KnownCheck, check_id)
        assert Question.opened(work, again, row.id, row.key_id, row.question) == question
        assert known_elsewhere(work, again, question) == [her]
    assert reseal(owner_session_maker(given, "keys"), 2, lambda *said: steps.append(said)).done == 0
    assert steps[-1] == (total, total)  # there was nothing to tell of
    said = Resealed(2, frozenset({UUID(int=2), UUID(int=1)})).said(2).splitlines()
    assert said == [
        "2 parts sealed anew in form 2.",
        "These cannot be opened and stay as they are; restore them from a backup, then run it again:",
        str(UUID(int=1)), str(UUID(int=2)),
    ]  # fmt: skip
    assert Resealed(0, frozenset()).said(1) == "0 parts sealed anew in form 1."
