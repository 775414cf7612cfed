"""The serving process is killed at every moment that matters: what was answered stays, the rest is whole or absent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from app.demo.stories import Teller
from app.kit.clock import HeldClock
from app.safeguards import access
from app.safeguards.words import Relation
from app.web.door import Runtime
from tests.doors.knocking import Records
from tests.faults.conftest import SignedIn
from tests.faults.line import Line
from tests.faults.started import Service, unanswered
from tests.fixtures.service import As, Told

DRAFTS, DRAFT = "/api/referrals/drafts", {"type": "initial"}
EVENT = "INSERT INTO ledger.event"
WITHDRAW = {"scope": "everything", "withdrawn_on": "2026-03-02"}


@dataclass(frozen=True)
class Kill:
    """A moment at which the process is killed, and whether what it was doing is then done."""

    when: str
    doing: str
    role: str
    words: str
    after: bool = False
    done: bool = False


READ_BEGUN = Kill("before the event of a reading", "read", "nrm_app", EVENT)
READ = Kill("after that event, before its commit", "read", "nrm_app", "COMMIT")
READ_DONE = Kill("after that commit, before the answer", "read", "nrm_app", "COMMIT", after=True, done=True)
KEY = Kill("while a key is made", "draft", "nrm_keys", "INSERT INTO keys.wrapped_key")
KEY_DONE = Kill("after a key was made, before anything is sealed", "draft", "nrm_app", "INSERT INTO part")
STEP_BEGUN = Kill("in the middle of a step", "step", "nrm_app", "UPDATE track")
STEP = Kill("after the event of a step, before its commit", "step", "nrm_app", "COMMIT")
STEP_DONE = Kill("after that commit, before the answer", "step", "nrm_app", "COMMIT", after=True, done=True)
MERGE = Kill("before the commit of a merge", "merge", "nrm_app", "COMMIT")
MERGE_DONE = Kill("after that commit, before the answer", "merge", "nrm_app", "COMMIT", after=True, done=True)
EXPORT_BEGUN = Kill("while the ledger is taken away", "export", "nrm_app", "SELECT ledger")
EXPORT = Kill("after the ledger was read, before the commit", "export", "nrm_app", "COMMIT")
# Two people at a time: each process dies with both requests where they stand.
KILLS = (
    (READ_BEGUN, KEY), (READ, KEY_DONE), (READ_DONE, MERGE), (STEP_BEGUN, EXPORT_BEGUN), (STEP, EXPORT),
    (STEP_DONE, MERGE_DONE),
)  # fmt: skip
# What tells whether it was done: an answer that changes with it.
TOLD = {
    "read": "SELECT count(*) FROM ledger.event WHERE act = 'consult'",
    "draft": 'SELECT count(*) FROM "case"',
    "step": "SELECT sum(version) FROM track",
    "merge": "SELECT count(*) FROM merge WHERE state = 'confirmed'",
    "export": "SELECT count(*) FROM ledger.event WHERE act = 'export'",
}


@pytest.fixture
def second_case(runtime: Runtime, clock: HeldClock, acting: As, told_sheltered: Told) -> UUID:
    """Another case of the same lead; a social worker works on both."""
    teller = Teller(runtime, clock)
    case_id = teller.refer(
        "police", "ngo", [{"source": "told", "signs": ["ilo.violence"]}], given_names="Irina"
    )
    teller.act("ngo", case_id, "referral", "accept")
    for each in (told_sheltered.about, case_id):
        with acting("social") as her, acting("ngo") as work:
            access.grant(
                work, each, Relation.ASSIGNED, role=her.actor.role,
                organisation_id=her.actor.organisation_id, user_id=her.actor.user_id,
            )  # fmt: skip
            work.commit()
    return case_id


@dataclass
class Acts:
    """What people were doing when the process was killed."""

    service: Service
    records: Records
    case_id: UUID
    other_id: UUID
    ngo: dict[str, str]
    signed_in: SignedIn

    def request(self, doing: str) -> tuple[Any, ...]:
        """Return how that is asked of the service."""
        case = f"/api/cases/{self.case_id}"
        if doing == "read":
            return "GET", case, None, self.ngo
        if doing == "step":
            [track] = self.records.values(
                "SELECT id FROM track WHERE case_id = %s AND slug = 'consent'", self.case_id
            )
            more = {"If_Match": "2", "Idempotency_Key": "the-withdrawal"}
            return "POST", f"{case}/tracks/consent/{track}/withdraw", WITHDRAW, self.ngo | more
        if doing == "draft":
            return "POST", DRAFTS, DRAFT, self.ngo
        if doing == "merge":
            return "POST", f"{case}/same/{self.merge()}/confirm", None, self.signed_in("social")
        return "POST", "/api/oversight/ledger", None, self.signed_in("auditor")

    def merge(self) -> str:
        """Return the merge that waits for its second person, proposed where there is none yet."""
        found = self.records.values("SELECT id FROM merge")
        if not found:
            [reference] = self.records.values('SELECT reference FROM "case" WHERE id = %s', self.other_id)
            self.service.ask("POST", f"/api/cases/{self.case_id}/same", {"reference": reference}, **self.ngo)
            found = self.records.values("SELECT id FROM merge")
        return str(found[0])


def test_whenever_the_process_is_killed_nothing_answered_is_lost_and_nothing_is_half_done(  # noqa: PLR0917
    service: Service, line: Line, records: Records, told_sheltered: Told, second_case: UUID, signed_in: SignedIn,
    settled: Callable[..., None], ledger_is_whole: Callable[[], int], record_property: Any,
) -> None:  # fmt: skip
    ngo = signed_in("ngo")
    acts = Acts(service, records, told_sheltered.about, second_case, ngo, signed_in)
    acts.merge()
    kept: list[str] = []
    for pair in KILLS:
        before, told = (
            records.state("keys.wrapped_key"),
            {each: records.values(TOLD[each.doing]) for each in pair},
        )
        waiting = []
        for kill in pair:
            request = acts.request(kill.doing)
            stop = line.stop(kill.role, kill.words, after=kill.after)
            waiting.append(service.asked(*request[:3], **request[3]))
            stop.wait(waiting[-1])
        service.kill()
        for each in waiting:
            unanswered(each)
        settled()
        for kill in pair:
            assert (records.values(TOLD[kill.doing]) != told[kill]) is kill.done, kill.when
        if not any(kill.done and kill.doing != "read" for kill in pair):
            assert records.state("keys.wrapped_key") == before, f"half done: {pair}"
        service.up()
        answer = service.ask("POST", DRAFTS, DRAFT, **ngo)
        assert answer.status_code == 201, answer.text
        kept.append(answer.json()["case_id"])
        assert set(kept) <= set(map(str, records.values('SELECT id FROM "case"'))), (
            "what was answered is lost"
        )
    for doing in ("step", "merge", "export"):  # whoever got no answer asks again: nothing is done twice
        request = acts.request(doing)
        assert service.ask(*request[:3], **request[3]).status_code in (200, 409), doing
    assert records.values("SELECT state FROM merge") == ["confirmed"]
    assert records.values("SELECT count(*) FROM step WHERE name = 'withdraw'") == [1]
    assert service.ask("GET", f"/api/cases/{told_sheltered.about}", **ngo).json()
    assert ledger_is_whole() > len(KILLS)
    record_property("G15", f"{2 * len(KILLS)} points of a serving process: 0 of {len(kept)} answered writes lost, "
                    f"0 answers without their event; back after {service.slowest:.1f} s at most")  # fmt: skip
