"""An export of thirty events with three checkpoints, and what a forger would make of it."""

import base64
import json

from app.safeguards.ledger.export import Header, write
from app.safeguards.ledger.merkle import leaf_hash, root
from app.safeguards.ledger.note import checkpoint

ORIGIN = "ledger.nrm.example"
EVENTS = [json.dumps({"at": f"2026-03-02T09:{number:02}:00Z", "act": "consult"}) for number in range(30)]
SIZES = (10, 20, 30)


def signed(signer, events, size, origin=ORIGIN):
    return checkpoint(origin, size, root([leaf_hash(event.encode()) for event in events[:size]]), signer)


def leaves(events):
    return [(index, event, leaf_hash(event.encode())) for index, event in enumerate(events)]


def exported(signer, events=EVENTS, sizes=SIZES):
    notes = [signed(signer, events, size) for size in sizes]
    return list(write(Header(ORIGIN, (signer.public,)), leaves(events), notes))


def kinds(report):
    return {finding.kind for finding in report.findings}


def about(report, kind):
    return [finding.leaf for finding in report.findings if finding.kind == kind]


def edited(line, **changes):
    return json.dumps(json.loads(line) | changes) + "\n"


def rehashed(line, event):
    """Change an event as a forger would: with its hash."""
    return edited(line, event=event, hash=base64.b64encode(leaf_hash(event.encode())).decode())
