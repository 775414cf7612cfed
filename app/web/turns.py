"""Turns: no more requests at work in a process than it has connections to the database.

An endpoint asks for a thread twice, for its door and for itself, and holds a connection in between. Without turns,
doors that wait for a connection would hold every thread, and those with a connection would wait for a thread.
"""

from collections.abc import AsyncIterator

import anyio
from anyio.lowlevel import RunVar
from fastapi import Request
from sqlalchemy import QueuePool

TURNS: RunVar[anyio.Semaphore] = RunVar("turns")  # one for each event loop, as its threads are


async def turn(request: Request) -> AsyncIterator[None]:
    """Wait, without thread and connection, until there is one for this request; give it back with the answer."""
    turns = TURNS.get(None)
    if turns is None:
        pool = request.app.state.runtime.engine.pool
        turns = anyio.Semaphore(pool.size() if isinstance(pool, QueuePool) else 1)
        TURNS.set(turns)
    async with turns:
        yield
