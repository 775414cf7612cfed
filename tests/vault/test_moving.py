"""Moving all data keys from one keeper to another and back: everything opens, whoever was vouched for still is."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app import keys as commands
from app.accounts.sessions import identify, sign_in_as
from app.casework.queries import case_page
from app.demo.acting import as_persona, as_system, find
from app.kit.clock import HeldClock
from app.kit.errors import OutOfReach
from app.main import runtime_of
from app.safeguards.vault import moving
from app.safeguards.vault.chosen import keeper, keys_of
from app.settings import Settings
from tests.fixtures.service import Told
from tests.fixtures.slate import Slate
from tests.vault.keyservers import LIBRARY, PIN, Transit, emptied, served


@pytest.fixture
def own(given: Settings, tmp_path: Path) -> Settings:
    """Settings that name a key file of this test's own."""
    place = tmp_path / "own"
    place.mkdir(mode=0o700)
    shutil.copy2(given.keys_at, place / "kek.json")
    return given.model_copy(update={"key_file": place / "kek.json"})


@pytest.fixture(params=["pkcs11", "transit"])
def both(request: pytest.FixtureRequest, own: Settings, tmp_path: Path) -> Iterator[Settings]:
    """Settings of the other keeper, which name the key file as well: a token in a module, or a key service."""
    secret = tmp_path / "own" / "secret"
    secret.touch(0o600)
    if request.param == "pkcs11":
        secret.write_text(PIN)
        token = emptied(request.getfixturevalue("module")).token
        named = {"pkcs11_library": LIBRARY, "pkcs11_token": token, "pkcs11_pin_file": secret}
        yield own.model_copy(update={"key_provider": "pkcs11", **named})
        return
    engine = Transit()
    secret.write_text(engine.token)
    with served(engine) as url:
        named = {"transit_url": url, "transit_token_file": secret, "transit_timeout": 30.0}
        yield own.model_copy(update={"key_provider": "transit", **named})


class CutOff(Exception):
    """What a kill is to the code: it does not come back."""


def read(given: Settings, clock: HeldClock, told: Told) -> tuple[str, bool]:
    """What the lead reads, and whether a session that is opened now is taken for what it is."""
    runtime = runtime_of(given, clock)
    try:
        with as_system(runtime) as work:
            cookie = sign_in_as(work, find(work.session, "ngo").id, "passkey")
            work.commit()
            known = identify(work, cookie) is not None
        with as_persona(runtime, "ngo") as work:
            return str(case_page(work, told.about, "en")), known
    finally:
        runtime.engine.dispose()
        runtime.keys.engine.dispose()


def cut_off(given: Settings, to: str, clock: HeldClock) -> None:
    """Begin to move the keys, and die after the first of them."""

    def cut(_done: int, _total: int) -> None:
        raise CutOff

    keys = keys_of(given, pool_size=1)
    with pytest.raises(CutOff):
        moving.move(keys, *keeper(given, to), clock.now(), cut)
    keys.engine.dispose()


def test_keys_are_moved_to_another_keeper_and_back(  # noqa: PLR0917
    told_sheltered: Told, slate: Slate, both: Settings, clock: HeldClock, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], record_property: Callable[[str, str], None],
) -> None:  # fmt: skip
    """Cut off midway in both directions: half is here and half there, and nothing is shown with holes."""
    slate._disconnect()  # kept lines look like a service that runs
    there, file = both.key_provider, both.model_copy(update={"key_provider": "file"})
    before = read(file, clock, told_sheltered)
    assert "Irina" in before[0]
    running = create_engine(both.app_database_url or "")
    with running.connect() as connection, monkeypatch.context() as impatient:
        impatient.setattr(moving, "TURNS", 1)
        connection.execute(text("SELECT 1"))
        assert commands.main(["move", there], file) == 2
        assert "the service is running" in capsys.readouterr().err
    running.dispose()

    monkeypatch.setattr(moving, "BATCH", 3)
    cut_off(file, there, clock)
    for each in (file, both):
        with pytest.raises(OutOfReach):
            read(each, clock, told_sheltered)
    assert commands.main(["move", there], file) == 0
    assert f"moved to {there}" in capsys.readouterr().out
    assert read(both, clock, told_sheltered) == before
    with pytest.raises(OutOfReach):
        read(file, clock, told_sheltered)
    assert commands.main(["rotate"], both) == 0
    assert commands.main(["destroy-old", "--yes"], both) == 0
    assert read(both, clock, told_sheltered) == before
    cut_off(both, "file", clock)
    for each in (file, both):
        with pytest.raises(OutOfReach):
            read(each, clock, told_sheltered)
    assert commands.main(["move", "file"], both) == 0
    assert read(file, clock, told_sheltered) == before
    assert commands.main(["move", "file"], file) == 2
    record_property(
        "G5",
        f"all keys moved from a file to {there} and back, cut off midway both times: all readable, all vouched for",
    )
