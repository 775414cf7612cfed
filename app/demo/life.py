"""Stories of adults: recovery and papers, work that was not paid, protection asked for, a way home."""

from typing import Any
from uuid import UUID

from app.demo.stories import INFORMED, Teller

ADVICE = dict.fromkeys(("told_stay", "told_asylum", "told_return", "told_revocable"), True)


def recovers(teller: Teller, case_id: UUID) -> None:
    """Tell on of the woman in the shelter: grounds found, time to recover, help, a passport, her own file."""
    authority, ngo = teller.organisation("authority"), teller.organisation("ngo")
    teller.wait(hours=1)
    teller.act(
        "authority", case_id, "identification", "find_reasonable_grounds", **_grounds(teller, authority)
    )
    teller.act("ngo", case_id, "inra", "start", interpreter="yes", persons_present="E. Popa, interpreter")
    teller.act(
        "ngo", case_id, "reflection_period", "inform", language="ro",
        **dict.fromkeys(("told_reflection", "told_residence", "told_asylum", "told_consular"), True),
    )  # fmt: skip
    teller.act(
        "authority", case_id, "reflection_period", "grant", start_on=teller.today(), end_on=teller.day(60),
        document_number="RP 2231", work_allowed=True,
    )  # fmt: skip
    teller.act(
        "ngo", case_id, "assistance_service", "plan", type="psychological", provider=ngo,
        need="Sleeps badly, startles at doors", goal="To sleep through the night and to go out alone again",
    )  # fmt: skip
    teller.act(
        "ngo", case_id, "assistance_service", "offer", language="ro",
        informed=["what", "who", "free", "voluntary", "confidential"],
    )  # fmt: skip
    teller.act("ngo", case_id, "assistance_service", "accept", agreed="aloud")
    teller.act(
        "ngo", case_id, "identity_document", "open", document_type="passport", missing="withheld", kept_by="exploiter",
    )  # fmt: skip
    _asks_her_consulate(teller, case_id)
    teller.act(
        "ngo", case_id, "proceedings_participation", "advise", provider="Legal Aid Bureau",
        offered_on=teller.today(), legal_advice="taken", language="ro", protection_explained=True,
        free_choice_explained=True,
    )  # fmt: skip
    teller.act("ngo", case_id, "data_subject_request", "receive", kind="access", regime="GDPR", language="ro")
    teller.act("ngo", case_id, "proceedings_participation", "choose_yes", scope=["statement"])
    teller.act(
        "police", case_id, "witness_protection", "assess", life="low", physical="medium", psychological="high",
        property="low", persons=["self", "family"], basis="A man asked for her twice at her sister’s door.",
    )  # fmt: skip


def _asks_her_consulate(teller: Teller, case_id: UUID) -> None:
    """She agrees that her consulate learns who she is, and nothing else, and asks it for a passport."""
    teller.act(
        "ngo", case_id, "consent", "ask", purpose="share_consular", recipients=[teller.organisation("consul")],
        categories=["ID"], language="ro", interpreter="E. Popa", capacity_note="Rested; asked for it herself",
        **INFORMED,
    )  # fmt: skip
    consent = teller.act(
        "shelter", case_id, "consent", "give", given_by="self", method="written", evidence="signed_form",
        evidence_reference="F-31",
    )  # fmt: skip
    teller.act(
        "ngo", case_id, "identity_document", "request_document", consent=consent, towards="origin", neutral=True,
        issuer="Consular section",
    )  # fmt: skip


def _grounds(teller: Teller, authority: UUID) -> dict[str, Any]:
    said = "She was told of work in a kitchen; her passport was taken on the first evening."
    return {
        "deciders": [authority], "decided_on": teller.today(), "act": "reasonable_grounds",
        "acts": ["recruitment"], "means": "reasonable_grounds", "means_used": ["deception"],
        "purpose": "reasonable_grounds", "forms": ["ForcedLabour"], "age_at_exploitation": "adult",
        "places": [{"kind": "Exploitation", "country": "AT", "place": "A flat above a bar"}],
        "evidence": [{"element": "act", "source": "account", "weight": "supports", "what": said}],
        "reasons": "Her account is detailed and agrees with what the patrol saw.", "guidance_version": "2026-1",
        "victim_view": "She is relieved, and afraid for her sister.", "language": "ro",
    }  # fmt: skip


def works_unpaid(teller: Teller) -> UUID:
    """Tell of a bricklayer whom an inspector found: the finding, his wages, a lawyer, a charge against him."""
    case_id = teller.refer(
        "inspector", "ngo",
        [{"source": "told", "signs": ["ilo.wages", "ilo.debt"]}, {"source": "seen", "signs": ["ilo.conditions"]}],
        given_names="Jasur", family_names="Karimov", born_on={"year": 1991, "month": 4}, gender="Masculine",
        nationalities=["UZ"], language="uz",
    )  # fmt: skip
    _inspected(teller, case_id)
    teller.act("ngo", case_id, "referral", "accept")
    teller.wait(hours=1)
    _represented(teller, case_id)
    _claims(teller, case_id)
    teller.act(
        "ngo", case_id, "non_punishment", "detect", kind="administrative", offences=["entry_stay", "work"],
        authority="City magistrate", held=False,
    )  # fmt: skip
    teller.act(
        "lawyer", case_id, "removal_measure", "notify", authority="Border authority", kind="expulsion",
        ordered_on=teller.today(), legal_basis="Aliens Act section 52", remedy="Appeal to the administrative court",
        remedy_until=teller.day(14), held=False,
    )  # fmt: skip
    teller.act("ngo", case_id, "residence_permit", "inform", language="uz")
    teller.act(
        "lawyer", case_id, "residence_permit", "apply", ground_claimed="personal_situation",
        danger_factors=["debt", "reprisals"], filed_on=teller.today(),
    )  # fmt: skip
    return case_id


