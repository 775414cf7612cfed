"""One door for the pages of every step: asked, bound, refused, in conflict, done once."""

from dataclasses import replace
from uuid import UUID

import pytest

from app.casework.asking import Asked
from app.casework.models import CaseTrack
from app.casework.offered import THE_TIMERS, first_typed, fitting, must_answer, unanswered
from app.demo import stories
from app.kit.clock import local_day
from app.profiles.profile import load
from app.safeguards.words import Role
from app.tracks import TRACKS
from tests.procedure.scene import Scene

ASKED = {
    "purpose": "share_health", "categories": "ID", "language": "ro", "capacity_note": "Rested",
    **dict.fromkeys(stories.INFORMED, "yes"),
}  # fmt: skip


def ask(browser, case_id, teller, **changed):
    with stories.as_persona(teller.runtime, "ngo") as work:
        recipient = str(teller.house(work, "social"))
    browser.get(f"/cases/{case_id}/open/consent/ask")
    return browser.send(**{**ASKED, "recipients": recipient, **changed})


def test_a_step_is_taken_on_a_page_and_the_case_says_so(sheltered, enter, teller, track_of):
    browser = enter("ngo")
    browser.follow(ask(browser, sheltered, teller))
    assert "Done: Ask for consent" in browser.text
    assert track_of(sheltered, "consent").state == "asked"


def test_what_was_typed_stays_when_something_is_missing(sheltered, enter, teller):
    browser = enter("ngo")
    browser.get(f"/cases/{sheltered}/open/consent/ask")
    browser.send(422, capacity_note="Rested and alone with me")
    assert "There is a problem" in browser.text
    assert "Rested and alone with me" in browser.text
    assert browser.page.xpath("//a[@href='#f-purpose']")


