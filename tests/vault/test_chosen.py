"""Every setting of a keeper of keys reaches it, and what is missing is named with its cure."""

import itertools
from pathlib import Path

import pytest

from app.safeguards.vault import chosen
from app.safeguards.vault.hardware import Module
from app.safeguards.vault.keyfile import KeyFile
from app.safeguards.vault.provider import KeysOutOfReach
from app.safeguards.vault.transit import Place
from app.settings import Settings
from tests.vault.keyservers import Transit, served

STOPPED = "The keys cannot be reached, so nothing is started. "
MODULE = STOPPED + "Set NRM_PKCS11_LIBRARY, NRM_PKCS11_TOKEN and NRM_PKCS11_PIN_FILE."
SERVICE = STOPPED + "Set NRM_TRANSIT_URL and NRM_TRANSIT_TOKEN_FILE."


def private(path: Path, content: str) -> Path:
    path.touch(0o600)
    path.write_text(content, "utf-8")
    return path


@pytest.fixture
def complete(tmp_path: Path) -> dict[str, object]:
    return {
        "state": tmp_path, "pkcs11_library": Path("/usr/lib/module.so"), "pkcs11_token": "nrm",
        "pkcs11_pin_file": private(tmp_path / "pin", " 1234\n"), "transit_url": "https://127.0.0.1:1",
        "transit_token_file": private(tmp_path / "token", "s.service\n"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("keeper", "missing", "said"),
    [
        ("pkcs11", ("pkcs11_library", "pkcs11_token", "pkcs11_pin_file"), MODULE),
        ("transit", ("transit_url", "transit_token_file"), SERVICE),
    ],
)
def test_whatever_is_missing_stops_the_start(
    complete: dict[str, object], keeper: str, missing: tuple[str, ...], said: str
) -> None:
    for number in range(1, len(missing) + 1):
        for some in itertools.combinations(missing, number):
            given = Settings(**{**complete, **dict.fromkeys(some), "key_provider": keeper})
            with pytest.raises(SystemExit) as caught:
                chosen.provider_of(given)
            assert str(caught.value) == said


def test_a_key_file_is_made_once_and_only_where_the_keys_are_kept_in_one(complete: dict[str, object]) -> None:
    given = Settings(**complete)
    with pytest.raises(SystemExit) as caught:
        chosen.provider_of(given)
    assert str(caught.value) == f"{STOPPED}{given.keys_at}: there is no key file. Create it, or restore it."
    given.keys_at.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    chosen.create_keys(given.model_copy(update={"key_provider": "transit"}))
    assert not given.keys_at.exists()
    chosen.create_keys(given)
    made = given.keys_at.read_bytes()
    chosen.create_keys(given)
    assert given.keys_at.read_bytes() == made
    provider, begins = chosen.keeper(given.model_copy(update={"key_provider": "transit"}), "file")
    assert isinstance(provider, KeyFile)
    assert (provider.path, begins) == (given.keys_at, b"\1")
    with pytest.raises(SystemExit) as caught:
        chosen.keys_of(given, pool_size=1)
    assert str(caught.value) == "Set NRM_KEYS_DATABASE_URL (see deploy/nrm.env.example)."
    more = {
        "keys_database_url": "postgresql+psycopg://nobody@/none",
        "unwraps_per_minute": 77,
        "envelope_form": 2,
    }
    keys = chosen.keys_of(given.model_copy(update=more), pool_size=3)
    assert (keys.quota.a_minute, keys.engine.pool.size(), keys.form) == (77, 3, 2)
    assert keys.erased is not None
    assert (keys.erased.path, keys.provider.epoch) == (given.erased_at, 1)
    assert keys.engine.url.username == "nobody"


def test_the_settings_of_a_module_and_of_a_service_reach_them(
    complete: dict[str, object], tmp_path: Path
) -> None:
    assert chosen._module(Settings(**complete)) == Module(Path("/usr/lib/module.so"), "nrm", "1234")
    (tmp_path / "pin").chmod(0o644)
    with pytest.raises(SystemExit, match=r"others may read or change the PIN file \(mode 0644\)"):
        chosen.provider_of(Settings(**{**complete, "key_provider": "pkcs11"}))
    with served(Transit()) as url:
        at = Settings(**{**complete, "key_provider": "transit", "transit_url": url, "transit_timeout": 29})
        provider = chosen.provider_of(at)
        assert provider.place == Place(  # type: ignore[attr-defined]
            url, at.transit_token_file, "nrm-kek", "nrm-root", "transit", None, 29
        )
        for other in ({"transit_key": "other"}, {"transit_mount": "else"}):
            with pytest.raises(SystemExit, match="404"):
                chosen.provider_of(at.model_copy(update=other))
        elsewhere = chosen.provider_of(at.model_copy(update={"transit_root": "other"}))
        with pytest.raises(KeysOutOfReach, match="hmac/other/sha2-256 with 404"):
            elsewhere.secret("search")
    with pytest.raises(SystemExit, match=r"key service does not answer \(ConnectionRefusedError\)"):
        chosen.provider_of(at)
    for wrong, why in (
        (tmp_path / "nowhere", "FileNotFoundError"),
        (private(tmp_path / "ca", "x"), "SSLError"),
    ):
        with pytest.raises(SystemExit) as caught:
            chosen.provider_of(Settings(**{**complete, "key_provider": "transit", "transit_ca_file": wrong}))
        said = f"{wrong} holds no certificate that can be read ({why}): check NRM_TRANSIT_CA_FILE."
        assert str(caught.value) == STOPPED + said
