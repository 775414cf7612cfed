"""No case, one of others, one from which one is barred: one answer, one price, and three reasons on the ledger."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy import event

from app.kit.ids import new_id
from app.safeguards.conflicts import bar
from app.safeguards.matrix import CONFLICT
from app.web.door import Runtime
from tests.doors.knocking import SAFE, Knock, Records, doors, without_its_number
from tests.fixtures.service import As, Browser, Enter

REASON = "She is looked for by somebody of his unit."
BODIES: dict[str, Any] = {  # a body that fits, where an empty one says nothing
    "own_conflict": {"ground": "family", "reason": REASON},
    "declare_conflict": {"ground": "family", "reason": REASON, "organisation_id": str(UUID(int=7))},
    "oversee": {"reason": REASON},
    "propose_merge": {"reference": "K7MT-4QXD"},
    "person": {"given_names": "Ira"},
}
STEP_DOORS = 25  # of those of steps, which one function makes, one in so many


def knocked(app: FastAPI) -> list[Knock]:
    every = [each for each in doors(app) if "{case_id}" in each.path]
    steps = [each for each in every if each.is_step]
    return [each for each in every if not each.is_step] + steps[::STEP_DOORS]


@contextmanager
def statements(runtime: Runtime) -> Iterator[list[str]]:
    """What is asked of the database meanwhile, in the order in which it is asked."""
    heard: list[str] = []

    def hear(_line: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        heard.append(statement)

    event.listen(runtime.engine, "before_cursor_execute", hear)
    yield heard
    event.remove(runtime.engine, "before_cursor_execute", hear)


def knock(who: Browser, door: Knock, case_id: UUID, **known: Any) -> Any:
    said = {"X-CSRF-Token": who.token or ""}
    path, body = (
        door.at(case_id=case_id, slug="consent", step="ask", **known),
        BODIES.get(door.name.split(".")[-1]),
    )
    if door.method in SAFE:
        return who.client.request(door.method, path, headers=said)
    if door.is_json:
        return who.client.request(door.method, path, json=body or {}, headers={**said, "If-Match": "1"})
    return who.client.request(door.method, path, data={"csrf": who.token, **(body or {})}, headers=said)


def test_nobody_can_tell_a_case_from_none_by_the_answer_or_by_its_price(  # noqa: PLR0917 -- one story
    woman: UUID,
    app: FastAPI,
    runtime: Runtime,
    enter: Enter,
    acting: As,
    records: Records,
    record_property: Any,
) -> None:
    with acting("police") as work:
        barred = work.actor.user_id
        bar(work, woman, ground="suspect", reason=REASON, user_id=barred)
        work.commit()
    [track] = records.values("SELECT id FROM track WHERE case_id = %s AND slug = 'referral'", woman)
    tried = knocked(app)
    for key, why in (("police", CONFLICT), ("ngo2", "no relation to the case")):
        who, hidden = enter(key), 0
        for door in tried:
            told = []
            for case_id in (woman, new_id()):
                with statements(runtime) as asked:
                    answer = knock(who, door, case_id, track_id=track)
                told.append((without_its_number(answer), asked))
            assert told[0][0] == told[1][0], (key, door)
            assert told[0][1] == told[1][1], (key, door, "the price")
            assert told[0][0][0] in {404, 422}, (key, door, told[0][0][0])
            assert len(told[0][1]) > 3 or told[0][0][0] == 422, (
                door
            )  # who asks, what ties them, why not, an event
            hidden += told[0][0][0] == 404
        assert hidden > len(tried) * 0.7, key
        said = [
            json.loads(each) for each in records.values("SELECT body FROM ledger.event WHERE act = 'refuse'")
        ]
        mine = [each["rules"] for each in said if each.get("case") == str(woman) and why in each["rules"]]
        assert len(mine) == hidden
    assert sum(each["rules"] == ["no such case"] for each in said) >= 2 * hidden - 5
    record_property(
        "G13", f"{len(tried)} doors answer alike, after the same statements, with and without a case"
    )
