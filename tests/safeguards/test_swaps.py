"""Whoever may write to the database moves, mixes, ages and spoils sealed parts: all refused, with one error."""

import pytest
from sqlalchemy import create_engine, text

from app.kit.errors import OutOfReach
from tests.safeguards.told import VALUES, write

OF = "record_id = :record AND row_version = 1"
# Each is one thing done to the rows of one record; HEA and ID have one version, LOC has two.
DONE = {
    "one bit flipped": f"UPDATE part SET envelope = set_byte(envelope, 80, get_byte(envelope, 80) # 1)"
    f" WHERE category = 'HEA' AND {OF}",
    "cut short": f"UPDATE part SET envelope = substring(envelope FROM 1 FOR 200) WHERE category = 'HEA' AND {OF}",
    "emptied": f"UPDATE part SET envelope = '' WHERE category = 'HEA' AND {OF}",
    "envelopes of two categories exchanged": "UPDATE part SET envelope = other.envelope FROM part AS other"
    " WHERE part.record_id = :record AND other.record_id = :record"
    " AND (part.category, other.category) IN (('HEA', 'ID'), ('ID', 'HEA'))",
    "a category renamed": f"UPDATE part SET category = 'SVC' WHERE category = 'HEA' AND {OF}",
    "moved to another record": f"UPDATE part SET record_id = :other WHERE category = 'HEA' AND {OF}",
    "another record's put in its place": "UPDATE part SET envelope = (SELECT envelope FROM part AS foreign_part"
    f" WHERE record_id = :other AND category = 'HEA') WHERE category = 'HEA' AND {OF}",
    "an old version in place of the new": "UPDATE part SET envelope = old.envelope FROM part AS old WHERE"
    " part.category = 'LOC' AND part.row_version = 2 AND old.category = 'LOC' AND old.row_version = 1"
    " AND part.record_id = :record AND old.record_id = :record",
    "an old version numbered as the newest": "UPDATE part SET row_version = 9"
    " WHERE category = 'LOC' AND row_version = 1 AND record_id = :record",
    "another category's key named": "UPDATE part SET key_id = (SELECT key_id FROM part AS foreign_part"
    f" WHERE category = 'ID' AND record_id = :record) WHERE category = 'HEA' AND {OF}",
    "a key named that there is not": f"UPDATE part SET key_id = gen_random_uuid() WHERE category = 'HEA' AND {OF}",
    "wrapped keys of two categories exchanged": "UPDATE keys.wrapped_key SET wrapped = other.wrapped"
    " FROM keys.wrapped_key AS other WHERE wrapped_key.case_id = :case AND other.case_id = :case"
    " AND (wrapped_key.category, other.category) IN (('HEA', 'ID'), ('ID', 'HEA'))",
}


def test_all_is_refused_alike(acting, sealed_record, given, runtime, record_property):
    case_id, record_id = sealed_record
    with acting("ngo") as work:
        write(work, case_id, record_id, {"street": "Kestrel Row 9"})
        write(work, case_id, other_id := case_id, VALUES)
        work.commit()
    names = {"record": record_id, "other": other_id, "case": case_id}
    engine, refused = create_engine(given.database_url), set()

    def read(*records):
        runtime.keys._open.clear()
        with acting("ngo") as work:
            return [work.reveal(case_id, records).of(each) for each in records]

    whole = read(record_id, other_id)
    for name, done in DONE.items():
        asked = {key: value for key, value in names.items() if f":{key}" in done}
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE kept_part AS TABLE part"))
            connection.execute(text("CREATE TABLE kept_key AS TABLE keys.wrapped_key"))
            if "moved to another" in name:  # its place must be free
                connection.execute(
                    text("DELETE FROM part WHERE record_id = :other AND category = 'HEA'"), asked
                )
            assert connection.execute(text(done), asked).rowcount, name
        try:
            shown = read(record_id, other_id)
        except OutOfReach as caught:
            refused.add((caught.status, caught.kind))
        else:
            pytest.fail(f"{name}: {shown}")
        with engine.begin() as connection:
            for put_back in (
                "DELETE FROM part", "INSERT INTO part SELECT * FROM kept_part", "DROP TABLE kept_part",
                "UPDATE keys.wrapped_key AS k SET wrapped = h.wrapped FROM kept_key AS h WHERE h.id = k.id",
                "DROP TABLE kept_key",
            ):  # fmt: skip
                connection.execute(text(put_back))
        assert read(record_id, other_id) == whole, name
    engine.dispose()
    assert refused == {(503, "unavailable")}
    record_property("G2", f"all refused, one error ({len(DONE)} ways to move, mix, age and spoil rows)")
