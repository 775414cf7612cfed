"""An answer leaves only after its commit: whatever fails before it, the reader gets no data and nothing is kept."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from lxml import html
from sqlalchemy import Connection, event, make_url, select, update

from app.kit.clock import HeldClock
from app.kit.database import make_engine
from app.kit.postgres import Server
from app.safeguards.models import WrappedKey
from app.safeguards.vault.keyfile import KeyFile
from app.safeguards.vault.keys import DataKeys, bound_to
from app.safeguards.vault.private import create_private
from app.safeguards.vault.provider import Bare, KeyProvider, Wrapped
from app.safeguards.vault.transit import Place, TransitKeys
from app.settings import Settings
from app.web.door import Runtime
from tests.doors.knocking import Records
from tests.fixtures.service import Browser, Enter
from tests.vault.keyservers import Transit, served

SECRETS = ("Irina", "Codreanu", "Ira", "ilo.violence", "F-17", "Popa")
READS = ("/cases/{case}", "/api/cases/{case}", "/cases/{case}/person")
Answers = dict[str, Any]  # what was asked -> the answer


def reads(browser: Browser, case_id: UUID) -> Answers:
    return {path: browser.client.get(path.format(case=case_id)) for path in READS}


def writes(browser: Browser, case_id: UUID, records: Records) -> Answers:
    """One write of each kind: a page without and with a form, a step, a record, a JSON door."""
    said, track_id = {"X-CSRF-Token": browser.token or ""}, track_of(records, case_id, "consent")
    client = browser.client
    return {
        "a draft": client.post("/referrals/new", headers=said),
        "a draft by JSON": client.post("/api/referrals/drafts", headers=said, json={"type": "initial"}),
        "a step": client.post(
            f"/cases/{case_id}/tracks/{track_id}/withdraw", headers=said, data={"version": "2", **TYPED}
        ),
        "a step by JSON": client.post(
            f"/api/cases/{case_id}/tracks/consent/{track_id}/withdraw",
            headers={**said, "If-Match": "2"},
            json=WITHDRAW,
        ),
        "the record": client.put(
            f"/api/cases/{case_id}/person", headers={**said, "If-Match": "1"}, json={"given_names": "Irina"}
        ),
    }


WITHDRAW = {"scope": "everything", "withdrawn_on": "2026-03-02"}
TYPED = {
    "scope": "everything",
    "withdrawn_on-day": "2",
    "withdrawn_on-month": "3",
    "withdrawn_on-year": "2026",
}


def track_of(records: Records, case_id: UUID, slug: str) -> UUID:
    [found] = records.values("SELECT id FROM track WHERE case_id = %s AND slug = %s", case_id, slug)
    return found


def assert_nothing_was_given(answers: Answers, *statuses: int, words: str = "") -> None:
    for asked, answer in answers.items():
        assert answer.status_code in statuses, (asked, answer.status_code, answer.text[:500])
        assert not [each for each in SECRETS if each in answer.text], asked
        assert "location" not in answer.headers, asked
        assert words in answer.text, asked


@pytest.fixture
def ngo(enter: Enter, woman: UUID, records: Records) -> Browser:
    """The lead of the case, for whom all of it works before anything breaks."""
    browser = enter("ngo")
    for path, answer in reads(browser, woman).items():
        assert answer.status_code == 200, path
        assert "Irina" in answer.text, path
    return browser


def test_before_anything_breaks_all_of_it_works(ngo: Browser, woman: UUID, records: Records) -> None:
    statuses = {asked: answer.status_code for asked, answer in writes(ngo, woman, records).items()}
    assert statuses == {
        "a draft": 303, "a draft by JSON": 201, "a step": 303, "a step by JSON": 409, "the record": 200
    }  # fmt: skip


NO_COMMIT = """
CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'no place is left for Irina Codreanu' USING ERRCODE = '{code}'; END $$;
CREATE CONSTRAINT TRIGGER no AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION no()
"""
AS_IT_WAS = ("keys.wrapped_key",)  # keys are made before they are used; one that seals nothing does no harm


@pytest.mark.parametrize(("code", "status"), [("P0001", 500), ("53100", 503), ("40001", 503), ("23514", 500)])
def test_a_commit_that_fails_gives_no_data_and_leaves_nothing(  # noqa: PLR0917
    code: str, status: int, ngo: Browser, woman: UUID, records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    records.do(NO_COMMIT.format(code=code, table="ledger.event"))
    before, acts = records.state(*AS_IT_WAS), records.acts()
    assert_nothing_was_given(reads(ngo, woman), status)
    assert_nothing_was_given(writes(ngo, woman, records), status)
    assert records.state(*AS_IT_WAS) == before
    assert records.acts() == acts
    assert "Codreanu" not in caplog.text


@contextmanager
def broken_off(runtime: Runtime, records: Records, when: str, statement: str = "") -> Iterator[None]:
    """Kill the database's side of the line: before the commit, or before a statement that begins so."""

    def kill(connection: Connection) -> None:
        pid = connection.connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
        assert records.values("SELECT pg_terminate_backend(%s, 5000)", pid) == [True]

    def before(connection: Connection, _cursor: Any, said: str, *_more: Any) -> None:
        if said.startswith(statement):
            kill(connection)

    found = kill if when == "commit" else before
    event.listen(runtime.engine, when, found)
    yield
    event.remove(runtime.engine, when, found)


