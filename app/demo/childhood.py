"""Stories of children: one whose age nobody knew and who gets a guardian, and one who is missing."""

from uuid import UUID

from app.demo.stories import Teller


def is_looked_after(teller: Teller, case_id: UUID) -> None:
    """Tell on of the boy: a guardian, his age, what is best for him, the three ways that could last."""
    guardian = teller.user("guardian").id
    teller.act(
        "social", case_id, "guardian", "name_provisional", provisional_user=guardian, from_on=teller.today()
    )
    teller.act(
        "social", case_id, "guardian", "nominate", guardian_user=guardian, vetted_on=teller.day(-300),
        vetting_reference="V 88", trained_on=teller.day(-200), wished_language="vi", speaks_it=False,
        wished_sex="no_wish", wish_met=True, no_immigration_role=True, no_shelter_role=True, no_exploiter_tie=True,
        caseload=11,
    )  # fmt: skip
    teller.act(
        "social", case_id, "guardian", "appoint", authority="District court", order="3 P 71",
        order_on=teller.today(), scope=["all"], from_on=teller.today(),
    )  # fmt: skip
    teller.wait(hours=1)
    teller.act(
        "guardian", case_id, "guardian", "record_meeting", met_on=teller.today(),
        childs_view="He wants to go to school, and asks whether his mother knows where he is.",
    )  # fmt: skip
    _assessed(teller, case_id)
    teller.act(
        "social", case_id, "durable_solution", "find_reception", safety="unknown", protection="unknown",
        rehabilitation="no", reintegration="unknown", receiver="nobody",
    )  # fmt: skip


def _assessed(teller: Teller, case_id: UUID) -> None:
    teller.act(
        "social", case_id, "age_assessment", "order", need="He does not know his year of birth.",
        less_invasive=["own_account", "papers"], guardian_present=True, guardian_heard=True, child_consents=True,
        guardian_consents=True,
    )  # fmt: skip
    teller.act("social", case_id, "bia", "start", child_trained=True)
    teller.act(
        "social", case_id, "bia", "complete", child_heard="heard",
        childs_views="He likes the house, wants to learn, and does not want to see the man who drove him.",
        guardian_view="heard",
        safety="Safe in the children’s house; nobody from the farm knows of it.",
        family="His mother is alive; contact was lost two years ago.",
        development="Quiet, curious, tires quickly.", identity="Speaks Vietnamese and some Romanian.",
        health="Underweight; a cough is being treated.", education="Four years of school; wants to go on.",
        recommends="in_favour", recommendation="That he stays in the house and begins school at once.",
    )  # fmt: skip
    teller.act(
        "inspector", case_id, "child_interview", "propose", purpose="labour",
        questions="Who paid him, and who drove the bus?", known_already="Where he worked, and since when.",
    )  # fmt: skip
    teller.act("social", case_id, "bid", "open", question="durable_solution", guardian_heard=True)


def is_missing(teller: Teller) -> UUID:
    """Tell of a girl who did not come back from school: reported, and the police told."""
    case_id = teller.refer(
        "police", "social", [{"source": "told", "signs": ["ilo.movement"]}],
        age_class="child", consent=None, consent_explained=None, consent_notice=None,
        given_names="Lan", gender="Feminine", age_from=15, age_to=15, nationalities=["VN"], language="vi",
        urgency="immediate",
    )  # fmt: skip
    teller.act("social", case_id, "referral", "accept")
    teller.wait(hours=1)
    teller.act(
        "social", case_id, "missing_person", "report", risk="high",
        last_seen="At the gate of the school, about four in the afternoon, with a telephone in her hand.",
        clothing="Green coat, white shoes", risk_details="A man had waited for her twice this week.",
    )  # fmt: skip
    teller.act(
        "social", case_id, "missing_person", "inform_police", police=teller.organisation("police"),
        identity_set=["name", "sex", "nationality", "languages", "description"], basis="child_protection",
        cross_border="unknown",
    )  # fmt: skip
    teller.act(
        "police", case_id, "break_glass", "request", categories=["FAM"], threat="abduction",
        reason="An aunt is said to live near the border; her name may stand in the file.",
    )  # fmt: skip
    teller.act(  # the first of two: the police have no supervisor here, so data protection gives the second
        "auditor", case_id, "break_glass", "review_ok", looked_at=True,
        finding="Only the aunt’s name was looked at, and the search went that way within the hour.",
    )  # fmt: skip
    return case_id


def is_to_go_home(teller: Teller) -> UUID:
    """Tell of a girl whose grandmother waits for her: nothing is decided, and who will visit her there is agreed."""
    case_id = teller.refer(
        "police", "social", [{"source": "told", "signs": ["ilo.deception"]}],
        age_class="child", consent=None, consent_explained=None, consent_notice=None,
        given_names="Mirela", gender="Feminine", age_from=14, age_to=14, nationalities=["MD"], language="ro",
    )  # fmt: skip
    teller.act("social", case_id, "referral", "accept")
    guardian = teller.user("guardian").id
    teller.act(
        "social", case_id, "guardian", "name_provisional", provisional_user=guardian, from_on=teller.today()
    )
    teller.act(
        "social", case_id, "post_return_monitoring", "plan", monitor_kind="authority",
        monitor="Child protection, Balti", schedule_agreed=True, report_form="written", guardian_heard=True,
        childs_contact="Her aunt Elena, who has a telephone; and the children’s line, in Romanian",
    )  # fmt: skip
    return case_id
