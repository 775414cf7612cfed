"""Two cases of one person: two people decide, nothing moves, undoing leaves no difference."""

import pytest

from app.demo.stories import Teller
from app.safeguards import access
from app.safeguards.words import Relation
from app.tables import METADATA

SIGNS = [{"source": "told", "signs": ["ilo.violence"]}]
ABOUT_NO_FILE = {"merge", "answered", "sign_in_session", "asking"}


@pytest.fixture
def two(runtime, clock, acting):
    """Two cases on which an NGO's caseworker and a social worker both work, with their references."""
    teller, cases = Teller(runtime, clock), []
    for name in ("Leila", "Laila"):
        case_id = teller.refer("police", "ngo", SIGNS, given_names=name, family_names="Husseini")
        teller.act("ngo", case_id, "referral", "accept")
        with acting("social") as her, acting("ngo") as work:
            access.grant(
                work, case_id, Relation.ASSIGNED, role=her.actor.role,
                organisation_id=her.actor.organisation_id, user_id=her.actor.user_id,
            )  # fmt: skip
            work.commit()
        cases.append(case_id)
    return cases


@pytest.fixture
def digests(owner_rows):
    """A digest of every row of every table that knows of a file; the ledger tells of acts, not of files."""
    tables = [
        each.fullname for each in METADATA.sorted_tables
        if each.schema != "ledger" and each.name not in ABOUT_NO_FILE
    ]  # fmt: skip

    def taken():
        return {
            name: owner_rows(
                "SELECT md5(t::text) FROM "
                + ".".join(f'"{part}"' for part in name.split("."))
                + " AS t ORDER BY 1"
            )
            for name in tables
        }

    return taken


def test_a_merge_and_its_undoing_leave_identical_files(enter, two, digests, owner_rows):
    kept, other = two
    [(reference,)] = owner_rows('SELECT reference FROM "case" WHERE id = :id', id=other)
    one, second = enter("ngo"), enter("social")
    before = digests()
    assert before["part"]
    one.get(f"/cases/{kept}/same")
    one.send(422, reference="AAAA-AAAA", action="/same")
    assert "You work on no other case with this reference" in one.text
    one.follow(one.send(303, reference=reference, action="/same"))
    assert "Somebody else who works on both cases must confirm" in one.text
    merge = one.json("GET", f"/api/cases/{kept}/same")
    assert (merge["state"], merge["kept"], merge["acts"]) == ("proposed", True, ["decline"])
    one.json("POST", f"/api/cases/{kept}/same/{merge['id']}/confirm", status=409)
    assert one.json("GET", "/api/work")["merges"] == []
    assert [each[0] for each in second.json("GET", "/api/work")["merges"]] == [str(kept)]
    assert "You proposed that another case" in one.get(f"/cases/{kept}").text
    assert "Somebody says that another case" in second.get(f"/cases/{other}").text
    second.get(f"/cases/{other}/same")
    second.follow(second.send(303, action="/confirm"))
    assert second.json("GET", "/api/work")["merges"] == []
    assert "Work goes on in the other case" in second.text
    assert digests() == before
    one.get(f"/cases/{kept}/same")
    one.follow(one.send(303, action="/undo"))
    assert digests() == before
    acts = owner_rows("SELECT body::json ->> 'by' FROM ledger.event WHERE act = 'combine' AND case_id = :id"
                      " ORDER BY id", id=other)  # fmt: skip
    assert acts == [("propose",), ("confirm",), ("undo",)]


def test_what_is_sealed_stays_and_strangers_join_nothing(enter, two, owner_rows):
    kept, other = two
    [(reference,)] = owner_rows('SELECT reference FROM "case" WHERE id = :id', id=other)
    path = f"/api/cases/{kept}/same"
    enter("ngo2").json("POST", path, {"reference": reference}, status=404)
    enter("police").json("POST", path, {"reference": reference}, status=422)  # only sent both referrals
    one, second = enter("ngo"), enter("social")
    merge = second.json("POST", path, {"reference": reference})["merge_id"]
    one.json("POST", path, {"reference": reference}, status=409)
    one.json("POST", f"{path}/{merge}/confirm")
    one.json("POST", f"{path}/{merge}/seal")
    for name in ("undo", "decline", "confirm"):
        one.json("POST", f"{path}/{merge}/{name}", status=409)
    assert one.json("GET", path)["acts"] == []
    one.json("POST", f"{path}/{merge}/nothing", status=404)
