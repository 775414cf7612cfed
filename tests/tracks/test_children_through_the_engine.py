"""Children and return on a real database: what a referral opens, and what a word taken back stops."""

from uuid import UUID

from app.demo import stories
from app.demo.stories import Teller
from tests.tracks.sayings import asks, gives
from tests.tracks.test_through_the_engine import Jobs, blocks, refused, state

ADVISED = {
    **dict.fromkeys(("told_stay", "told_asylum", "told_return", "told_revocable"), True), "language": "ro",
    "legal_advice": "taken",
}  # fmt: skip


def test_a_childs_referral_opens_all_that_protects_it(teller: Teller, jobs: Jobs) -> None:
    case_id = stories.a_child(teller)
    assert state(jobs, case_id, "age_assessment") == "presumed_child"
    assert state(jobs, case_id, "bia") == "due"
    assert state(jobs, case_id, "durable_solution") == "assessing"
    assert "INV-06" in blocks(jobs, case_id)


def test_a_consent_taken_back_calls_the_return_off_in_the_same_transaction(
    teller: Teller, presumed: UUID, jobs: Jobs
) -> None:
    assert state(jobs, presumed, "voluntary_return") == "not_considered"
    teller.act("ngo", presumed, "voluntary_return", "counsel", **ADVISED)
    wishes = {"country": "RO", "place": "a town", "own_reasons": "Family."}
    assert refused(teller, "ngo", presumed, "voluntary_return", "wish", **wishes) == {"INV-09"}
    recipients = [str(teller.user("ngo").organisation_id)]
    teller.act("ngo", presumed, "consent", "ask", **asks(purpose="return", recipients=recipients))
    assert refused(teller, "ngo", presumed, "consent", "give", **gives()) == {"consent.two_people"}
    teller.oversee("supervisor", presumed, "To hear it from them, and record what they say")
    teller.act("supervisor", presumed, "consent", "give", **gives())
    teller.act("ngo", presumed, "voluntary_return", "wish", **wishes)
    teller.act("ngo", presumed, "consent", "withdraw", withdrawn_on=teller.today(), scope="everything")
    assert state(jobs, presumed, "voluntary_return") == "cancelled"


def test_the_data_protection_officer_is_brought_to_a_request(
    teller: Teller, presumed: UUID, jobs: Jobs
) -> None:
    teller.act(
        "ngo", presumed, "data_subject_request", "receive", kind="access", regime="GDPR", language="ro"
    )
    assert state(jobs, presumed, "data_subject_request") == "received"


def test_a_service_is_planned_and_a_search_lends_the_police_who_it_is(
    teller: Teller, presumed: UUID, jobs: Jobs
) -> None:
    provider = str(teller.user("ngo").organisation_id)
    teller.act(
        "ngo",
        presumed,
        "assistance_service",
        "plan",
        type="psychological",
        provider=provider,
        goal="g",
        need="n",
    )
    teller.act("ngo", presumed, "missing_person", "report", last_seen="Monday.")
    teller.act(
        "ngo", presumed, "missing_person", "inform_police", police=str(teller.user("police").organisation_id),
        identity_set=["name"], basis="vital_interest", cross_border="no",
    )  # fmt: skip
    assert state(jobs, presumed, "missing_person") == "search"
    teller.act(
        "police", presumed, "missing_person", "find_safe", found_on=teller.today(), wishes_privacy="yes"
    )
    assert state(jobs, presumed, "missing_person") == "found_safe"