def test_the_same_send_twice_does_it_once(sheltered, enter, teller, ledger):
    browser = enter("ngo")
    with stories.as_persona(teller.runtime, "ngo") as work:
        recipient = str(teller.house(work, "social"))
    browser.get(f"/cases/{sheltered}/open/consent/ask")
    data = {**browser.filled(browser.form()), **ASKED, "recipients": recipient}
    first, second = (browser.post(browser.path, data) for _time in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert [each["step"] for each in ledger(sheltered, "step")].count(
        "ask"
    ) == 2  # one in the story, one here


def test_a_blocked_step_says_which_rule_and_what_would_unblock_it(sheltered, enter):
    browser = enter("ngo")
    browser.get(f"/cases/{sheltered}/open/guardian/open")
    assert "Not possible now" in browser.text
    assert "What would unblock it" in browser.text
    assert "CETS 197" in browser.text
    assert not browser.page.xpath("//main//form")
    browser.get(f"/cases/{sheltered}")
    assert "The person is an adult and acts without a guardian" in browser.text


def test_a_refusal_after_sending_keeps_what_was_typed_and_is_recorded(
    sheltered, enter, teller, track_of, ledger
):
    browser = enter("ngo")
    ask(browser, sheltered, teller)
    consent = track_of(sheltered, "consent")
    browser.get(f"/cases/{sheltered}/tracks/{consent.id}/give")
    browser.send(
        409, given_by="guardian", method="written", evidence="signed_form", evidence_reference="F-99"
    )
    assert "INV-17" in browser.text
    assert "CETS 197 art. 12(7)" in browser.text
    assert "Nobody consents in the place of an adult" in browser.text
    assert browser.page.xpath("//input[@name='evidence_reference']/@value") == ["F-99"]
    assert track_of(sheltered, "consent").version == 1
    (refused,) = ledger(sheltered, "refuse")
    assert refused["rules"] == ["INV-17"]


def test_two_at_once_see_both_versions_and_lose_nothing(sheltered, enter, teller, track_of):
    consent = track_of(sheltered, "consent")
    one, other = enter("ngo"), enter("ngo")
    path = f"/cases/{sheltered}/tracks/{consent.id}/withdraw"
    one.get(path)
    other.get(path)
    day = {
        "withdrawn_on-day": "2",
        "withdrawn_on-month": "3",
        "withdrawn_on-year": "2026",
        "scope": "everything",
    }
    other.post(path, {**other.filled(other.form()), **day})
    one.post(path, {**one.filled(one.form()), **day}, 409)
    assert "Somebody else was here in the meantime" in one.text
    assert "recorded that consent was taken back" in one.text
    assert "2 March 2026" in one.text
    assert "The step is not possible any more" in one.text


def test_a_consent_is_replaced_by_one_that_is_read_before(sheltered, enter, teller, track_of):
    old = track_of(sheltered, "consent")
    browser = enter("ngo")
    browser.get(f"/cases/{sheltered}/tracks/{old.id}/replace")
    assert "ask for it, and record that it is given" in browser.text
    teller.wait(minutes=1)
    browser.follow(ask(browser, sheltered, teller))
    teller.act(
        "ngo", sheltered, "consent", "give", given_by="self", method="written", evidence="signed_form",
        evidence_reference="F-20",
    )  # fmt: skip
    browser.get(f"/cases/{sheltered}/tracks/{old.id}/replace")
    assert (
        "Sharing with health services, for Social Services of the Lake District: identity, until"
        in browser.text
    )
    assert not browser.page.xpath("//input[@name='new_consent' and @checked]")
    new = browser.page.xpath("//input[@name='new_consent']/@value")
    browser.follow(browser.send(new_consent=new[0]))
    assert "Done: Replace by a new consent" in browser.text


def test_a_stale_form_that_still_fits_can_be_sent_again(sheltered, enter, teller, track_of):
    case = track_of(sheltered, "case")
    path = f"/cases/{sheltered}/tracks/{case.id}/request_closure"
    told = {
        "closure_reason": "goals_reached", "summary": "All is done", "victim_view": "She agrees",
        "knows_contact": "declined", "claims_run": "no",
    }  # fmt: skip
    browser, other = enter("ngo"), enter("ngo")
    browser.get(path)
    held = {**browser.filled(browser.form()), **told}
    teller.act("ngo", sheltered, "case", "reduce", reason="stable", next_contact_on="2026-04-01")
    browser.post(path, held, 409)
    assert "Send it all the same" in browser.text
    browser.follow(browser.send())
    assert "Closure asked for" in browser.text
    other.get(f"/cases/{sheltered}")
    assert "Closure asked for" in other.text


def test_a_send_without_its_version_is_not_guessed(sheltered, enter, track_of):
    consent = track_of(sheltered, "consent")
    browser = enter("ngo")
    path = f"/cases/{sheltered}/tracks/{consent.id}/withdraw"
    browser.get(path)
    data = browser.filled(browser.form())
    del data["version"]
    browser.post(
        path,
        {
            **data,
            "withdrawn_on-day": "2",
            "withdrawn_on-month": "3",
            "withdrawn_on-year": "2026",
            "scope": "everything",
        },
        422,
    )
    assert track_of(sheltered, "consent").state == "given"


def test_who_declines_goes_home(waiting, enter, track_of):
    referral = track_of(waiting, "referral", "police")
    browser = enter("ngo2")
    browser.get(f"/cases/{waiting}/tracks/{referral.id}/decline")
    with_other = browser.page.xpath("//select[@name='alternative_organisation_id']/option/@value")[1]
    answer = browser.send(decline_code="no_capacity", alternative_organisation_id=with_other)
    assert answer.headers["location"] == "/"
    browser.get(f"/cases/{waiting}", 404)


def test_a_step_of_a_journey_or_of_another_case_is_not_here(sheltered, waiting, enter, track_of):
    browser = enter("ngo")
    other = track_of(waiting, "referral", "police")
    browser.get(f"/cases/{sheltered}/tracks/{other.id}/accept", 404)
    browser.get(f"/cases/{sheltered}/open/referral/create", 404)
    browser.get(f"/cases/{sheltered}/open/nothing/ask", 404)


def test_every_step_that_is_offered_can_be_opened_as_a_page(sheltered, enter):
    for who in ("ngo", "shelter", "authority", "police"):
        browser = enter(who)
        browser.get(f"/cases/{sheltered}")
        links = {
            each for each in browser.page.xpath("//main//a/@href") if "/tracks/" in each or "/open/" in each
        }
        assert links
        for link in sorted(links):
            browser.get(link)


def test_places_and_people_are_offered_by_code_and_name(waiting, enter, teller, track_of):
    teller.act("ngo2", waiting, "referral", "accept")
    with stories.as_persona(teller.runtime, "ngo2") as work:
        house = teller.house(work, "shelter")
    teller.act(
        "ngo2", waiting, "shelter_placement", "request", house="women", age="adult", urgency="today",
        security="high", language="en", shelters_asked=[house],
    )  # fmt: skip
    placement: CaseTrack = track_of(waiting, "shelter_placement", "ngo2")
    browser = enter("shelter")
    browser.get("/")
    assert "Waits for your answer" in browser.text
    browser.get(f"/cases/{waiting}/tracks/{placement.id}/offer")
    assert len(browser.page.xpath("//select[@name='place_id']/option")) > 1
    assert "Adaeze" not in browser.text


def test_a_question_offers_whom_it_can_mean_and_begins_with_what_is_likely(sheltered, track_of, enter, clock):
    path = f"/cases/{sheltered}/tracks/{track_of(sheltered, 'identification').id}/find_reasonable_grounds"
    authority = enter("authority")
    authority.get(path)
    form = authority.form()
    assert form.xpath("count(.//input[@name='deciders'])") == 1
    assert form.xpath("count(.//input[@name='deciders'][@checked])") == 1
    day = local_day(clock.now(), "Europe/Vienna")
    ngo = enter("ngo")
    ngo.get(f"/cases/{sheltered}/tracks/{track_of(sheltered, 'consent').id}/withdraw")
    said = {each.get("name"): each.get("value") for each in ngo.form().xpath(".//input")}
    assert said["withdrawn_on-day"] == str(day.day)
    ngo.get(f"/cases/{sheltered}/open/consent/ask")
    asked = (
        ngo.form().xpath("count(.//input[@name='recipients'])"),
        ngo.form().xpath("count(.//input[@checked])"),
    )
    assert asked[0] > 1
    assert asked[1] == 0


@pytest.mark.parametrize(("country", "currency"), [("coe-floor", "EUR"), ("uk", "GBP"), ("no", "NOK")])
def test_a_sum_begins_in_the_money_of_the_country(country, currency):
    claim, facts = TRACKS["compensation_claim"], replace(Scene().facts(), profile=load(country))
    asked = Asked(UUID(int=0), None, claim, claim.step("assess"), facts)
    assert first_typed(asked, {})["currency"] == currency


@pytest.mark.parametrize(("slug", "step"), THE_TIMERS)
def test_what_only_the_rule_engine_may_leave_open_is_asked_of_people(slug, step):
    track, (name,) = TRACKS[slug], THE_TIMERS[slug, step]
    taken = next(each for each in track.steps if each.name == step and Role.SYS in each.by)
    asked = Asked(UUID(int=0), None, track, taken, Scene().facts())
    assert name not in first_typed(asked, {})
    assert name in must_answer(asked, {})
    assert [each.field for each in unanswered(asked, {name: ""})] == [name]
    assert not unanswered(asked, {name: "x"})


def test_where_no_consent_carries_a_disclosure_another_ground_is_asked_for():
    track = TRACKS["identity_document"]
    asked = Asked(UUID(int=0), None, track, track.step("request_document", "needed"), Scene().facts())
    for offered, is_asked in (({"consent": []}, False), ({"consent": [(UUID(int=1), "Sharing")]}, True)):
        assert ("consent" in fitting(asked, offered)) is is_asked
        assert ("legal_basis" in must_answer(asked, offered)) is not is_asked


def test_where_the_law_wants_each_of_a_list_the_list_stands_there(sheltered, track_of, enter, teller):
    teller.act("ngo", sheltered, "inra", "start", interpreter="no", persons_present="Nobody else")
    path = f"/cases/{sheltered}/tracks/{track_of(sheltered, 'inra').id}/complete"
    browser = enter("ngo")
    browser.get(path)
    rows = browser.form().xpath(".//details[.//input[@type='hidden'][contains(@name, 'threats-')]]")
    assert (
        next(" ".join(each.xpath("./summary")[0].text_content().split()) for each in rows) == "Threat to life"
    )
    assert len(rows) == 4
    browser.send(422, **{"threats-0-finding": "Nothing found"})
    assert browser.form().xpath("count(.//details[@open])") == 4  # what is to be corrected stands open