@pytest.mark.parametrize(
    ("when", "statement"),
    [
        ("commit", ""),
        ("before_cursor_execute", "INSERT INTO ledger"),
        ("before_cursor_execute", "SELECT sign_in"),
    ],
)
def test_a_line_that_breaks_gives_no_data_and_leaves_nothing(  # noqa: PLR0917
    when: str, statement: str, ngo: Browser, woman: UUID, records: Records, runtime: Runtime
) -> None:
    before, acts = records.state(*AS_IT_WAS), records.acts()
    with broken_off(runtime, records, when, statement):
        assert_nothing_was_given(reads(ngo, woman), 503, words="othing was")
        assert_nothing_was_given(writes(ngo, woman, records), 503, words="othing was")
    assert records.state(*AS_IT_WAS) == before
    assert records.acts() == acts
    assert all(
        answer.status_code == 200 for answer in reads(ngo, woman).values()
    )  # the next request finds its way


@pytest.mark.parametrize("statement", ["INSERT INTO step", "INSERT INTO part", "UPDATE track", "SAVEPOINT"])
def test_a_line_that_breaks_in_the_middle_of_a_step_leaves_nothing_of_it(
    statement: str, ngo: Browser, woman: UUID, records: Records, runtime: Runtime
) -> None:
    before, track_id = records.state(*AS_IT_WAS), track_of(records, woman, "consent")
    with broken_off(runtime, records, "before_cursor_execute", statement):
        answer = ngo.client.post(
            f"/cases/{woman}/tracks/{track_id}/withdraw",
            data={"csrf": ngo.token or "", "version": "2", **TYPED},
        )
    assert_nothing_was_given({statement: answer}, 503)
    assert records.state(*AS_IT_WAS) == before
    [again] = [each for each in html.fromstring(answer.text).forms if each.action == answer.url.path]
    assert dict(again.form_values()).items() >= {"version": "2", **TYPED}.items()
    elsewhere = ngo.client.post(answer.url.path, data=TYPED, headers={"Origin": "https://else.example"})
    assert "everything" not in elsewhere.text
    ngo.post(again.action, dict(again.form_values()))


NO_LEDGER = """
CREATE FUNCTION spoilt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does} END $$;
CREATE TRIGGER spoilt BEFORE INSERT ON ledger.event FOR EACH ROW EXECUTE FUNCTION spoilt()
"""
FULL = "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';"
RIGHT = "INSERT (body) ON ledger.event"
BROKEN = {  # how the ledger fails -> what makes it fail, and what makes it well
    "the right is gone": (
        "REVOKE INSERT ON ledger.event FROM nrm_app",
        "GRANT INSERT (body) ON ledger.event TO nrm_app",
    ),
    "the table is gone": (
        "ALTER TABLE ledger.event RENAME TO away",
        "ALTER TABLE ledger.away RENAME TO event",
    ),
    "its disk is full": (NO_LEDGER.format(does=FULL), "DROP FUNCTION spoilt CASCADE"),
    "events are swallowed": (NO_LEDGER.format(does="RETURN NULL;"), "DROP FUNCTION spoilt CASCADE"),
    "it is locked": ("BEGIN; LOCK TABLE ledger.event IN EXCLUSIVE MODE", "ROLLBACK"),
}


def impatient(connection: Connection) -> None:
    """Wait for a lock not as long as the service does."""
    connection.exec_driver_sql("SET LOCAL lock_timeout = 50")


