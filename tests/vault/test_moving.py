"""Moving all data keys from one keeper to another and back: everything opens, whoever was vouched for still is."""

import shutil
from collections.abc import Callable
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
from app.safeguards.vault.hardware import Module
from app.settings import Settings
from tests.fixtures.service import Told
from tests.fixtures.slate import Slate
from tests.vault.keyservers import LIBRARY, PIN, emptied


@pytest.fixture
def both(given: Settings, tmp_path: Path, module: Module) -> Settings:
    """Settings that name a key file of this test's own, and a token in a module."""
    place = tmp_path / "own"
    place.mkdir(mode=0o700)
    shutil.copy2(given.keys_at, place / "kek.json")
    token = emptied(module).token
    pin = place / "pin"
    pin.touch(0o600)
    pin.write_text(PIN)
    more = {
        "key_file": place / "kek.json",
        "pkcs11_library": LIBRARY,
        "pkcs11_token": token,
        "pkcs11_pin_file": pin,
    }
    return given.model_copy(update=more)


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


def test_keys_are_moved_to_a_module_and_back(  # noqa: PLR0917
    told_sheltered: Told, slate: Slate, both: Settings, clock: HeldClock, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], record_property: Callable[[str, str], None],
) -> None:  # fmt: skip
    slate._disconnect()  # kept lines look like a service that runs
    in_module = both.model_copy(update={"key_provider": "pkcs11"})
    before = read(both, clock, told_sheltered)
    assert "Irina" in before[0]
    running = create_engine(both.app_database_url or "")
    with running.connect() as connection:
        connection.execute(text("SELECT 1"))
        assert commands.main(["move", "pkcs11"], both) == 2
        assert "the service is running" in capsys.readouterr().err
    running.dispose()

    def cut(_done: int, _total: int) -> None:
        raise CutOff

    monkeypatch.setattr(moving, "BATCH", 3)
    keys = keys_of(both, pool_size=1)
    with pytest.raises(CutOff):
        moving.move(keys, *keeper(both, "pkcs11"), clock.now(), cut)
    keys.engine.dispose()
    with pytest.raises(OutOfReach):  # half is here and half there: nothing is shown with holes
        read(both, clock, told_sheltered)
    assert commands.main(["move", "pkcs11"], both) == 0
    assert "moved to pkcs11" in capsys.readouterr().out
    assert read(in_module, clock, told_sheltered) == before
    with pytest.raises(OutOfReach):
        read(both, clock, told_sheltered)
    assert commands.main(["rotate"], in_module) == 0
    assert commands.main(["destroy-old", "--yes"], in_module) == 0
    assert read(in_module, clock, told_sheltered) == before
    assert commands.main(["move", "file"], in_module) == 0
    assert read(both, clock, told_sheltered) == before
    assert commands.main(["move", "file"], both) == 2
    record_property(
        "G5", "all keys moved from a file to a module and back, cut off midway: all readable, all vouched for"
    )
