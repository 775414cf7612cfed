"""A man whose papers, wages and witnesses lie in two countries: what crosses the border, and what comes back."""

from collections.abc import Callable

from tests.journey.told import Told

CLAIM = {
    "currency": "EUR", "routes": [{"route": "labour_court", "limitation_on": "2027-01-10"}],
    "wages": [{
        "weeks": 10, "length_shown_by": "papers", "weekly_hours": 60, "agreed_rate": 10, "least_rate": 12,
        "paid": 2000, "taken_off": 500,
    }],
    "respondents": [{"kind": "legal", "name": "Quickwall Bau", "part": "employer"}],
}  # fmt: skip
VERIFIES = {
    "towards": "origin",
    "legal_basis": "own_wish",
    "neutral": True,
    "requested_state": "RO",
    "data_sent": ["name"],
}
PARTNER = {"partner": "Casa Noua", "contact": "By the network", "contact_checked": "network", "urgent": "yes"}
CHECKED = {
    "towards": "organisation", "agreement": "Network agreement 4", "transfer_basis": "same_law", "data_set": ["ID"],
    "minimised": True,
}  # fmt: skip


def papers_first(told: Told) -> None:
    """No answer from abroad in time closes nothing: this State is asked instead."""
    told.act("ngo", "identity_document", "open", document_type="passport", missing="never_had")
    told.act("ngo", "identity_document", "send_verification", **VERIFIES, due_on=told.today(days=30))
    told.runs("ngo", identity_document__reply="1 April 2026")
    told.wait(days=31)
    told.stands("ngo", identity_document="not_confirmed", case="open")
    told.act(
        "ngo", "identity_document", "request_document", towards="host", legal_basis="own_wish", neutral=True,
        issuer="Residence Office",
    )  # fmt: skip
    told.stands("ngo", identity_document="requested")


def rights(told: Told) -> None:
    """A free lawyer, and a claim whose sum is worked out and filed here."""
    told.act("ngo", "legal_representation", "open")
    told.act("ngo", "legal_representation", "offer", free_legal_aid=True, language="ro")
    told.act(
        "ngo", "legal_representation", "appoint", representative_type="lawyer", mandate="M 7",
        representative_user=told.hand.user("lawyer"), scope=["labour", "criminal"], conflict_checked=True,
    )  # fmt: skip
    told.act("ngo", "compensation_claim", "inform", language="ro", routes=["labour_court"])
    told.act("lawyer", "compensation_claim", "assess", **CLAIM)
    told.shows("lawyer", "5,700")  # 10 weeks of 60 hours at 12, less 2000 paid, and 500 taken off comes back
    told.act(
        "lawyer", "compensation_claim", "file", route="labour_court", reference="L 4", filed_on=told.today()
    )


def abroad(told: Told) -> None:
    """For the proceedings there: nothing leaves without consent, little does, and word of it comes back."""
    told.act(
        "ngo", "transnational_referral", "create", purpose="proceedings", country="RO", towards="organisation",
        contact_verified_on=told.today(), **PARTNER,
    )  # fmt: skip
    told.oversee()
    told.refuses("supervisor", "transnational_referral", "check", "INV-24", **CHECKED)
    told.consent("transnational_referral", "Harbour Association", "ID")
    told.act("supervisor", "transnational_referral", "check", **CHECKED)
    told.act("ngo", "transnational_referral", "send", sent_on=told.today(), channel="portal")
    told.act("ngo", "transnational_referral", "accept", receiving_worker="M. Pop", promised=["legal"])
    told.act(
        "ngo", "transnational_referral", "hand_over", met_by="M. Pop", handed_over_on=told.today(), papers="no",
        medication="None.",
    )  # fmt: skip
    told.act(
        "ngo",
        "transnational_referral",
        "report",
        reported_on=told.today(),
        report="He was heard, and came back.",
    )
    told.hides(("police", "authority"), "Casa Noua", "came back")


def story(told: Told) -> None:
    told.refer("police", given_names="Sorin", nationalities=["RO"])
    told.act("ngo", "referral", "accept")
    papers_first(told)
    rights(told)
    abroad(told)
    told.act(
        "ngo",
        "transnational_referral",
        "follow_up",
        reported_on=told.today(),
        report="The hearing there is over.",
    )
    told.stands("ngo", transnational_referral="followed_up", compensation_claim="filed", case="open")


def test_what_crosses_the_border_is_agreed_to_and_word_comes_back(
    by_both_hands: Callable[[Callable[[Told], None]], None],
) -> None:
    by_both_hands(story)
