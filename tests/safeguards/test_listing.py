"""A little of many cases at once: what may be seen of each, one event for each, and nothing of a stranger's."""

import json

from sqlalchemy import select

from app.kit.ids import new_id
from app.safeguards import access
from app.safeguards.listing import reveal_each
from app.safeguards.models import LedgerEvent
from app.safeguards.words import Category, Relation
from tests.fixtures.service import As
from tests.safeguards.told import begin, write

UNSAID = {"id", "records", "after", "vouched"}  # drawn, or tested elsewhere


def test_each_case_is_opened_as_far_as_it_may_be_and_told_once(acting: As) -> None:
    (first, one), (second, two), (third, three) = begin(acting), begin(acting), begin(acting)
    with acting("police") as work:
        write(work, first, hers := new_id(), {"name": "Ana", "illness": "Asthma"})
        work.commit()
    wanted = {first: [one, hers], second: [two], third: [three], new_id(): [new_id()]}
    with acting("ngo") as work:
        access.end(work, third, [Relation.LEAD])
        work.commit()
    with acting("ngo") as work:
        seen = reveal_each(work, wanted, [Category.ID, Category.HEA, Category.CRI])
        assert seen.keys() == {first, second}
        assert {(each.record_id, each.category): each.fields for each in seen[first]} == {
            (one, Category.ID): {"name": "Amara", "nickname": "Ama"}, (one, Category.HEA): {"illness": "Asthma"},
            (hers, Category.ID): {"name": "Ana"},  # her health, which the police wrote, is not lent
        }  # fmt: skip
        assert [each.fields for each in seen[second]] == [
            {"illness": "Asthma"},
            {"name": "Amara", "nickname": "Ama"},
        ]
        assert {each.own for each in seen[second]} == {True}
        again = reveal_each(work, wanted, [Category.ID])
        assert again.keys() == seen.keys()
        assert reveal_each(work, {second: [two]}, [Category.EXP]).keys() == {second}
        assert reveal_each(work, {}, [Category.ID]) == {}
        work.commit()
        who, at = work.actor, work.clock.now()
    with acting("police") as work:
        (said,) = reveal_each(work, {first: [one, hers]}, [Category.ID])[first]
        assert said.fields == {"name": "Ana"}
        work.commit()
    with acting("auditor") as work:
        query = select(LedgerEvent.body).where(LedgerEvent.act == "consult").order_by(LedgerEvent.id)
        told = [json.loads(body) for body in work.session.scalars(query)]
    assert sorted(each["case"] for each in told[:2]) == sorted([str(first), str(second)])
    assert [each["case"] for each in told[2:]] == [str(second), str(first)]
    whole = next(each for each in told if each["case"] == str(first))
    assert {name: each for name, each in whole.items() if name not in UNSAID} == {
        "v": 1, "act": "consult", "at": at.isoformat(), "actor": str(who.user_id), "role": "NGO",
        "organisation": str(who.organisation_id), "authenticator": "demonstration", "purpose": "demonstration",
        "case": str(first), "categories": ["HEA", "ID"],
        "fields": {"HEA": ["illness"], "ID": ["name", "nickname"]},
        "rules": {"HEA": "own contribution", "ID": "NGO.ID=Wa"},
    }  # fmt: skip
    assert sorted(whole["records"]) == sorted(
        [[str(one), "HEA", 1], [str(one), "ID", 1], [str(hers), "ID", 1]]
    )
    assert told[2]["fields"] == {"EXP": ["account"]}
    assert told[3]["rules"] == {"ID": "POL.ID=Rc+Wo"}
