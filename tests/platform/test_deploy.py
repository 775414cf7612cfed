"""What is shipped for a server: every setting explained, units and proxies that their own programs accept."""

import os
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.settings import Settings, settings

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = DEPLOY / "systemd"
SERVICES = sorted(path.name for path in UNITS.glob("nrm-*.service"))
LINE = re.compile(r"^(?:# )?(NRM_[A-Z0-9_]+)=(.*)$")

# What keeps a broken-into service from reaching further; every unit that runs our program has all of it.
HARDENING = {
    "User=nrm", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes",
    "PrivateDevices=yes", "ProtectProc=invisible", "MemoryDenyWriteExecute=yes", "CapabilityBoundingSet=",
    "SystemCallFilter=@system-service", "IPAddressDeny=any", "LimitCORE=0", "MemorySwapMax=0", "UMask=0077",
    "InaccessiblePaths=-/opt/nrm/.git -/opt/nrm/app/demo -/opt/nrm/tests -/opt/nrm/benchmarks",
    "Wants=time-sync.target",
}  # fmt: skip
# Only a superuser of the database can dump it: that unit is PostgreSQL's own user, and sees none of our files.
DUMPING = HARDENING - {"User=nrm"} | {
    "User=postgres",
    "InaccessiblePaths=-/etc/nrm",
    "InaccessiblePaths=-/var/lib/nrm",
}


# What opens and seals the passwords of all others is root's, and reaches the chip that seals; it sees none of our keys.
RENEWING = HARDENING - {"User=nrm", "PrivateDevices=yes"} | {
    "ReadWritePaths=/etc/nrm/sealed", "DevicePolicy=closed", "RestrictAddressFamilies=AF_UNIX",
    "InaccessiblePaths=-/etc/nrm/keys", "InaccessiblePaths=-/var/lib/nrm",
}  # fmt: skip
OTHERS = {"nrm-backup.service": DUMPING, "nrm-passwords.service": RENEWING}


def lines() -> list[str]:
    return (DEPLOY / "nrm.env.example").read_text().splitlines()


def run(*words: str | Path) -> str:
    said = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout + said.stderr


def test_every_setting_is_in_the_example_and_nothing_else() -> None:
    explained = [match[1] for line in lines() if (match := LINE.match(line))]
    assert sorted(explained) == sorted(f"NRM_{name.upper()}" for name in Settings.model_fields)


def test_every_setting_is_explained_above_its_line() -> None:
    bare = []
    for before, line in zip(["", *lines()], lines(), strict=False):
        if (match := LINE.match(line)) and not (before.startswith("# ") and len(before) > 30):
            bare.append(match[1])
    assert not bare


def test_the_example_is_accepted_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    for line in lines():
        if match := LINE.match(line):
            monkeypatch.setenv(match[1], match[2])
    settings = Settings()
    assert settings.origin == "https://nrm.example.org"
    assert settings.keys_at == Path("/etc/nrm/keys/kek.json")


@pytest.mark.parametrize("name", [name for name in SERVICES if "alarm" not in name])
def test_every_unit_is_hardened(name: str) -> None:
    text = (UNITS / name).read_text()
    assert set(text.splitlines()) >= OTHERS.get(name, HARDENING)
    assert "OnFailure=nrm-alarm@%n.service" in text
    assert re.search(
        r"^After=.*\btime-sync\.target$", text, re.MULTILINE
    )  # no entry before the clock is right


def test_no_part_is_told_what_it_does_not_need() -> None:
    web, sweep, seal, send = (
        (UNITS / f"nrm-{name}.service").read_text() for name in ("web", "sweep", "seal", "send")
    )
    assert "jobs.env" not in web + send
    assert "web.env" not in sweep + seal + send
    assert "send.env" not in web + sweep + seal
    assert "InaccessiblePaths=-/etc/nrm/keys/ledger-signing.key" in send
    assert "InaccessiblePaths=-/etc/nrm/keys/ledger-signing.key" in web
    assert "InaccessiblePaths=-/etc/nrm/keys/kek.json" in seal