def _inspected(teller: Teller, case_id: UUID) -> None:
    employer = {
        "kind": "legal",
        "part": "subcontractor",
        "name": "Quickwall Bau",
        "registry_number": "HR 77120",
    }
    teller.act(
        "inspector", case_id, "labour_inspection_finding", "record", inspected_on=teller.today(),
        worksite="Building site at the old harbour", sector="F_Construction", employer=[employer],
        worker_count=15, minors_seen=False,
    )  # fmt: skip
    teller.act(
        "inspector", case_id, "labour_inspection_finding", "screen", signs=["ilo.wages", "ilo.debt"],
        weekly_hours=72, pay="less", taken_for=["lodging", "recruitment"], documents_held="yes",
        housing="on_site", hazards=["heights", "no_protection"], worst_forms=False,
    )  # fmt: skip


def _represented(teller: Teller, case_id: UUID) -> None:
    teller.act("ngo", case_id, "legal_representation", "open")
    teller.act("ngo", case_id, "legal_representation", "offer", free_legal_aid=True, language="uz")
    teller.act(
        "ngo", case_id, "legal_representation", "appoint", representative_type="lawyer",
        representative_user=teller.user("lawyer").id, mandate="M 2026/118", scope=["labour", "residence", "criminal"],
        conflict_checked=True,
    )  # fmt: skip


def _claims(teller: Teller, case_id: UUID) -> None:
    teller.act(
        "ngo", case_id, "compensation_claim", "inform", language="uz", routes=["labour_court", "state_fund"]
    )
    teller.act(
        "lawyer", case_id, "compensation_claim", "assess", currency="EUR",
        wages=[{
            "weeks": 22, "length_shown_by": "papers", "weekly_hours": 72, "agreed_rate": 9, "least_rate": 15.2,
            "paid": 5400, "taken_off": 3100,
        }],
        heads=[{"head": "fees_debt", "amount": 1800, "basis": "Paid to the recruiter at home"}],
        respondents=[{"kind": "legal", "name": "Quickwall Bau", "part": "employer", "registry_number": "HR 77120"}],
        routes=[{"route": "labour_court", "limitation_on": teller.day(300)}],
    )  # fmt: skip


def asks_for_asylum(teller: Teller) -> UUID:
    """Tell of a woman who cannot go back: she asks for protection, and a file about her was left open."""
    case_id = teller.refer(
        "police", "ngo2", [{"source": "told", "signs": ["ilo.threats", "ilo.debt"]}],
        given_names="Selam", family_names="Tesfay", gender="Feminine", born_on={"year": 2001}, nationalities=["ER"],
        language="ti",
    )  # fmt: skip
    teller.act("ngo2", case_id, "referral", "accept")
    teller.act(
        "ngo2", case_id, "asylum_claim", "express", said_on=teller.today(), told_asylum=True, language="ti",
        interpreter="H. Abraha",
    )  # fmt: skip
    teller.act(
        "ngo2", case_id, "data_breach", "detect", detected_at=teller.today(), aware_at=teller.today(),
        categories=["ID"], case_count=1,
        what="A printed page lay on a desk overnight; the room was locked.",
    )  # fmt: skip
    return case_id


def wishes_to_go_home(teller: Teller) -> UUID:
    """Tell of a man who wishes to go home: advised, agreed, his safety there looked into, a partner found."""
    case_id = teller.refer(
        "police", "social", [{"source": "told", "signs": ["ilo.deception", "ilo.wages"]}],
        given_names="Ion", family_names="Rusu", gender="Masculine", born_on={"year": 1985}, nationalities=["MD"],
    )  # fmt: skip
    teller.act("social", case_id, "referral", "accept")
    teller.act(
        "social", case_id, "voluntary_return", "counsel", **ADVICE, language="ro", legal_advice="taken"
    )
    teller.act(
        "social", case_id, "consent", "ask", purpose="return", recipients=[teller.organisation("social")],
        categories=["ID", "CON"], language="ro", capacity_note="Calm, decided, asked about his debts", **INFORMED,
    )  # fmt: skip
    teller.oversee("supervisor3", case_id, "To hear from him that he wishes it")
    teller.act(
        "supervisor3", case_id, "consent", "give", given_by="self", method="written", evidence="signed_form",
        evidence_reference="F-31",
    )  # fmt: skip
    teller.act(
        "social", case_id, "voluntary_return", "wish", country="MD", place="A village near Orhei",
        own_reasons="His mother is ill, and his brother has work for him.",
    )  # fmt: skip
    teller.act(
        "social", case_id, "return_safety_assessment", "request", family=["parents", "siblings"], country="MD",
        place="A village near Orhei",
    )  # fmt: skip
    teller.act(
        "social", case_id, "return_safety_assessment", "start", towards="organisation",
        own_view="Nobody there knows what happened; the recruiter is from another town.", own_fear="no",
    )  # fmt: skip
    teller.act(
        "social", case_id, "transnational_referral", "create", purpose="return", country="MD",
        towards="organisation", partner="Association Return, Chisinau", contact="Mrs Ceban, +373 22 000 118",
        contact_checked="network", contact_verified_on=teller.today(),
    )  # fmt: skip
    return case_id
