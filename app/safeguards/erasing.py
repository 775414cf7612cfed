"""Erasing: what was decided is carried out whatever died in between, and a signed certificate says what is gone."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kit.errors import Problem
from app.safeguards.access import system_actor
from app.safeguards.ledger import events, note, second
from app.safeguards.ledger.events import Happened
from app.safeguards.ledger.seal import Sealer
from app.safeguards.models import Erasure
from app.safeguards.words import Act, Category
from app.safeguards.work import Work

BASES = {  # why a case or category may be erased; the order or request itself lies with whoever keeps the papers
    "retention_over": "the time for which it may be kept is over",
    "person_asked": "she asked for it, and it was granted",
    "court_order": "a court or the data-protection authority ordered it",
    "entered_by_mistake": "it was entered by mistake",
    "course_of_the_case": "a step of the procedure erases it, such as throwing a draft away",
}


def carry_out(work: Work) -> int:
    """Destroy what was decided and not yet done, and what a restored backup brought back; return how many decisions."""
    work.keys.repeat_erasures(work.clock.now())
    done = 0
    waiting = select(Erasure).where(Erasure.done_at.is_(None)).order_by(Erasure.decided_at)
    for erasure in work.session.scalars(waiting.with_for_update(skip_locked=True)):
        categories = [Category(code) for code in erasure.categories]
        try:
            work.keys.destroy(erasure.case_id, work.clock.now(), categories)
            erasure.destroyed = [str(each) for each in work.keys.destroyed(erasure.case_id, categories)]
        except Problem:  # a hold was set in the meantime, or the keys are out of reach: it stays decided
            continue
        erasure.done_at = work.clock.now()
        done += 1
    return done


def certify(session: Session, sealer: Sealer, now: datetime) -> int:
    """Sign a certificate of each erasure that was carried out, put it beside the checkpoints and on the ledger.

    It needs no key of any case, and so runs where the ledger is sealed.
    """
    ready = select(Erasure).where(Erasure.done_at.is_not(None), Erasure.certificate.is_(None))
    erasures = list(session.scalars(ready.with_for_update(skip_locked=True)))
    for erasure in erasures:
        signed = note.sign(certificate(erasure, sealer.origin), sealer.origin, sealer.signer)
        erasure.certificate = signed
        about = {
            "categories": erasure.categories, "basis": erasure.basis, "keys": len(erasure.destroyed or ()),
            "certificate": sha256(signed.encode()).hexdigest(),
        }  # fmt: skip
        events.write(session, Happened(Act.ERASE, now, system_actor(), "keys", erasure.case_id, about))
        second.put(sealer.second_place, f"{erasure.id}.erasure", signed)
    return len(erasures)


def certificates(work: Work, case_id: UUID | None = None) -> list[str]:
    """Return the signed certificates, of a case or of all, the oldest first."""
    query = select(Erasure.certificate).where(Erasure.certificate.is_not(None))
    if case_id is not None:
        query = query.where(Erasure.case_id == case_id)
    return [text for text in work.session.scalars(query.order_by(Erasure.decided_at)) if text]


def certificate(erasure: Erasure, origin: str) -> str:
    """Return the words of a certificate: what was erased, why, when, and the keys whose destruction erased it."""
    assert erasure.done_at
    lines = [
        "certificate of erasure", f"service: {origin}", f"erasure: {erasure.id}", f"case: {erasure.case_id}",
        f"categories: {' '.join(erasure.categories)}", f"basis: {erasure.basis}",
        f"decided: {erasure.decided_at.isoformat()}", f"carried out: {erasure.done_at.isoformat()}",
        *(f"key destroyed: {each}" for each in erasure.destroyed or ()),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