def test_no_secret_lies_open_on_the_disk_and_each_unit_opens_its_own() -> None:
    """Sealed files, which systemd opens in memory for one unit; the passwords in them are renewed every night."""
    renewing = (UNITS / "nrm-passwords.service").read_text()
    for name in ("web", "jobs", "send", "retain"):
        sealed = f"/etc/nrm/sealed/{name}.env"
        assert f"ExecStartPre=/usr/bin/systemd-creds decrypt {sealed} %t/nrm-passwords/{name}.env" in renewing
        again = f"encrypt --name={name}.env %t/nrm-passwords/{name}.env {sealed}"
        assert f"ExecStartPost=/usr/bin/systemd-creds {again}" in renewing
    assert (
        "NRM_DATABASE_URL=postgresql+psycopg://nrm_owner@/" in renewing
    )  # no password: the database asks who it is
    assert "RuntimeDirectoryMode=0700" in renewing
    given = {
        "web": "web", "sweep": "jobs", "seal": "jobs", "keys-backup": "jobs", "forward": "jobs", "send": "send",
        "retain": "retain",
    }  # fmt: skip
    for unit, name in given.items():
        text = (UNITS / f"nrm-{unit}.service").read_text()
        assert re.findall("Credential.*", text) == [
            f"CredentialEncrypted={name}.env:/etc/nrm/sealed/{name}.env"
        ]
        assert re.findall("EnvironmentFile=.*", text) == ["EnvironmentFile=/etc/nrm/nrm.env"]
    assert "OnCalendar=*-*-* 03:00" in (UNITS / "nrm-passwords.timer").read_text()


