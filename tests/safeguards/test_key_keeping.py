"""Keeping keys: rotation while people work, cut off and gone on with; erasing that no backup undoes; legal holds."""

import shutil
import subprocess
import threading
from contextlib import contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DatabaseError

from app.accounts.sessions import identify
from app.demo.acting import as_persona
from app.keys import main
from app.kit.database import make_engine
from app.kit.errors import OutOfReach, Refused
from app.kit.pgbinaries import find_binaries
from app.oversight import service as oversight
from app.safeguards import erasing
from app.safeguards.ledger import note
from app.safeguards.ledger.verify import verify
from app.safeguards.vault import rotation
from app.safeguards.vault.chosen import keys_of
from app.safeguards.vault.keys import DataKeys
from app.safeguards.vault.quota import Quota
from app.safeguards.vault.signing import Signer
from app.safeguards.words import Category
from app.sealing import seal_once
from app.settings import Settings
from app.web.door import Runtime
from tests.safeguards.told import VALUES


@pytest.fixture
def own(given, tmp_path) -> Settings:
    """Settings with a key file that this test may spoil."""
    (tmp_path / "own").mkdir(mode=0o700)
    shutil.copy2(given.keys_at, tmp_path / "own" / "kek.json")
    return given.model_copy(
        update={"key_file": tmp_path / "own" / "kek.json", "erased_keys": tmp_path / "erased"}
    )


@pytest.fixture
def keys(own, runtime):
    """The service's keys, over that file."""
    runtime.keys.engine.dispose()
    runtime.keys = keys_of(own, pool_size=2)
    return runtime.keys


def nrm_keys(own, capsys, *words, code=0) -> str:
    assert main(list(map(str, words)), own) == code
    said = capsys.readouterr()
    return said.out + said.err


def read(acting, sealed_record, who="ngo"):
    case_id, record_id = sealed_record
    with acting(who) as work:
        return work.reveal(case_id, [record_id]).of(record_id)


class CutOff(Exception):
    """What a kill is to the code: it does not come back."""


def test_keys_are_rotated_while_people_read_and_a_rotation_that_was_cut_off_goes_on(  # noqa: PLR0917
    own, keys, runtime, clock, acting, sealed_record, capsys, monkeypatch, record_property
):
    monkeypatch.setattr(rotation, "BATCH", 8)
    for _case in range(6):
        keys.for_sealing(uuid4(), Category, clock.now())
    stop, once_more, failed, count = threading.Event(), threading.Event(), [], 0

    def reader() -> None:
        nonlocal count
        while not stop.is_set():
            try:
                fresh = DataKeys(keys.engine, keys.provider)  # nothing in memory: each reading unwraps
                runtime.keys = fresh
                assert read(acting, sealed_record) == VALUES
                fresh.for_sealing(uuid4(), [Category.ID, Category.HEA], clock.now())
                count += 1
            except Exception as failure:  # noqa: BLE001
                failed.append(failure)
            once_more.set()

    thread = threading.Thread(target=reader)
    thread.start()
    try:

        def cut(done: int, _total: int) -> None:
            once_more.clear()
            assert once_more.wait(60)
            if done > 24:
                raise CutOff

        with pytest.raises(CutOff):
            rotation.rotate(keys, cut)
        assert (keys.provider.epoch, keys.provider.minimum) == (2, 1)
        assert "Went on with epoch 2" in nrm_keys(own, capsys, "rotate")
        assert keys.provider.minimum == 2
        assert "Destroyed: 1." in nrm_keys(own, capsys, "destroy-old", "--yes")
        assert "Began epoch 3" in nrm_keys(own, capsys, "rotate")
    finally:
        stop.set()
        thread.join()
    assert not failed
    assert count > 2
    listed = nrm_keys(own, capsys, "list")
    assert "2          0  retired" in listed
    assert "wraps new keys" in listed
    assert read(acting, sealed_record) == VALUES
    record_property(
        "G5", f"{count} readings and writings meanwhile, {len(failed)} failed, went on after the cut"
    )


