"""Beds: matched by needs, held and taken once, given back; seen by opaque code, never by address."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import fields, replace
from uuid import UUID

import pytest
from sqlalchemy import insert, inspect, select
from sqlalchemy.exc import IntegrityError

from app.cases.service import begin_case
from app.kit.errors import NotAllowed, Refused, Unknown
from app.kit.ids import new_id
from app.safeguards.work import Work
from app.shelters import service as shelters
from app.shelters.models import Place, Shelter, Stay
from app.shelters.queries import Needs, PlaceSeen, board, matching_places
from app.tables import METADATA

As = Callable[[str], AbstractContextManager[Work]]


def case(acting: As, key: str = "shelter") -> UUID:
    with acting(key) as work:
        case_id = begin_case(work)
        work.commit()
    return case_id


def free_place(acting: As) -> UUID:
    with acting("shelter") as work:
        return matching_places(work, Needs(women=True))[0].id


def state(acting: As, place_id: UUID) -> str:
    with acting("shelter") as work:
        return next(place.state for house in board(work) for place in house.places if place.id == place_id)


def test_a_place_is_held_occupied_and_given_back(acting: As) -> None:
    place, person = free_place(acting), case(acting)
    for act, then in (
        (lambda work: shelters.hold(work, place, person), "held"),
        (lambda work: shelters.hold(work, place, person), "held"),
        (lambda work: shelters.occupy(work, place, person), "occupied"),
        (lambda work: shelters.free(work, person), "free"),
        (lambda work: shelters.free(work, person), "free"),
    ):
        with acting("shelter") as work:
            act(work)
            work.commit()
        assert state(acting, place) == then
    with acting("shelter") as work:
        stay = work.session.scalars(select(Stay).where(Stay.case_id == person)).one()
        assert stay.until_at is not None
        assert stay.place_id == place


def test_a_place_is_nobody_elses_while_it_is_held_or_occupied(acting: As) -> None:
    place, first, second = free_place(acting), case(acting), case(acting)
    for taking in (shelters.hold, shelters.occupy):
        with acting("shelter") as work:
            taking(work, place, first)
            work.commit()
        for other in (shelters.hold, shelters.occupy):
            with acting("shelter") as work, pytest.raises(Refused):
                other(work, place, second)


def test_what_is_not_free_is_not_offered(acting: As) -> None:
    place, person = free_place(acting), case(acting)
    with acting("shelter") as work:
        shelters.hold(work, place, person)
        assert place not in {each.id for each in matching_places(work, Needs())}


def test_holding_another_place_lets_the_first_one_go(acting: As) -> None:
    person = case(acting)
    with acting("shelter") as work:
        first, second = matching_places(work, Needs())[:2]
        shelters.hold(work, first.id, person)
        shelters.hold(work, second.id, person)
        states = {each.id: each.state for house in board(work) for each in house.places}
    assert (states[first.id], states[second.id]) == ("free", "held")


def test_nobody_lives_in_two_places(acting: As) -> None:
    person = case(acting)
    with acting("shelter") as work:
        first, second = matching_places(work, Needs())[:2]
        shelters.occupy(work, first.id, person)
        with pytest.raises(Refused):
            shelters.occupy(work, second.id, person)


def test_the_database_itself_refuses_two_in_one_place(acting: As) -> None:
    place, first, second = free_place(acting), case(acting), case(acting)
    with acting("shelter") as work:
        shelters.occupy(work, place, first)
        again = {"id": new_id(), "case_id": second, "place_id": place, "from_at": work.clock.now()}
        with pytest.raises(IntegrityError):
            work.session.execute(insert(Stay).values(again))


@pytest.mark.parametrize("key", ["ngo", "social", "police"])
def test_only_the_house_itself_writes_who_lives_there(acting: As, key: str) -> None:
    place, person = free_place(acting), case(acting, key)
    with acting(key) as work, pytest.raises(NotAllowed):
        shelters.occupy(work, place, person)


def test_a_place_that_is_not_there_is_unknown(acting: As) -> None:
    person = case(acting)
    with acting("shelter") as work, pytest.raises(Unknown):
        shelters.hold(work, new_id(), person)


def test_the_board_is_of_the_own_house_only(acting: As) -> None:
    with acting("shelter") as work:
        houses = board(work)
        assert {len(house.places) for house in houses} == {3}
        assert all(house.count("free") == 3 for house in houses)
    with acting("ngo") as work:
        assert not board(work)


NEEDS = Needs(women=True, children=True, accessible=True, security="high", people=2)


@pytest.mark.parametrize(
    ("needs", "found"),
    [
        (Needs(), True), (NEEDS, True), (replace(NEEDS, people=3), False), (replace(NEEDS, men=True), False),
        (replace(NEEDS, pets=True), False), (replace(NEEDS, avoid_regions=frozenset({"north"})), False),
        (replace(NEEDS, avoid_regions=frozenset({"south"})), True), (Needs(men=True, security="high"), False),
        (Needs(men=True), True), (Needs(men=True, children=True), False),
    ],
)  # fmt: skip
def test_places_are_found_by_needs(acting: As, needs: Needs, found: bool) -> None:
    with acting("ngo") as work:
        places = matching_places(work, needs)
    assert bool(places) is found
    assert [each.sleeps for each in places] == sorted(each.sleeps for each in places)
    assert all(each.sleeps >= needs.people for each in places)


def test_no_table_and_no_value_has_room_for_an_address() -> None:
    columns = {column.name for table in (Shelter, Place, Stay) for column in inspect(table).columns}
    shown = {field.name for field in fields(PlaceSeen)}
    assert not {"address", "street", "town", "city", "name", "postcode", "latitude"} & (columns | shown)
    assert {"shelter", "shelter_place", "shelter_stay"} <= set(METADATA.tables)


def test_a_house_has_a_security_level_that_is_known(acting: As) -> None:
    with acting("shelter") as work, pytest.raises(ValueError, match="fortress"):
        shelters.add_shelter(work, organisation_id=new_id(), region="north", security_level="fortress")