def test_a_part_reads_what_was_opened_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "send.env").write_text("NRM_SMTP_PASSWORD=let me in\nNRM_SMTP_HOST=mail.example\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    read = settings.__wrapped__()
    assert read.smtp_password is not None
    assert (read.smtp_password.get_secret_value(), read.smtp_host) == ("let me in", "mail.example")
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    assert settings.__wrapped__().smtp_password is None


def test_wrapped_keys_and_all_else_are_backed_up_apart() -> None:
    data, wrapped = ((UNITS / f"nrm-{name}.service").read_text() for name in ("backup", "keys-backup"))
    assert "nrm backup /var/backups/nrm --keep" in data
    assert "nrm keys backup /var/backups/nrm-keys --keep 30" in wrapped
    assert "EnvironmentFile" not in data
    assert "\nRemoveIPC=yes" in wrapped
    assert "\nRemoveIPC=yes" not in data, (
        "it would take away the shared memory of the database, which is postgres' too"
    )
    assert "InaccessiblePaths=-/var/backups/nrm-keys" in data
    assert "InaccessiblePaths=-/var/backups/nrm\n" in wrapped
    assert "InaccessiblePaths=-/etc/nrm/keys\n" in wrapped
    hours = [
        re.findall(r"(\d\d):00", (UNITS / f"nrm-{name}.timer").read_text())
        for name in ("backup", "keys-backup")
    ]
    assert hours == sorted(hours), "the data first: a key that is missing loses what it sealed"
    assert "enable --now" in (DEPLOY / "README.md").read_text()
    for name in sorted(path.name for path in UNITS.glob("*.timer")):
        assert name in (DEPLOY / "README.md").read_text(), name


def test_the_pages_say_themselves_that_they_answer_and_every_death_calls_the_alarm() -> None:
    """What starts again at once never counts as failed, so that OnFailure alone would tell nobody."""
    said = set((UNITS / "nrm-web.service").read_text().splitlines())
    assert said >= {"Type=notify", "WatchdogSec=2min", "Restart=on-failure", "KillMode=mixed"}
    (after,) = [each for each in said if each.startswith("ExecStopPost=")]
    assert "nrm-alarm@%n.service" in after
    paper = (DEPLOY / "README.md").read_text()
    assert paper.index("deploy/systemd/nrm-* /etc/systemd") < paper.index("systemctl start nrm-passwords")


def test_the_journal_goes_to_another_machine_too() -> None:
    """Encrypted, to one that is checked, and with a certificate that it can check."""
    said = dict(re.findall(r"^(\w+)=(.+)$", (DEPLOY / "journal-upload.conf").read_text(), re.MULTILINE))
    assert said.pop("URL").startswith("https://")
    assert set(said) == {"ServerKeyFile", "ServerCertificateFile", "TrustedCertificateFile"}
    unit = (UNITS / "nrm-forward.service").read_text()
    assert "ExecStart=/opt/nrm/.venv/bin/nrm forward" in unit
    for key in ("kek.json", "ledger-signing.key", "ledger-signing-mldsa44.key"):
        assert f"InaccessiblePaths=-/etc/nrm/keys/{key}" in unit


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    """Where systemd's own checker is; the program's path is replaced by one that exists here."""
    if not (checker := shutil.which("systemd-analyze")):
        return
    for path in UNITS.glob("nrm-*"):
        text = path.read_text().replace("/opt/nrm/.venv/bin/nrm", "/bin/true")
        (tmp_path / path.name).write_text(text)
    units = sorted(tmp_path.glob("*.service")) + sorted(tmp_path.glob("*.timer"))
    assert "Unknown" not in run(checker, "verify", *units)
    for name in SERVICES:
        if "alarm" not in name:  # it may reach 2.0 of 10; the units stand at 1.3
            run(checker, "security", "--offline=true", "--threshold=20", tmp_path / name)


def test_caddy_accepts_its_configuration(tmp_path: Path) -> None:
    if not (caddy := shutil.which("caddy")):
        return
    home = {
        **os.environ,
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    said = subprocess.run(
        [caddy, "validate", "--adapter", "caddyfile", "--config", DEPLOY / "proxy" / "Caddyfile"],
        env=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr


def test_nginx_accepts_its_configuration(tmp_path: Path) -> None:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not nginx:
        return
    certificate(tmp_path)
    text = (DEPLOY / "proxy" / "nginx.conf").read_text()
    for shipped, here in {
        "/etc/nginx/tls": tmp_path,
        "/var/log/nginx/error.log": tmp_path / "error.log",
        "/run/nginx.pid": tmp_path / "nginx.pid",
    }.items():
        assert shipped in text
        text = text.replace(shipped, str(here))
    (tmp_path / "nginx.conf").write_text(text)
    run(nginx, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf")


def test_both_proxies_keep_what_they_are_relied_on_for() -> None:
    """Newest encryption only, nothing in the clear for programs, no header that its sender could forge, no version."""
    caddy, nginx = (
        " ".join((DEPLOY / "proxy" / name).read_text().split()) for name in ("Caddyfile", "nginx.conf")
    )
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in nginx  # what Caddy does unasked
    assert "protocols h1 h2 }" in caddy
    assert not {"tls_insecure", "tls"} & set(caddy.split())  # its certificates are public ones, by itself
    (suites,) = re.findall(r"ssl_ciphers (\S+);", nginx)
    assert all(re.match(r"ECDHE-\w+-(AES\d+-GCM|CHACHA20)-", each) for each in suites.split(":"))
    assert "listen 80 default_server;" in nginx
    assert "location /api/ { return 403; } location / { return 301 https://" in nginx.replace(
        "# A program that speaks in the clear is told so, not led on: it would never notice. ", ""
    )
    assert "respond /api/* 403 redir https://" in caddy
    for replaced in (
        "X-Forwarded-For $remote_addr",
        "X-Forwarded-Proto https",
        'Forwarded ""',
        'X-Real-IP ""',
    ):
        assert f"proxy_set_header {replaced};" in nginx
    for replaced in ("X-Forwarded-For {remote_host}", "X-Forwarded-Proto https", "-Forwarded", "-X-Real-IP"):
        assert f"header_up {replaced}" in caddy
    assert "limit_req_zone $binary_remote_addr" in nginx
    assert "server_tokens off;" in nginx
    assert "header -Server" in caddy


def certificate(folder: Path) -> None:
    """Write a certificate and its key, as a certificate authority would."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "nrm.example.org")])
    begin = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    signed = (
        made.not_valid_before(begin).not_valid_after(begin + timedelta(days=1)).sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