def test_a_key_that_cannot_be_opened_is_named_and_holds_up_the_end(own, keys, sealed_record, capsys, server):
    engine = create_engine(own.database_url)
    with engine.begin() as connection:
        bad = connection.execute(
            text("UPDATE keys.wrapped_key SET wrapped = overlay(wrapped placing '\\xff' from 20) "
                 "WHERE case_id = :case AND category = 'HEA' RETURNING id"), {"case": sealed_record[0]},
        ).scalar_one()  # fmt: skip
    said = nrm_keys(own, capsys, "rotate", code=1)
    assert str(bad) in said
    assert keys.provider.minimum == 1
    assert "still wrapped below" not in nrm_keys(own, capsys, "destroy-old", "--yes")
    assert keys.provider.epochs == (1, 2)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM keys.wrapped_key WHERE id = :bad"), {"bad": bad})
    engine.dispose()
    nrm_keys(own, capsys, "rotate")
    nrm_keys(own, capsys, "destroy-old", "--yes")
    assert keys.provider.epochs == (2,)


def test_a_damaged_key_is_told_and_never_a_hole(keys, sealed_record, acting, given):
    engine = create_engine(given.database_url)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE keys.wrapped_key SET wrapped = wrapped || '\\x00' WHERE category = 'HEA'")
        )
    engine.dispose()
    keys._open.clear()
    with pytest.raises(OutOfReach, match="A key cannot be opened"):
        read(acting, sealed_record)


def test_the_quota_bounds_how_many_keys_a_minute_opens(keys, sealed_record, acting, monkeypatch):
    keys._open.clear()
    keys.quota = Quota(6)
    assert read(acting, sealed_record) == VALUES
    keys._open.clear()
    with pytest.raises(OutOfReach, match="More keys were asked for"):
        read(acting, sealed_record)
    from app.safeguards.vault import quota

    now = quota.time.monotonic()
    monkeypatch.setattr(quota.time, "monotonic", lambda: now + 61)
    assert read(acting, sealed_record) == VALUES


def test_a_legal_hold_stops_every_erasure_and_the_database_keeps_it_too(
    own, keys, sealed_record, acting, capsys
):
    case_id, _record_id = sealed_record
    assert "hold set" in nrm_keys(own, capsys, "hold", case_id)
    shred = ("shred", case_id, "--basis", "person_asked", "--yes")
    assert "legal hold" in nrm_keys(own, capsys, *shred, code=2)
    with acting("ngo") as work, pytest.raises(Refused, match="legal hold"):
        work.destroy_keys(case_id)
    with keys.engine.connect() as connection, pytest.raises(DatabaseError, match="legal hold"):
        connection.execute(text("UPDATE keys.wrapped_key SET wrapped = NULL, destroyed_at = now()"))
    assert read(acting, sealed_record) == VALUES
    assert "hold ended" in nrm_keys(own, capsys, "hold", case_id, "--end")
    assert "key destroyed" in nrm_keys(own, capsys, *shred)
    assert read(acting, sealed_record) == {}
    assert "no key" in nrm_keys(own, capsys, *shred, code=2)


def test_a_category_is_erased_and_the_rest_stays(own, keys, sealed_record, acting, capsys, enter):  # noqa: PLR0917
    case_id, _record_id = sealed_record
    said = nrm_keys(own, capsys, "shred", case_id, "--basis", "person_asked", "--category", "HEA", "--yes")
    assert "categories: HEA\n" in said
    found = read(acting, sealed_record)
    assert "illness" not in found
    assert found["street"] == VALUES["street"]
    auditor = enter("auditor")
    assert "Download the certificates of erasure" in auditor.get("/oversight").text
    taken = auditor.post("/oversight/erasures", {}, 200)
    assert said.endswith(taken.text + "\n")
    assert taken.headers["content-disposition"] == 'attachment; filename="erasures.txt"'
    assert auditor.json("POST", "/api/oversight/erasures")["certificates"] == [taken.text]
    enter("ngo").post("/oversight/erasures", {}, 404)


def test_what_was_decided_is_erased_though_the_process_died(own, keys, sealed_record, acting, jobs):
    """Killed between the commit of the decision and the destruction of the keys."""
    with acting("ngo") as work:
        work.destroy_keys(sealed_record[0])
        work.session.commit()  # and here it died
    assert read(acting, sealed_record) == VALUES
    with jobs() as work:
        work.keys = keys
        assert erasing.carry_out(work) == 1
        work.commit()
    assert read(acting, sealed_record) == {}
    with jobs() as work:
        work.keys = keys
        assert erasing.carry_out(work) == 0


