"""The search index by itself, past row-level security: what is kept of a record, found by what, and when it goes."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from app.safeguards.models import SearchEntry, SearchToken
from app.safeguards.traits import Traits
from app.safeguards.vault import index
from app.safeguards.vault.envelope import Unreadable
from app.safeguards.vault.index import Hit
from app.safeguards.vault.tokens import WHOLE, Blind, cut
from app.safeguards.words import Category
from app.settings import Settings
from app.web.door import Runtime

NOW, CASE, OTHER = datetime(2026, 3, 2, 9, 0, tzinfo=UTC), UUID(int=700), UUID(int=701)
ONE, TWO = UUID(int=1), UUID(int=2)
ID, LOC = Category.ID, Category.LOC
LEILA = Traits(("ll", "hsn"), 1996, 3, 9, "Feminine", frozenset({"call:1"}))
OKSANA = Traits(("ksn", "bndrnk"), 1990)
NUMBER = Traits(numbers=frozenset({"call:2"}))


class Desk:
    """The register, empty, in one transaction of the database's owner that is never committed."""

    def __init__(self, session: Session, runtime: Runtime) -> None:
        self.session, self.keys = session, runtime.keys

    def keep(self, record: UUID, case: UUID = CASE, **said: Traits | None) -> None:
        index.keep(
            self.session, self.keys, NOW, case, record, {Category(each): of for each, of in said.items()}
        )

    @property
    def draw(self) -> Blind:
        return index.blind(self.keys, NOW)

    def entries(self) -> list[tuple[UUID, str, int, int]]:
        found = select(SearchEntry.record_id, SearchEntry.category, SearchEntry.bits, SearchEntry.tokens)
        return [
            tuple(each)
            for each in self.session.execute(found.order_by(SearchEntry.record_id, SearchEntry.category))
        ]

    def tokens(self) -> set[tuple[UUID, str, UUID, int, int]]:
        found = select(
            SearchToken.record_id,
            SearchToken.category,
            SearchToken.case_id,
            SearchToken.bits,
            SearchToken.token,
        )
        return {tuple(each) for each in self.session.execute(found)}

    def found(self, of: Traits) -> set[tuple[UUID, UUID, Category]]:
        asked = index.hits(
            self.session, index.lengths(self.session), self.draw.asked(of), self.draw.numbers(of)
        )
        return {(each.case_id, each.record_id, each.category) for _token, each in asked}


@pytest.fixture
def desk(given: Settings, runtime: Runtime) -> Iterator[Desk]:
    engine = create_engine(str(given.database_url))
    with Session(engine) as session:
        session.execute(text("ALTER TABLE search_entry DROP CONSTRAINT fk_search_entry_case_id_case"))
        session.execute(text("SET LOCAL session_replication_role = replica"))
        for table in ("search_token", "search_entry"):
            session.execute(text(f"DELETE FROM {table}"))
        session.execute(text("UPDATE search_plan SET bits = 6, before = NULL"))
        session.execute(text("SET LOCAL session_replication_role = origin"))
        yield Desk(session, runtime)
    engine.dispose()


def test_a_record_is_found_by_what_it_says_now_and_by_nothing_that_it_said_before(desk: Desk) -> None:
    desk.keep(ONE, ID=LEILA, LOC=NUMBER)
    assert desk.entries() == [(ONE, "ID", 6, len(desk.draw.kept(LEILA))), (ONE, "LOC", 6, 0)]
    short = {(ONE, "ID", CASE, 6, cut(each, 6)) for each in desk.draw.kept(LEILA)}
    numbers = {(ONE, "ID", CASE, WHOLE, cut(each, WHOLE)) for each in desk.draw.numbers(LEILA)}
    numbers |= {(ONE, "LOC", CASE, WHOLE, cut(each, WHOLE)) for each in desk.draw.numbers(NUMBER)}
    assert desk.tokens() == short | numbers
    desk.keep(TWO, OTHER, ID=OKSANA)
    assert desk.found(LEILA) >= {(CASE, ONE, ID)}
    assert desk.found(Traits(numbers=NUMBER.numbers)) == {(CASE, ONE, LOC)}
    assert desk.found(OKSANA) >= {(OTHER, TWO, ID)}
    desk.keep(ONE, ID=NUMBER)
    assert desk.found(Traits(numbers=LEILA.numbers)) == set()
    assert desk.found(Traits(numbers=NUMBER.numbers)) == {(CASE, ONE, ID), (CASE, ONE, LOC)}
    desk.keep(ONE, ID=None)
    assert desk.found(Traits(numbers=NUMBER.numbers)) == {(CASE, ONE, LOC)}
    assert [each[:2] for each in desk.entries()] == [(ONE, "LOC"), (TWO, "ID")]
    index.forget(desk.session, CASE, [ID])
    index.forget(desk.session, OTHER, [LOC])
    assert [each[:2] for each in desk.entries()] == [(ONE, "LOC"), (TWO, "ID")]
    index.forget(desk.session, CASE, [ID, LOC])
    assert [each[:2] for each in desk.entries()] == [(TWO, "ID")]
    assert {each[0] for each in desk.tokens()} == {TWO}


