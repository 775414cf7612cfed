"""The ways out of the service: e-mail and short messages, as far as an installation has them."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from app.notices.message import Post
from app.notices.sms import HttpSms
from app.notices.smtp import Mail
from app.settings import Settings

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def posts_of(given: Settings) -> Mapping[str, Post]:
    """Return the ways out that are configured, by channel; raises SystemExit for one that is not safe."""
    found: dict[str, Post] = {}
    if given.smtp_host:
        if not given.smtp_sender:
            raise SystemExit("NRM_SMTP_SENDER is not set: say from which address messages come.")
        if given.smtp_security == "none" and given.smtp_host not in LOOPBACK:
            raise SystemExit("NRM_SMTP_SECURITY=none is for a mail server on this machine only.")
        found["email"] = Mail(
            host=given.smtp_host, port=given.smtp_port, security=given.smtp_security, sender=given.smtp_sender,
            user=given.smtp_user, password=given.smtp_password.get_secret_value() if given.smtp_password else None,
            ca_file=given.smtp_ca_file,
        )  # fmt: skip
    if given.sms_url:
        parts = urlsplit(given.sms_url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise SystemExit("NRM_SMS_URL must begin with https: numbers go through it.")
        token = given.sms_token.get_secret_value() if given.sms_token else None
        found["sms"] = HttpSms(given.sms_url, token, given.sms_sender)
    return found
