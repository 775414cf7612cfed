"""Another cipher: what was sealed before is sealed anew while people read, whole, on the ledger, and once."""

import json
from hashlib import sha256

import pytest
from sqlalchemy import create_engine, text

from app.jobs.integrity import check
from app.keys import main
from app.running import jobs_session_maker, owner_session_maker
from app.safeguards import resealing
from app.safeguards.vault.envelope import FORMS
from app.safeguards.words import Category
from tests.safeguards.told import VALUES, write

HEADS = "SELECT substring(envelope, 1, 2) AS head, count(*) FROM part GROUP BY head"
ROWS = "SELECT id, record_id, category, row_version, key_id, sealed_at, envelope FROM part ORDER BY id"
SAID = "SELECT body FROM ledger.event WHERE act = 'key' ORDER BY id"


@pytest.fixture
def owner(given):
    engine = create_engine(given.database_url, isolation_level="AUTOCOMMIT")
    yield lambda query: engine.connect().execute(text(query)).all()
    engine.dispose()


class CutOff(Exception):
    """What a kill is to the code: it does not come back."""


def test_all_is_sealed_anew_in_another_form_and_back(  # noqa: PLR0917 -- fixtures
    given, runtime, owner, acting, sealed_record, capsys, monkeypatch
):
    monkeypatch.setattr(resealing, "BATCH", 3)
    case_id, record_id = sealed_record

    def read():
        with acting("ngo") as work:
            return work.reveal(case_id, [record_id]).of(record_id)

    runtime.keys.destroy(case_id, runtime.clock.now(), [Category.HEA])
    told = {name: value for name, value in VALUES.items() if name != "illness"}
    assert read() == told
    before, gone = owner(ROWS), len(owner("SELECT id FROM part WHERE category = 'HEA'"))
    other = given.model_copy(update={"envelope_form": 2})
    calls = []

    def cut(done, total):
        calls.append((done, total))
        assert read() == told  # whatever form each part is in
        if len(calls) == 2:
            raise CutOff

    with pytest.raises(CutOff):
        resealing.reseal(resealing_as(other), 2, cut)
    assert len(owner(HEADS)) == 2
    assert main(["reseal"], other) == 0
    assert "sealed anew in form 2" in capsys.readouterr().out
    assert read() == told

    after = owner(ROWS)
    assert [row[:6] for row in after] == [row[:6] for row in before]  # row, version, key and time stay
    heads = {bytes(head): number for head, number in owner(HEADS)}
    assert heads == {FORMS[2].head: len(after) - gone, FORMS[1].head: gone}
    known = {tuple(each) for (body,) in owner(SAID) for each in json.loads(body).get("records", ())}
    for row in after:
        digest = sha256(row.envelope).hexdigest()
        said = (str(row.record_id), row.category, row.row_version, digest) in known
        assert said == (bytes(row.envelope[:2]) == FORMS[2].head)
    assert main(["reseal"], other) == 0  # nothing is left, and nothing is done twice
    assert capsys.readouterr().out.startswith("0 parts")
    assert (
        check(jobs_session_maker(given), given.checkpoints_at) == []
    )  # nothing was written past the service
    assert main(["reseal"], given) == 0  # and back
    assert read() == told
    assert {bytes(head) for head, _number in owner(HEADS)} == {FORMS[1].head}


def resealing_as(given):

    return owner_session_maker(given, "keys")


def test_new_parts_follow_the_settings_and_what_is_damaged_is_named(  # noqa: PLR0917 -- fixtures
    given, runtime, owner, acting, sealed_record, capsys
):
    case_id, record_id = sealed_record
    runtime.keys.form = 2
    with acting("ngo") as work:
        write(work, case_id, record_id, {"name": "Amara N."})
        work.commit()
    runtime.keys.form = 1
    (newest,) = owner("SELECT envelope FROM part WHERE category = 'ID' ORDER BY row_version DESC LIMIT 1")
    assert bytes(newest.envelope[:2]) == FORMS[2].head
    owner("UPDATE part SET envelope = envelope || '\\x00' WHERE category = 'LOC' RETURNING id")
    assert main(["reseal"], given.model_copy(update={"envelope_form": 2})) == 1
    assert str(record_id) in capsys.readouterr().out
    assert main(["reseal"], given.model_copy(update={"database_url": None})) == 2
    assert "NRM_DATABASE_URL" in capsys.readouterr().err
