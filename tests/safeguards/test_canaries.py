"""Sixty words of one case, looked for wherever a thief might: heap files, write-ahead log, dump, both logs."""

import base64
import json
import logging
import secrets
import subprocess
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

import pytest
from pydantic import ValidationError
from sqlalchemy import create_engine, make_url, text

from app.demo.stories import REFERRAL, Teller
from app.kit.pgbinaries import find_binaries
from app.safeguards.fields import questions
from app.tracks.intake.referral_form import SubmitReferral

NUMBER = 60
INDICATORS = [{"source": "told", "signs": ["ilo.violence"]}]


def encodings(word: str) -> dict[str, list[bytes]]:
    """How a word may lie on a disk; base64 in its three alignments."""
    plain = word.encode()
    shifted = [base64.b64encode(b"\0" * before + plain) for before in range(3)]
    return {
        "utf-8": [plain],
        "utf-16": [word.encode("utf-16-le"), word.encode("utf-16-be")],
        "hexadecimal": [plain.hex().encode(), plain.hex().upper().encode()],
        "base64": [code.rstrip(b"=")[4 if before else 0 : -4] for before, code in enumerate(shifted)],
        "escaped": [quote(word).encode(), json.dumps(word)[1:-1].encode()],
    }


def texts(words) -> dict[str, str]:
    """Answers to every question of the referral that takes free text, with three words each."""
    found = {}
    for name in questions(SubmitReferral):
        said = " ".join(next(words) for _word in range(3))
        try:
            SubmitReferral.model_validate({**REFERRAL, "indicators": INDICATORS, name: said})
        except ValidationError as wrong:
            if any(each["loc"] and each["loc"][0] == name for each in wrong.errors()):
                continue
        found[name] = said
    return found


def found(words: list[bytes], files: list[Path]) -> list[str]:
    return [path.name for path in files if any(word in path.read_bytes() for word in words)]


@pytest.fixture
def places(server, given, tmp_path):
    """What a thief of the machine has: this database's files, what it wrote ahead, its log, a dump."""
    engine = create_engine(given.database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        begun = connection.execute(text("SELECT pg_walfile_name(pg_current_wal_lsn())")).scalar_one()
        oid = connection.execute(
            text("SELECT oid FROM pg_database WHERE datname = current_database()")
        ).scalar_one()

    def gathered() -> dict[str, list[Path]]:
        with engine.connect() as connection:
            connection.execute(text("CHECKPOINT"))
        to, dump = make_url(given.database_url), tmp_path / "dump.sql"
        subprocess.run(
            [find_binaries().folder / "pg_dump", f"--host={to.query['host']}", f"--port={to.query['port']}",
             f"--username={to.username}", f"--file={dump}", str(to.database)],
            env={"PGPASSWORD": str(to.password)}, check=True,
        )  # fmt: skip
        data = server.postmaster.data
        return {
            "heap": [path for path in (data / "base" / str(oid)).iterdir() if path.stat().st_size],
            "write-ahead log": [
                path for path in (data / "pg_wal").iterdir() if path.name >= begun and path.is_file()
            ],
            "server log": [server.folder / "log"],
            "dump": [dump],
        }

    yield gathered
    engine.dispose()


def test_no_word_of_a_case_lies_anywhere(  # noqa: PLR0917
    places, given, runtime, clock, enter, caplog, record_property
):
    caplog.set_level(logging.DEBUG)
    mark = f"ĸanari{secrets.token_hex(6)}"
    words = [f"{mark}{number:02}" for number in range(NUMBER)]
    answers = texts(cycle(words))
    assert len(answers) * 3 >= NUMBER, sorted(answers)
    case_id = Teller(runtime, clock).refer("police", "ngo", INDICATORS, **answers)
    Teller(runtime, clock).act("ngo", case_id, "referral", "accept")

    reader = enter("ngo")
    page = reader.get(f"/cases/{case_id}")
    assert mark in page.text
    reader.post(f"/cases/{case_id}/person", {"given_names": words[0], "born_on-year": words[1]}, 422)
    engine = create_engine(given.app_database_url, hide_parameters=True)
    with (
        engine.connect() as connection,
        pytest.raises(Exception, match="invalid input"),
    ):  # an error with a word in it
        connection.execute(text("SELECT CAST(:word AS uuid)"), {"word": words[2]})
    engine.dispose()
    clock.move(timedelta(minutes=16))
    reader.post(f"/cases/{case_id}/person", {"given_names": words[3]}, 401)  # held for after the next sign-in

    everywhere = places()
    (everywhere["dump"][0].parent / "application.log").write_text(caplog.text, "utf-8")
    everywhere["application log"] = [everywhere["dump"][0].parent / "application.log"]
    assert all(everywhere.values())
    hits = {
        (place, encoding, *names)
        for place, files in everywhere.items()
        for encoding, said in encodings(mark).items()
        if (names := found(said, files))
    }
    assert not hits
    record_property(
        "G3", f"0 hits of {NUMBER} words in {len(encodings(mark))} encodings and {len(everywhere)} places"
    )


def test_the_search_finds_what_lies_there(places, given, caplog):
    """Each place and each encoding, so that nought is an answer and not a blindness."""
    mark = f"ĸanari{secrets.token_hex(6)}"
    engine = create_engine(given.database_url)
    kinds = {name: said[-1] for name, said in encodings(mark + "00").items()}
    with engine.begin() as connection:
        for said in kinds.values():
            connection.execute(
                text("INSERT INTO held_text (id, user_id, path, key_id, envelope, at)"
                     " SELECT gen_random_uuid(), id, '/', id, :said, now() FROM user_account LIMIT 1"), {"said": said},
            )  # fmt: skip
    engine.dispose()
    everywhere = places()
    for place in ("heap", "write-ahead log"):
        assert {name for name in kinds if found(encodings(mark)[name], everywhere[place])} == set(kinds)
    assert found(encodings(encodings(mark)["utf-8"][0].decode())["hexadecimal"], everywhere["dump"])
    assert everywhere["server log"][0].stat().st_size
