"""Serving an installation in several processes, and telling systemd whether they answer."""

import os
import socket
from contextlib import suppress

from fastapi import FastAPI
from uvicorn import Config, Server
from uvicorn.supervisors.multiprocess import Multiprocess

from app.settings import Settings, settings

LOOPBACK = ("127.0.0.1", "::1", "localhost")
HUNG = 15  # seconds without a sign of life, even on a machine that is short of time, before a process is replaced
DRAIN = 12  # seconds for what people have under way; TimeoutStopSec of the unit is longer


class Crew(Multiprocess):
    """The processes that serve: systemd is told once all of them answer, and again and again while they do."""

    answered = False
    failed = False

    def keep_subprocess_alive(self) -> None:
        """Replace whoever died or hangs; but who dies before the first answer ends the start, and says why itself."""
        if self.answered:
            super().keep_subprocess_alive()
        elif any(each.exitcode is not None for each in self.processes):
            self.failed = True
            self.should_exit.set()
            return
        if all(each.is_ready(timeout=1) for each in self.processes):
            tell("WATCHDOG=1" if self.answered else "READY=1")
            self.answered = True


class Alone(Server):
    """The only process that serves: it tells systemd itself."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        if self.started:
            tell("READY=1")

    async def on_tick(self, counter: int) -> bool:
        """Say once a second that it lives."""
        if counter % 10 == 0:
            tell("WATCHDOG=1")
        return await super().on_tick(counter)


def serve(given: Settings, *, host: str, port: int, factory: str = "app.serving:application") -> int:
    """Serve an installation that `nrm migrate` prepared; return 0 when told to stop, 1 when it could not start."""
    if host not in LOOPBACK:
        raise SystemExit(
            f"Serve on loopback, not on {host}: what leaves this machine goes through a proxy with TLS."
        )
    config = Config(
        factory, factory=True, host=host, port=port, workers=given.processes, server_header=False,
        proxy_headers=True, forwarded_allow_ips="127.0.0.1", access_log=False,
        timeout_worker_healthcheck=HUNG, timeout_graceful_shutdown=DRAIN,
    )  # fmt: skip
    if given.processes == 1:
        alone = Alone(config)
        with suppress(KeyboardInterrupt):
            alone.run()
        return int(not alone.started)
    crew = Crew(config, sockets=[config.bind_socket()])
    crew.run()
    return int(crew.failed)


def application() -> FastAPI:
    """Return the application of one process of `nrm serve`."""
    from app.main import create_app  # noqa: PLC0415 -- what only watches over the others does not read it all

    return create_app(settings())


def tell(how: str) -> None:
    """Tell systemd how we are, when it is systemd that started us (sd_notify)."""
    place = os.environ.get("NOTIFY_SOCKET", "")
    if place:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.sendto(how.encode(), place.replace("@", "\0", 1) if place.startswith("@") else place)
