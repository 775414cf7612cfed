"""Who opened a case without any task there is found, asked, and answers; all others are explained by an act."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app.accounts.service import add_user
from app.demo.acting import as_system
from app.demo.stories import Teller
from app.kit.ids import new_id
from app.oversight import accesses
from app.oversight.explaining import EXPLAINED, Access, Known, Span, explanation, ties_of
from app.safeguards import access
from app.safeguards.words import Relation, Role
from app.web.door import Runtime
from tests.fixtures.service import As, Enter

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
WHO, HOUSE = new_id(), new_id()
LOOK = Access(new_id(), WHO, "NGO", HOUSE, NOON)
MINE = Span("assigned", NOON - A_DAY, None, user_id=WHO)
DESK = Span("assigned", NOON - A_DAY, None, role="NGO", organisation_id=HOUSE)
LEADS = Span("lead", NOON - A_DAY, None, user_id=new_id(), role="NGO", organisation_id=HOUSE)
RUNS = Span("case", NOON - A_DAY, None, role="NGO")


def test_each_thing_explains_while_it_stands_and_for_whom_it_was_meant() -> None:
    of_desk = {each: replace(DESK, what=each) for each in ("recipient", "shelter_asked", "shelter", "lent")}
    explains = {
        "assigned": Known(ties=(MINE,)),
        "emergency": Known(ties=(replace(MINE, what="emergency", until_at=NOON + AN_HOUR),)),
        "asked": Known(ties=(of_desk["recipient"],)),
        "houses": Known(ties=(of_desk["shelter"],)),
        "acted": Known(acts=((WHO, NOON + 2 * A_DAY),)),
        "clock": Known(ties=(LEADS,), clocks=(RUNS,)),
        "told": Known(notices=(replace(DESK, what="A referral waits"),)),
        "lent": Known(ties=(of_desk["lent"],)),
    }
    assert explains.keys() == EXPLAINED.keys()
    for code, known in explains.items():
        assert explanation(LOOK, known) == code
        later = replace(LOOK, at=NOON + 30 * A_DAY)
        ended = Known(*(tuple(replace(each, until_at=NOON) for each in spans) for spans in
                        (known.ties, known.clocks, known.notices)), acts=known.acts)  # fmt: skip
        assert explanation(later, ended) is None, code
        other = replace(LOOK, user_id=new_id(), role="SOC", organisation_id=new_id())
        assert explanation(other, known) is None, code
    assert explanation(LOOK, Known(ties=(DESK,))) is None  # the right alone explains nothing
    assert explanation(LOOK, Known()) is None
    assert (
        explanation(LOOK, Known(ties=(DESK,), clocks=(RUNS,))) is None
    )  # another organisation answers for it


def test_ties_are_read_from_what_the_ledger_says() -> None:
    def said(act: str, hour: int, **about: Any) -> dict[str, Any]:
        return {"act": act, "at": (NOON + hour * AN_HOUR).isoformat(), **about}

    named = {"to_user": str(WHO), "recipient": str(HOUSE), "to_role": "NGO"}
    events = [
        said("grant", 0, relation="lead", **named),
        said("grant", 0, relation="emergency", until=(NOON + 4 * AN_HOUR).isoformat(), **named),
        said("disclose", 1, recipient=str(HOUSE), categories=["ID"]),
        said("revoke", 2, relation="lead,assigned", recipient=str(new_id())),  # another organisation’s
        said("revoke", 3, relation="lead"),
        said("revoke", 5, rests_on=str(new_id())),
    ]
    lead, emergency, lent = ties_of(events)
    assert (lead.until_at, emergency.until_at) == (NOON + 3 * AN_HOUR, NOON + 4 * AN_HOUR)
    assert (lent.what, lent.organisation_id, lent.until_at) == ("lent", HOUSE, NOON + 5 * AN_HOUR)


def test_who_had_no_task_is_found_asked_and_answers(
    sheltered: UUID, enter: Enter, acting: As, teller: Teller
) -> None:
    with acting("ngo") as work:
        house = teller.house(work, "social")
        access.grant(work, sheltered, Relation.ASSIGNED, role=Role.SOC, organisation_id=house)
        work.commit()
    curious = enter("social")
    curious.get(f"/cases/{sheltered}")
    curious.json("GET", f"/api/cases/{sheltered}")
    enter("ngo").get(f"/cases/{sheltered}")
    enter("shelter").get(f"/cases/{sheltered}")
    for who, total in (("supervisor", 1), ("supervisor2", 1)):
        told = enter(who).json("GET", "/api/oversight/accesses")
        assert (told["explained"], told["unexplained"]) == (told["total"], []), who
        assert told["total"] >= total
    boss = enter("supervisor3")
    (line,) = boss.json("GET", "/api/oversight/accesses")["unexplained"]
    assert (line["who"], line["times"], line["question_id"]) == ("Sofia Lund", 2, None)
    boss.get("/oversight/accesses")
    boss.follow(boss.send(action=line["day"]))
    assert "no answer yet" in boss.text
    assert enter("ngo").json("GET", "/api/questions") == []
    curious = enter("social")
    curious.get("/questions")
    curious.send(422)
    curious.get("/questions")
    curious.send(answer="by_mistake")
    curious.get("/questions")
    assert "Nobody asks you anything" in curious.text
    boss.get("/oversight/accesses")
    assert "I opened it by mistake" in boss.text
    asked = boss.json("GET", "/api/oversight/accesses")["unexplained"][0]["question_id"]
    enter("supervisor").json("POST", f"/api/oversight/accesses/{asked}", {"outcome": "explained"}, status=404)
    curious.json("POST", f"/api/questions/{asked}", {"answer": "stood_in"}, status=409)
    boss.follow(boss.send(action=asked, button="reminded"))
    assert "Nothing is left to ask" in boss.text
    assert "The person was reminded" in boss.text
    boss.json("POST", f"/api/oversight/accesses/{asked}", {"outcome": "explained"}, status=409)
    twice = {"case_id": str(sheltered), "user_id": line["user_id"], "day": line["day"]}
    boss.json("POST", "/api/oversight/accesses", twice, status=409)
    boss.json("POST", "/api/oversight/accesses", {**twice, "case_id": str(new_id())}, status=404)


def test_where_an_office_has_no_supervisor_the_auditor_asks(
    sheltered: UUID, enter: Enter, acting: As, teller: Teller, runtime: Runtime
) -> None:
    with acting("ngo") as work:
        for each, role in (("ngo2", Role.NGO), ("social", Role.SOC)):
            house = teller.house(work, each)
            access.grant(work, sheltered, Relation.ASSIGNED, role=role, organisation_id=house)
        work.commit()
    for who in ("ngo2", "social"):
        enter(who).get(f"/cases/{sheltered}")
    with acting(
        "auditor"
    ) as work:  # what awaited whom explains as it does to a supervisor, and nothing more is told
        told = accesses._awaited(work, [sheltered])
        assert all(each.what == "" for spans in told for each in spans[sheltered])
    with acting("supervisor") as work:
        clocks, _notices = accesses._awaited(work, [sheltered])
        assert {(each.role, each.from_at) for each in clocks[sheltered]} == {
            (each.role, each.from_at) for each in told[0][sheltered]
        }
    auditor = enter("auditor")
    (line,) = auditor.json("GET", "/api/oversight/accesses")["unexplained"]
    assert (line["who"], line["organisation"]) == ("Omar Diallo", "Open Door Network")
    auditor.get("/oversight/accesses")
    assert "Open Door Network" in auditor.text
    auditor.follow(auditor.send(action=line["day"]))
    curious = enter("ngo2")
    curious.get("/")
    assert "Somebody asks about an access" in curious.text
    curious.get("/questions")
    curious.send(answer="by_mistake")
    assert "A question about an access was answered" in str(enter("auditor").json("GET", "/api/work"))
    (line,) = auditor.json("GET", "/api/oversight/accesses")["unexplained"]
    assert line["answer"] == "by_mistake"
    path = f"/api/oversight/accesses/{line['question_id']}"
    enter("supervisor3").json("POST", path, {"outcome": "explained"}, status=404)
    with as_system(runtime) as work:
        add_user(work, UUID(line["organisation_id"]), Role.SUP, name="A supervisor",
                 email="boss@demonstration.example", language="en")  # fmt: skip
        work.commit()
    assert auditor.json("GET", "/api/oversight/accesses")["unexplained"] == []
    auditor.json("POST", path, {"outcome": "explained"}, status=404)  # theirs to close, from now on
