"""Two applications that are quickly made: one that answers, and one that cannot be made."""

from fastapi import FastAPI

from app.settings import Settings


def answering() -> FastAPI:
    """Return an application without a door."""
    return FastAPI()


def refusing() -> FastAPI:
    """Say what is missing."""
    raise SystemExit(f"{Settings().keys_at}: there is no key file.")