def test_each_hit_bears_its_token_and_is_found_at_every_length(desk: Desk) -> None:
    desk.keep(ONE, ID=LEILA)
    kept, numbers = desk.draw.kept(LEILA), desk.draw.numbers(LEILA)
    here = Hit(CASE, ONE, ID)
    assert set(index.hits(desk.session, (6,), kept, numbers)) == {
        *(((6, cut(each, 6)), here) for each in kept), *(((WHOLE, cut(each, WHOLE)), here) for each in numbers),
    }  # fmt: skip
    assert index.hits(desk.session, (7,), kept, ()) == index.hits(desk.session, (6,), (), ()) == []
    assert index.lengths(desk.session) == (6,)
    desk.session.execute(text("UPDATE search_plan SET bits = 7, before = 6"))
    desk.session.expire_all()
    assert index.lengths(desk.session) == (7, 6)
    assert {each for _token, each in index.hits(desk.session, (7, 6), kept, ())} == {here}


def test_a_token_that_many_share_is_written_for_the_first_of_them_only(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "MOST", 2)
    for number in range(1, 4):
        desk.keep(UUID(int=number), ID=OKSANA)
    assert {each[0] for each in desk.tokens()} == {ONE, TWO}
    assert {each[3] for each in desk.entries()} == {len(desk.draw.kept(OKSANA))}
    desk.keep(UUID(int=4), ID=NUMBER)
    desk.keep(UUID(int=5), ID=NUMBER)
    desk.keep(UUID(int=6), ID=NUMBER)
    assert len(desk.found(NUMBER)) == 3  # a number is one person's, however many records bear it


def test_what_is_compared_opens_in_its_place_alone_and_goes_with_its_key(desk: Desk) -> None:
    desk.keep(ONE, ID=LEILA)
    desk.keep(TWO, OTHER, ID=OKSANA)
    inside = index.opened(desk.session, desk.keys, iter([(ONE, ID), (TWO, LOC)]))
    assert inside.keys() == {(ONE, ID)}
    assert inside[ONE, ID] == {
        "kept": sorted(desk.draw.kept(LEILA)), "asked": sorted(desk.draw.asked(LEILA)),
        "numbers": sorted(desk.draw.numbers(LEILA)), "marks": desk.draw.marks(LEILA),
    }  # fmt: skip
    assert index.opened(desk.session, desk.keys, []) == {}
    both = [(ONE, ID), (TWO, ID)]
    assert index.opened(desk.session, desk.keys, both).keys() == set(both)
    desk.keys.form = 2
    desk.keep(TWO, OTHER, ID=OKSANA)
    envelopes = desk.session.scalars(select(SearchEntry.envelope).order_by(SearchEntry.record_id))
    assert [bytes(each[:1]) for each in envelopes] == [b"\1", b"\2"]
    assert index.seal_beside(desk.keys, NOW, CASE, ONE, {})[1][:1] == b"\2"
    assert index.opened(desk.session, desk.keys, both).keys() == set(both)
    desk.session.execute(
        text("UPDATE search_entry SET case_id = :case WHERE record_id = :record"),
        {"case": CASE, "record": TWO},
    )
    assert index.opened(desk.session, desk.keys, both).keys() == {(ONE, ID)}
    desk.keys.destroy(CASE, NOW)
    assert index.opened(desk.session, desk.keys, both) == {}
    assert index.sweep(desk.session, desk.keys) == 1
    assert [each[0] for each in desk.entries()] == [TWO]
    assert index.sweep(desk.session, desk.keys) == 0


