"""Whoever is barred from a case takes away what proves the ledger, and nothing that tells of it by its absence."""

import json
from uuid import UUID

from sqlalchemy import Engine, text

from app.safeguards.ledger.verify import verify
from app.safeguards.vault.signing import Signer
from app.sealing import seal_once
from app.settings import Settings
from tests.fixtures.service import As, Browser, Enter

SAID = {"ground": "family", "reason": "The auditor is her cousin's wife."}


def taken(browser: Browser) -> list[str]:
    """The lines of the file that the door of the page gives."""
    said = browser.client.post("/oversight/ledger", data={"csrf": browser.token})
    assert said.status_code == 200
    return said.text.splitlines(keepends=True)


def found(lines: list[str], given: Settings) -> dict[str, object]:
    report = verify(lines, Signer.load(given.signing_at).public)
    return {each.kind: each.values.get("count") for each in report.findings}


def test_a_barred_auditor_takes_away_hashes_and_no_gap(
    sheltered: UUID, enter: Enter, acting: As, given: Settings, owner: Engine
) -> None:
    seal_once(given)
    auditor = enter("auditor")
    whole = taken(auditor)
    assert found(whole, given) == {}
    assert str(sheltered) in "".join(whole)
    with acting("auditor") as work:
        barred = {
            **SAID,
            "organisation_id": str(work.actor.organisation_id),
            "email": "auditor@demonstration.example",
        }
    enter("ngo").json("POST", f"/api/cases/{sheltered}/conflicts/others", barred)
    seal_once(given)

    bare = taken(auditor)
    leaves = [each for each in map(json.loads, bare) if "leaf" in each]
    assert len(leaves) > len(whole) - 4
    assert all(each.keys() == {"leaf", "hash"} for each in leaves)
    assert json.loads(bare[0])["texts"] == "none"
    assert found(bare, given) == {"bare": len(leaves)}
    told = verify(bare, Signer.load(given.signing_at).public)
    assert told.exit_code == 1  # never taken for a file that says what happened
    exchanged = bare[:]
    exchanged[5], exchanged[6] = (
        bare[5].replace('"leaf":4', '"leaf":5'), bare[6].replace('"leaf":5', '"leaf":4')
    )  # fmt: skip
    assert "changed" in found(exchanged, given)
    kept = [json.loads(line)["checkpoint"] for line in whole if '"checkpoint":' in line][-1]
    assert {each.kind for each in verify(bare, Signer.load(given.signing_at).public, kept).findings} == {
        "bare"
    }

    assert found(taken(enter("protector")), given) == {}  # somebody else has the texts
    with owner.connect() as database:  # past the service: the row is ended, and its stamp does not fit
        database.execute(text("UPDATE barring SET ended_at = from_at"))
    assert '"event"' not in "".join(taken(auditor))


def test_pages_give_whoever_is_barred_no_row_and_no_number_that_depends_on_the_case(
    sheltered: UUID, enter: Enter, acting: As, given: Settings
) -> None:
    seal_once(given)
    auditor, boss = enter("auditor"), enter("supervisor")
    for who in (auditor, boss):
        told = who.json("GET", "/api/oversight")
        assert str(sheltered) in str(told)
        assert told["health"]["sealed"]
        assert all(each["id"] for each in told["events"])
    lead = enter("ngo")
    for who in ("auditor", "supervisor"):
        barred = {**SAID, "email": f"{who}@demonstration.example"}
        path = f"/api/cases/{sheltered}/conflicts/others"
        with acting(who) as work:
            lead.json("POST", path, {**barred, "organisation_id": str(work.actor.organisation_id)})
    lead.get(f"/cases/{sheltered}")
    for who in (auditor, boss):
        told = who.json("GET", "/api/oversight")
        assert str(sheltered) not in str(told)
        assert set(told["health"].values()) == {None}
        assert {each["id"] for each in told["events"]} == {None}
        report = who.json("GET", "/api/oversight/accesses")
        assert (report["total"], report["unexplained"]) == (0, [])
    auditor.get("/oversight")
    assert "not told to anybody who is barred" in auditor.text
    entered = auditor.json("GET", "/api/oversight?act=sign_in")["events"]
    assert len(entered) >= 3
    assert auditor.json("GET", "/api/oversight?act=sign_in&before=1")["events"] == entered[1:]
