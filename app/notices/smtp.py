"""E-mail over SMTP, encrypted on the way unless the mail server is on this machine."""

import smtplib
import ssl
from contextlib import AbstractContextManager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Literal

from app.kit.clock import SystemClock
from app.notices.message import Message, Rejected, Unreachable

PATIENCE = 20.0  # seconds for each answer of the mail server


@dataclass(frozen=True)
class Mail:
    """A mail server that takes our messages."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    sender: str
    user: str | None = None
    password: str | None = None
    ca_file: Path | None = None

    def deliver(self, message: Message) -> None:
        """Hand the message over; raises Rejected or Unreachable."""
        written = self._written(message)
        try:
            with self._connected() as server:
                self._handed_over(server, written, message.to)
        except (smtplib.SMTPException, OSError):
            raise Unreachable from None  # the text of an error may hold the address: it goes nowhere

    def _handed_over(self, server: smtplib.SMTP, written: EmailMessage, to: str) -> None:
        try:
            server.send_message(written, self.sender, [to])
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _text in refused.recipients.values()]
            raise (Rejected if all(code >= 500 for code in codes) else Unreachable) from None
        except (smtplib.SMTPNotSupportedError, UnicodeError):
            raise Rejected from None  # letters in the address that this server cannot take

    def _connected(self) -> AbstractContextManager[smtplib.SMTP]:
        own_name = self.sender.rpartition("@")[2]  # else the name of this machine would be told
        trusted = ssl.create_default_context(cafile=self.ca_file)
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, own_name, timeout=PATIENCE, context=trusted
            )
        else:
            server = smtplib.SMTP(self.host, self.port, own_name, timeout=PATIENCE)
        try:
            if self.security == "starttls":
                server.starttls(context=trusted)
            if self.user:
                server.login(self.user, self.password or "")
        except BaseException:
            server.close()
            raise
        return server

    def _written(self, message: Message) -> EmailMessage:
        written = EmailMessage()
        try:
            written["To"] = message.to
        except ValueError:
            raise Rejected from None  # no address at all
        written["From"] = self.sender
        written["Subject"] = message.subject
        written["Date"] = format_datetime(SystemClock().now())
        written["Message-ID"] = f"<{message.reference}@{self.sender.rpartition('@')[2]}>"
        written["Auto-Submitted"] = "auto-generated"
        written.set_content(message.body)
        return written
