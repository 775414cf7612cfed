"""More readers than threads: they wait for their turn, and none of them holds what another waits for."""

from concurrent.futures import ThreadPoolExecutor

import anyio
import anyio.to_thread
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from app.web.door import COOKIE
from tests.fixtures.service import ORIGIN, Enter

READERS = 24
THREADS = 4


def test_many_readers_at_once_are_all_served(app: FastAPI, enter: Enter) -> None:
    cookie = enter("ngo").client.cookies[COOKIE]
    assert app.state.runtime.engine.pool.size() == THREADS
    statuses: list[int] = []

    async def read(client: AsyncClient) -> None:
        answer = await client.get("/", headers={"Cookie": f"{COOKIE}={cookie}"})
        statuses.append(answer.status_code)

    async def all_at_once() -> None:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        client = AsyncClient(transport=ASGITransport(app), base_url=ORIGIN)
        async with client, anyio.create_task_group() as group:
            for _reader in range(READERS):
                group.start_soon(read, client)

    with ThreadPoolExecutor(1) as alone:  # a browser test of the same worker leaves a loop in the main thread
        alone.submit(anyio.run, all_at_once).result()
    assert statuses == [200] * READERS