def test_without_a_ledger_nothing_is_read_and_nothing_done(
    ngo: Browser, woman: UUID, records: Records, runtime: Runtime, record_property: Callable[[str, str], None]
) -> None:
    event.listen(runtime.engine, "begin", impatient)
    before, refused = records.state(*AS_IT_WAS), 0
    for how, (breaks, mends) in BROKEN.items():
        records.do(breaks)
        for answers in (reads(ngo, woman), writes(ngo, woman, records)):
            assert_nothing_was_given(answers, 503, words="The ledger cannot be written. Nothing was lost")
            refused += len(answers)
        records.do(mends)
        assert records.state(*AS_IT_WAS) == before, how
    record_property(
        "G10", f"{refused} of {refused} requests refused with 503 in {len(BROKEN)} failures, nothing kept"
    )


def test_without_a_ledger_not_even_a_refusal_is_told(enter: Enter, woman: UUID, records: Records) -> None:
    """What is refused is recorded too: otherwise one could try doors unseen."""
    stranger = enter("ngo2")
    records.do("REVOKE INSERT ON ledger.event FROM nrm_app")
    assert_nothing_was_given(reads(stranger, woman), 503)


def test_without_a_ledger_nobody_signs_out_or_exports(enter: Enter, records: Records) -> None:
    auditor = enter("auditor")
    records.do("REVOKE INSERT ON ledger.event FROM nrm_app")
    said = {"X-CSRF-Token": auditor.token or ""}
    for path in ("/api/oversight/ledger", "/oversight/ledger", "/api/sign-out", "/sign-out"):
        assert auditor.client.post(path, headers=said).status_code in (404, 503), path


def gone(what: str, folder: Path, keys: DataKeys) -> KeyProvider:
    """A keeper of keys that wrapped them all and is not there any more."""
    if what == "no key file":
        file = KeyFile.create(folder / "kek.json")
        file.path.unlink()
        return file
    create_private(folder / "token", b"s.service", "token")
    with served(Transit()) as url:
        service = TransitKeys(Place(url, folder / "token", timeout=30))
        with keys.reached() as connection:
            for row in connection.execute(select(WrappedKey)).all():
                where = bound_to(row.case_id, row.category)
                [key] = keys.provider.unwrap_many([Wrapped(row.id, row.wrapped, where)])
                [wrapped] = service.wrap_many([Bare(row.id, key, where)])
                connection.execute(update(WrappedKey).where(WrappedKey.id == row.id).values(wrapped=wrapped))
        return service


@pytest.mark.parametrize("broken", ["no such server", "no right", "no key file", "no key service"])
def test_without_keys_there_is_no_page_with_holes(  # noqa: PLR0917
    broken: str,
    ngo: Browser,
    woman: UUID,
    records: Records,
    runtime: Runtime,
    given: Settings,
    server: Server,
    tmp_path: Path,
) -> None:
    """A server that is gone, one that answers and then refuses; a key file taken away, a key service that is gone."""
    url = make_url(given.keys_database_url or "")
    away = url.update_query_dict({"port": "1"}) if broken == "no such server" else url
    provider = gone(broken, tmp_path, runtime.keys) if "key" in broken else runtime.keys.provider
    runtime.keys = DataKeys(make_engine(away.render_as_string(hide_password=False)), provider)
    if broken == "no right":
        records.do("REVOKE ALL ON keys.wrapped_key FROM nrm_keys")
    before = records.state(*AS_IT_WAS)
    assert_nothing_was_given(reads(ngo, woman), 503, words="keys")
    sent = writes(ngo, woman, records)
    assert_nothing_was_given({asked: sent[asked] for asked in ("a step", "the record")}, 503, words="keys")
    assert not [each for each in sent.values() if each.status_code == 500]
    assert {name for name, held in records.state(*AS_IT_WAS).items() if held != before[name]} <= DRAFTED
    runtime.keys.engine.dispose()


DRAFTED = {
    "public.case",
    'public."case"',
    "public.track",
    "public.step",
    "public.team_member",
    "public.answered",
}


def test_without_keys_the_text_of_an_ended_session_is_not_lost_silently(
    ngo: Browser, woman: UUID, records: Records, runtime: Runtime, clock: HeldClock
) -> None:
    records.do("REVOKE ALL ON keys.wrapped_key FROM nrm_keys")
    clock.move(timedelta(minutes=16))
    answer = ngo.client.post(f"/cases/{woman}/person", data={"csrf": ngo.token or "", "given_names": "Maro"})
    assert_nothing_was_given({"held": answer}, 503, words="keys")
    assert 'name="given_names" value="Maro"' in answer.text  # it waits in the page, where it was typed
    left = ngo.client.post(f"/cases/{woman}/person", data={"csrf": "", "given_names": "Maro", "_hold": "1"})
    assert "Maro" not in left.text  # nobody is there any more
