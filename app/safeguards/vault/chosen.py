"""Which provider of keys an installation has, as its settings say."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from app.kit.database import make_engine
from app.safeguards.vault.ended import Ended
from app.safeguards.vault.erased import Erased
from app.safeguards.vault.keyfile import KeyFile
from app.safeguards.vault.keys import DataKeys
from app.safeguards.vault.private import SecretFileFault, read_private
from app.safeguards.vault.provider import BY_FILE, BY_HARDWARE, BY_SERVICE, KeyProvider, KeysOutOfReach
from app.safeguards.vault.quota import Quota
from app.safeguards.vault.transit import Place, TransitKeys
from app.settings import Settings

if TYPE_CHECKING:
    from app.safeguards.vault.hardware import Module


def provider_of(given: Settings) -> KeyProvider:
    """Return the provider, checked; raises SystemExit, which says what is missing and how to cure it."""
    try:
        return OPENED[given.key_provider](given)
    except (SecretFileFault, KeysOutOfReach) as fault:
        raise SystemExit(f"The keys cannot be reached, so nothing is started. {fault}") from None


def keeper(given: Settings, name: str) -> tuple[KeyProvider, bytes]:
    """Return another keeper of keys, which is made where that is ours to do, and how what it wraps begins."""
    other = given.model_copy(update={"key_provider": name})
    create_keys(other)
    return provider_of(other), BEGINS[name]


def keys_of(given: Settings, *, pool_size: int) -> DataKeys:
    """Return the data keys of an installation, over the database's role for them."""
    if not given.keys_database_url:
        raise SystemExit("Set NRM_KEYS_DATABASE_URL (see deploy/nrm.env.example).")
    engine = make_engine(given.keys_database_url, pool_size=pool_size)
    return DataKeys(
        engine,
        provider_of(given),
        Quota(given.unwraps_per_minute),
        Erased(given.erased_at),
        given.envelope_form,
        Ended(given.ended_at),
    )


def create_keys(given: Settings) -> None:
    """Make the first keys where this is ours to do; what is there stays."""
    if given.key_provider == "file" and not given.keys_at.exists():
        KeyFile.create(given.keys_at)
    if given.key_provider == "pkcs11":
        from app.safeguards.vault.hardware import HardwareKeys  # noqa: PLC0415 -- loads a foreign library

        HardwareKeys.create(_module(given))


def _file(given: Settings) -> KeyProvider:
    return KeyFile(given.keys_at)


def _hardware(given: Settings) -> KeyProvider:
    from app.safeguards.vault.hardware import HardwareKeys  # noqa: PLC0415

    return HardwareKeys(_module(given))


def _module(given: Settings) -> "Module":
    from app.safeguards.vault.hardware import Module  # noqa: PLC0415

    if not (given.pkcs11_library and given.pkcs11_token and given.pkcs11_pin_file):
        raise KeysOutOfReach("Set NRM_PKCS11_LIBRARY, NRM_PKCS11_TOKEN and NRM_PKCS11_PIN_FILE.")
    pin = read_private(given.pkcs11_pin_file, "PIN file").decode().strip()
    return Module(given.pkcs11_library, given.pkcs11_token, pin)


def _service(given: Settings) -> KeyProvider:
    if not (given.transit_url and given.transit_token_file):
        raise KeysOutOfReach("Set NRM_TRANSIT_URL and NRM_TRANSIT_TOKEN_FILE.")
    return TransitKeys(
        Place(
            given.transit_url, given.transit_token_file, given.transit_key, given.transit_root,
            given.transit_mount, given.transit_ca_file, given.transit_timeout,
        )
    )  # fmt: skip


BEGINS: Mapping[str, bytes] = {"file": BY_FILE, "pkcs11": BY_HARDWARE, "transit": BY_SERVICE}
OPENED: Mapping[str, Callable[[Settings], KeyProvider]] = {
    "file": _file, "pkcs11": _hardware, "transit": _service,
}  # fmt: skip
