"""Cases for the benchmarks: referred by the police, accepted by an NGO, each with 60 answers on its page."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.accounts.sessions import sign_in_as
from app.cases import service as cases
from app.casework.forms import PersonRecord
from app.casework.queries import case_page
from app.casework.shown import CasePage
from app.demo.acting import as_persona, as_system, find
from app.demo.stories import Teller
from app.kit.clock import HeldClock, SystemClock
from app.kit.values import PartialDate
from app.settings import Settings
from app.web.door import Runtime
from benchmarks.installation import running
from benchmarks.three_scripts import Someone

READER = "ngo"
FIELDS = 60
INDICATORS = [{"source": "told", "signs": ["ilo.violence"]}, {"source": "seen", "signs": ["ilo.movement"]}]
ANSWERS: dict[str, Any] = {
    "child_at_exploitation": "unknown",
    "access_needs": "A quiet room; sits badly for long",
    "reason_details": "A safe place tonight and somebody who speaks her language",
    "interpreter_wish": "A woman, and nobody from the same town",
    "current_area": "Lake District",
    "current_town": "Kestrel",
    "current_place": "With the patrol, at the station in Quince Lane",
    "what_happened": ["wages_taken", "household_work"],
    "kinds_details": "She was promised work in a hotel. " * 12,
    "types_of_exploitation": ["ForcedLabour", "Servitude"],
    "still_in_situation": "no",
    "how_left": "She walked to a patrol at the station",
    "name_to_use": "Ira",
    "given_names": "Irina",
    "family_names": "Codreanu",
    "born_on": {"year": 1999, "month": 4},
    "gender": "Feminine",
    "nationalities": ["MD", "RO"],
    "has_children": "yes",
    "children_count": 1,
    "family_background": "Grew up with her grandmother; a brother lives abroad",
    "work_before": "Sewing in a small workshop",
    "health_now": "An injured wrist, seen by nobody yet",
    "indicators_details": "She looked to the door before each answer",
    "contact_note": "Never before noon",
}


def refer(runtime: Runtime, number: int) -> list[UUID]:
    """Bring that many persons to the reader, two days ago; return their cases."""
    assert isinstance(runtime.clock, HeldClock)
    teller, found = Teller(runtime, runtime.clock), []
    for _each in range(number):
        case_id = teller.refer("police", READER, INDICATORS, **ANSWERS)
        teller.act(READER, case_id, "referral", "accept")
        found.append(case_id)
    return found


def made(given: Settings, number: int) -> tuple[list[UUID], str]:
    """Make cases; return them and the cookie of a browser in which their reader is signed in."""
    with running(given) as runtime:
        runtime.clock = HeldClock(SystemClock().now() - timedelta(days=2))
        found = refer(runtime, number)
        runtime.clock = SystemClock()
        with as_system(runtime) as work:
            cookie = sign_in_as(work, find(work.session, READER).id, "passkey")
            work.commit()
        with as_persona(runtime, READER) as work:
            count = answered(case_page(work, found[0], "en"))
            assert count == FIELDS, f"the page shows {count} answers, not {FIELDS}"
    return found, cookie


def enter(runtime: Runtime, who: str, people: Iterable[Someone]) -> list[UUID]:
    """Begin a case with a person's record for each of them, all in one transaction; return the cases."""
    found = []
    with as_persona(runtime, who) as work:
        for each in people:
            case_id = cases.begin_case(work)
            year, month, day = each.born
            values = {
                "given_names": each.given, "family_names": each.family, "gender": each.sex,
                "born_on": PartialDate(year=year, month=month, day=day),
            }  # fmt: skip
            cases.record_person(work, case_id, values, PersonRecord)
            found.append(case_id)
        work.commit()
    return found


def answered(page: CasePage) -> int:
    """Return how many answered questions a page shows."""
    person = len(page.person.answers) if page.person else 0
    return person + len(page.whereabouts or ()) + sum(len(record.answers) for record in page.records)
