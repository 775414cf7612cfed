"""Taking the ledger away for verification elsewhere; that it was taken is an event."""

from collections.abc import Iterator

from app.oversight import queries
from app.safeguards.conflicts import is_barred
from app.safeguards.erasing import certificates
from app.safeguards.ledger import export
from app.safeguards.ledger.seal import published
from app.safeguards.ledger.witness import with_witnesses
from app.safeguards.rationing import ration
from app.safeguards.words import Act
from app.safeguards.work import Work
from app.settings import Settings


def export_erasures(work: Work) -> list[str]:
    """Return the signed certificate of every erasure; that they were taken is an event."""
    ration(work, "exports")
    work.record(Act.EXPORT, register="certificates of erasure")
    return certificates(work)


def export_ledger(work: Work, settings: Settings) -> Iterator[str]:
    """Record the export, then give the lines of the file; `nrm ledger verify` reads it without the service.

    Whoever is barred from a case takes away no text of any: gaps would say when somebody worked on it, and who.
    """
    ration(work, "exports")
    bare = is_barred(work)
    work.record(Act.EXPORT, register="ledger", bare=bare)
    header = export.Header(settings.origin, (published(settings.checkpoints_at),), bare)
    heads = queries.checkpoints(work)  # first, so that a sealing in between adds nothing without its head
    size = heads[-1][0] if heads else 0
    notes = with_witnesses((note for _size, note in heads), settings.checkpoints_at)
    yield from export.write(header, queries.leaves(work, size), notes)