@contextmanager
def another(given: Settings, clock, *, listed: bool):
    """The service over another database, with or without the list of destroyed keys."""
    keys, engine = keys_of(given, pool_size=1), make_engine(given.app_database_url, pool_size=1)
    if not listed:
        keys.erased = None
    yield Runtime(engine, keys, clock, identify)
    keys.engine.dispose()
    engine.dispose()


def read_in(given: Settings, clock, sealed_record, *, listed: bool):
    case_id, record_id = sealed_record
    with another(given, clock, listed=listed) as service, as_persona(service, "ngo") as work:
        return work.reveal(case_id, [record_id]).of(record_id)


def proofs_are_valid(given: Settings, clock, path) -> bool:
    """Seal, export, and verify with nothing but the file and the public key."""
    seal_once(given)
    with another(given, clock, listed=True) as service, as_persona(service, "auditor") as work:
        path.write_text("".join(oversight.export_ledger(work, given)), "utf-8")
    return verify(path, Signer.load(given.signing_at).public).ok


def postgres(program: str, url: str, *words: str) -> None:
    to = make_url(url)
    where = [f"--host={to.query['host']}", f"--port={to.query['port']}", f"--username={to.username}"]
    done = subprocess.run(
        [find_binaries().folder / program, *where, *words], env={"PGPASSWORD": str(to.password)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_no_backup_brings_back_what_was_erased(  # noqa: PLR0917
    own, server, keys, sealed_record, acting, clock, capsys, tmp_path, record_property
):
    """Both schemas restored as they were before the erasure, with the programs that wrote them."""
    case_id, _record_id = sealed_record
    seal_once(own)
    name = make_url(own.database_url).database
    postgres("pg_dump", own.database_url, "-Fc", "--exclude-schema=keys", f"--file={tmp_path}/nrm.dump", name)
    assert "; 0 older" in nrm_keys(own, capsys, "backup", tmp_path / "backup")
    [dumped] = (tmp_path / "backup").iterdir()
    assert dumped.stat().st_mode & 0o077 == 0

    said = nrm_keys(own, capsys, "shred", case_id, "--basis", "retention_over", "--yes")
    signed = said[said.index("certificate of erasure") :].rstrip("\n") + "\n"
    assert f"case: {case_id}" in note.signed_text(signed, own.origin, Signer.load(own.signing_at).public)
    assert [path.read_text() for path in own.checkpoints_at.glob("*.erasure")] == [signed]
    assert read(acting, sealed_record) == {}
    valid = proofs_are_valid(own, clock, tmp_path / "after.jsonl")

    def elsewhere(url: str) -> str:
        return make_url(url).set(database=f"{name}_back").render_as_string(hide_password=False)

    urls = {each: elsewhere(url) for each, url in own.model_dump().items() if each.endswith("database_url")}
    (
        tmp_path / "heads"
    ).mkdir()  # the second place knows of more: what sealing says to that has a test of its own
    back = own.model_copy(update={**urls, "checkpoints": tmp_path / "heads"})
    server.create_database(f"{name}_back")
    try:
        for file in (tmp_path / "nrm.dump", dumped):
            postgres("pg_restore", back.database_url, f"--dbname={name}_back", str(file))
        assert read_in(back, clock, sealed_record, listed=False) == VALUES  # so much stood in that backup
        assert read_in(back, clock, sealed_record, listed=True) == {}
        again = nrm_keys(back, capsys, "restore", dumped, "--yes")
        assert "Restored; 4 keys" in again
        readable = read_in(back, clock, sealed_record, listed=False)
        valid = valid and proofs_are_valid(back, clock, tmp_path / "back.jsonl")

        nrm_keys(own, capsys, "rotate")
        nrm_keys(own, capsys, "destroy-old", "--yes")
        assert own.erased_at.stat().st_size == 0  # nothing needs to be remembered any more
        postgres("pg_restore", back.database_url, "--clean", f"--dbname={name}_back", str(dumped))
        with pytest.raises(OutOfReach):
            read_in(back, clock, sealed_record, listed=False)
    finally:
        server.drop_database(f"{name}_back")
    assert readable == {}
    assert valid
    record_property("G6", f"{len(readable)} fields readable, proofs valid")
