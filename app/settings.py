"""Settings, read once from the environment (prefix NRM_); each is explained in deploy/nrm.env.example."""

import os
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

SENT = 2000  # bytes of what goes into an address or a header of ours: longer ones others refuse


class Settings(BaseSettings):
    """What a deployment decides."""

    model_config = SettingsConfigDict(env_prefix="NRM_", extra="ignore")

    database_url: str | None = Field(None, description="owner of the tables; only migrations use it")
    app_database_url: str | None = Field(None, description="the application's role, which owns nothing")
    keys_database_url: str | None = Field(None, description="the role that sees only wrapped keys")
    jobs_database_url: str | None = Field(None, description="the role of timers and sealing")
    retain_database_url: str | None = Field(None, description="the role that erases what old events said")
    ledger_years: int = Field(30, ge=10, description="years after which the texts of events are erased")
    send_database_url: str | None = Field(None, description="the role that only sends messages")
    state: Path = Field(Path("var"), description="folder for the embedded database, key file, checkpoints")
    key_provider: Literal["file", "pkcs11", "transit"] = Field("file", description="where those keys live")
    key_file: Path | None = Field(None, description="key-encryption keys; outside the database's backups")
    pkcs11_library: Path | None = Field(None, description="library of the hardware module")
    pkcs11_token: str | None = Field(None, description="label of the token in the module")
    pkcs11_pin_file: Path | None = Field(None, description="file with the token's PIN, mode 0600")
    transit_url: str | None = Field(
        None, max_length=SENT, description="address of the Vault or OpenBao server"
    )
    transit_token_file: Path | None = Field(None, description="file with the token for it, mode 0600")
    transit_key: str = Field("nrm-kek", description="its key that wraps data keys")
    transit_root: str = Field("nrm-root", description="its key that derives the installation's secrets")
    transit_mount: str = Field("transit", description="where its transit engine is mounted")
    transit_ca_file: Path | None = Field(None, description="its certificate authority, if not a public one")
    transit_timeout: float = Field(2.0, gt=0, le=30, description="seconds that a whole call may take")
    envelope_form: int = Field(
        1, ge=1, le=2, description="how parts are sealed from now on: 1 AES-256-GCM-SIV, 2 ChaCha20-Poly1305"
    )
    erased_keys: Path | None = Field(None, description="list of destroyed keys; outside the database")
    unwraps_per_minute: int = Field(1200, ge=16, description="data keys that one process may have opened")
    quota_times: float = Field(
        1.0, ge=0.1, le=1_000_000, description="times what quotas.yaml lets one person open and search"
    )
    role_review_days: int = Field(90, ge=7, le=730, description="days that the confirmation of a role holds")
    role_review_grace_days: int = Field(14, ge=1, le=90, description="days that a role goes on unconfirmed")
    signing_key_file: Path | None = Field(None, description="signs the checkpoints of the ledger")
    checkpoints: Path | None = Field(None, description="second place where checkpoints are written")
    log_host: str | None = Field(None, description="system that takes what happened, over TLS; none is told")
    log_port: int = Field(6514, ge=1, le=65535)
    log_certificate_file: Path | None = Field(None, description="our certificate for it, with its key")
    log_ca_file: Path | None = Field(None, description="its certificate authority, if not a public one")
    draft_days: int = Field(
        30, ge=14, le=365, description="days that a draft is kept after its last answer; told a week before"
    )
    requests_per_minute: int = Field(
        1200, ge=60, description="that one process takes from a person or address"
    )
    acts_per_minute: int = Field(60, ge=10, description="acts of one person that one process takes")
    origin: str = Field("http://localhost:8000", description="address that browsers use; bound to passkeys")
    profile: str = Field("coe-floor", description="national profile of new cases")
    processes: int = Field(2, ge=1, le=64)
    threads: int = Field(4, ge=1, le=16, description="worker threads of each process")
    smtp_host: str | None = Field(None, description="mail server; without one, no e-mail is sent")
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="none: on this machine only"
    )
    smtp_user: str | None = Field(
        None, max_length=SENT, description="name at the mail server, if it asks for one"
    )
    smtp_password: SecretStr | None = Field(None, max_length=SENT, description="password at the mail server")
    smtp_sender: str | None = Field(None, description="the address that messages come from; tells nothing")
    smtp_ca_file: Path | None = Field(
        None, description="certificate authority of the mail server, if not a public one"
    )
    sms_url: str | None = Field(
        None, max_length=SENT, description="gateway of short messages; without one, none is sent"
    )
    sms_token: SecretStr | None = Field(None, max_length=SENT, description="token for the gateway")
    sms_sender: str | None = Field(None, description="name or number that short messages come from")
    oidc_issuer: str | None = Field(
        None, max_length=SENT, description="provider of single sign-on; without one, passkeys only"
    )
    oidc_client_id: str | None = Field(
        None, max_length=SENT, description="what the provider knows this service as"
    )
    oidc_client_secret: SecretStr | None = Field(None, max_length=SENT, description="the secret for it")
    oidc_name: str = Field("single sign-on", description="what the provider is called on the page")
    oidc_strong: str = Field("mfa", description="what it must say of how it asked (acr or amr); any of these")
    oidc_ca_file: Path | None = Field(None, description="its certificate authority, if not a public one")
    exit_address: str = Field("https://www.wikipedia.org/", description="where exit-this-page leads")

    @property
    def keys_at(self) -> Path:
        """Return where the key file lies."""
        return self.key_file or self.state / "keys" / "kek.json"

    @property
    def erased_at(self) -> Path:
        """Return where the list of destroyed keys lies."""
        return self.erased_keys or self.state / "erased.keys"

    @property
    def ended_at(self) -> Path:
        """Return where the list of what is over lies: beside that of destroyed keys, and as far from the database."""
        return self.erased_at.with_name("ended") / "rows"

    @property
    def signing_at(self) -> Path:
        """Return where the signing key of the ledger lies."""
        return self.signing_key_file or self.state / "keys" / "ledger-signing.key"

    @property
    def second_signing_at(self) -> Path:
        """Return where the second signing key of the ledger lies: beside the first."""
        return self.signing_at.with_name("ledger-signing-mldsa44.key")

    @property
    def checkpoints_at(self) -> Path:
        """Return the second place of the checkpoints."""
        return self.checkpoints or self.state / "checkpoints"


@cache
def settings() -> Settings:
    """Return the settings of this process: its environment, and what systemd opened for it alone."""
    return Settings(_env_file=opened())


def opened() -> tuple[Path, ...]:
    """Return the files that a unit was given: sealed on the disk, opened in memory while it runs."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    return tuple(sorted(Path(folder).glob("*.env"))) if folder else ()