def test_what_was_asked_lies_under_the_key_of_the_case_that_it_was_asked_for(desk: Desk) -> None:
    key_id, envelope = index.seal_beside(desk.keys, NOW, CASE, ONE, {"asked": [1, 2]})
    assert key_id == desk.keys.for_sealing(CASE, [ID], NOW)[ID]
    assert index.open_beside(desk.keys, CASE, ONE, key_id, envelope) == {"asked": [1, 2]}
    for case_id, record_id in ((OTHER, ONE), (CASE, TWO)):
        with pytest.raises(Unreadable):
            index.open_beside(desk.keys, case_id, record_id, key_id, envelope)
    desk.keys.destroy(CASE, NOW)
    assert index.open_beside(desk.keys, CASE, ONE, key_id, envelope) is None


def test_reading_across_ends_with_the_reading(desk: Desk) -> None:
    def setting() -> Any:
        return desk.session.scalar(text("SELECT current_setting('nrm.matching', true)"))

    assert index.crossing(desk.session, setting) == "on"
    assert not setting()


@pytest.mark.parametrize(
    ("tokens", "bits", "cut_to"),
    [(64, 4, 5), (64, 5, 5), (64, 6, 6), (64, 7, 5), (600, 6, 8)],
)
def test_tokens_are_cut_anew_where_the_register_outgrew_its_plan(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tokens: int, bits: int, cut_to: int
) -> None:
    monkeypatch.setattr(index, "BATCH", 2)
    desk.session.execute(text("UPDATE search_plan SET bits = :bits"), {"bits": bits})
    desk.session.expire_all()
    for record in (1, 2, 3):
        desk.keep(UUID(int=record), ID=LEILA, LOC=OKSANA)
    desk.session.execute(text("UPDATE search_entry SET tokens = :each"), {"each": tokens // 6})
    rest = "UPDATE search_entry SET tokens = tokens + :rest WHERE record_id = :one AND category = 'ID'"
    desk.session.execute(text(rest), {"rest": tokens % 6, "one": ONE})
    plans: list[Any] = []

    def commit() -> None:
        plans.append(desk.session.execute(text("SELECT bits, before FROM search_plan")).one())

    done = index.replan(desk.session, desk.keys, commit)
    if cut_to == bits:
        assert (done, plans) == (0, [(bits, None)])
    else:
        assert (done, plans) == (6, [(cut_to, bits)] * 4 + [(cut_to, None)])
    desk.session.expire_all()
    assert {each[2] for each in desk.entries()} == {cut_to}
    short = {("ID", cut_to, cut(each, cut_to)) for each in desk.draw.kept(LEILA)}
    short |= {("LOC", cut_to, cut(each, cut_to)) for each in desk.draw.kept(OKSANA)}
    short |= {("ID", WHOLE, cut(each, WHOLE)) for each in desk.draw.numbers(LEILA)}
    wanted = {(UUID(int=record), each, CASE, *rest) for record in (1, 2, 3) for each, *rest in short}
    assert desk.tokens() == wanted


def test_an_entry_whose_key_is_gone_is_not_cut_but_forgotten_and_a_plan_under_way_is_gone_on_with(
    desk: Desk,
) -> None:
    desk.keep(ONE, ID=LEILA)
    desk.keep(TWO, OTHER, ID=LEILA)
    desk.keys.destroy(OTHER, NOW)
    desk.session.execute(text("UPDATE search_plan SET bits = 5, before = 6"))
    desk.session.expire_all()
    assert index.replan(desk.session, desk.keys, desk.session.flush) == 2
    assert [each[:3] for each in desk.entries()] == [(ONE, "ID", 5)]
    assert {each[0] for each in desk.tokens()} == {ONE}
    assert desk.session.execute(text("SELECT bits, before FROM search_plan")).one() == (5, None)
