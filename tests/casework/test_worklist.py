"""My work: in order of harm, each with one next act, in queries that do not grow with the cases."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from app.casework.queries import case_page
from app.casework.worklist import worklist
from app.demo import stories
from app.notices import queries as notices
from app.notices.service import alert
from app.referrals import service as referrals
from app.safeguards.words import Role


def mine(acting, who):
    with acting(who) as work:
        return worklist(work)


def test_a_case_stands_in_one_list_and_is_carried_only_once_it_was_accepted(waiting, acting, teller, clock):
    clock.move(timedelta(days=2))
    before = mine(acting, "ngo2")
    assert [(each.case_id, each.due.overdue) for each in before.to_answer] == [(waiting, True)]
    assert (before.overdue, before.soon, before.notices, before.cases) == ((), (), (), ())
    teller.act("ngo2", waiting, "referral", "accept")
    after = mine(acting, "ngo2")
    assert [each.id for each in after.cases] == [waiting]
    pressing = [each.case_id for each in (*after.overdue, *after.soon)]
    assert (after.to_answer, pressing) == ((), [waiting])


def test_somebody_missing_comes_before_whatever_is_late(sheltered, teller, acting, clock, enter):
    clock.move(timedelta(days=2))
    assert [each.act.step for each in mine(acting, "ngo").overdue] == ["start"]
    teller.act("ngo", sheltered, "missing_person", "report", last_seen=clock.now().isoformat())
    found = mine(acting, "ngo")
    assert [(each.case_id, each.act.step) for each in found.missing] == [(sheltered, "inform_police")]
    assert found.overdue == ()
    assert "Safety and what is needed at once" in {
        each.label for each in (found.missing[0].due, *found.missing[0].due.also)
    }
    browser = enter("ngo")
    browser.get("/")
    assert browser.text.index("Reported missing") < browser.text.index("My cases")
    with acting("ngo") as work:
        assert case_page(work, sheltered).safety.code == "missing"


def test_a_clock_is_due_then_overdue(sheltered, acting, clock):
    assert next(each.label for each in mine(acting, "ngo").soon) == "Safety and what is needed at once"
    clock.move(timedelta(days=2))
    found = mine(acting, "ngo")
    assert [each.label for each in found.overdue] == ["Safety and what is needed at once"]
    assert found.overdue[0].days_left == -1


def test_who_is_asked_answers_and_who_sent_waits(waiting, acting):
    asked = mine(acting, "ngo2").to_answer
    assert [each.case_id for each in asked] == [waiting]
    sent = mine(acting, "police")
    assert (sent.to_answer, sent.overdue, sent.soon) == ((), (), ())
    assert sent.cases[0].states == ("Referral: Sent",)


def test_drafts_wait_for_their_writer_alone(runtime, acting):
    with acting("police") as work:
        case_id, _track = referrals.begin_referral(work)
        work.commit()
    assert [each.case_id for each in mine(acting, "police").drafts] == [case_id]
    assert mine(acting, "police").cases == ()
    assert mine(acting, "police2").is_empty


def test_a_supervisor_sees_how_the_cases_stand_without_reading_them(sheltered, acting, ledger):
    before = len(ledger(sheltered))
    (line,) = mine(acting, "supervisor").supervised
    assert line.id == sheltered
    assert "Shelter placement: Housed" in line.states
    assert len(ledger(sheltered)) == before
    assert mine(acting, "supervisor3").supervised == ()


def test_a_notice_is_taken_off_the_list_by_those_it_waits_for(sheltered, enter, acting):
    (first, *rest) = mine(acting, "ngo").notices
    enter("ngo2").post(f"/notices/{first.id}/done", {}, 404)
    enter("ngo").post(f"/notices/{first.id}/done", {})
    assert [each.id for each in mine(acting, "ngo").notices] == [each.id for each in rest]


def test_what_is_said_again_of_a_case_is_one_line_that_leads_to_where_its_reader_may_go(
    sheltered, jobs, enter, acting
):
    with jobs() as work:
        for _number in range(3):
            alert(work, sheltered, "A clock has run out", role=Role.SUP, urgent=True)
        work.commit()
    (line,) = mine(acting, "supervisor").urgent
    assert (line.times, line.reasoned) == (3, True)
    browser = enter("supervisor")
    browser.get("/")
    assert f"/cases/{sheltered}/oversight" in browser.page.xpath("//li//a/@href")
    assert "(3 times)" in browser.text
    browser.post(f"/notices/{line.id}/done", {}, 303)
    assert mine(acting, "supervisor").urgent == ()


def test_what_asked_for_an_answer_is_dealt_with_by_the_answer(waiting, teller, acting):
    assert [each.case_id for each in mine(acting, "ngo2").to_answer] == [waiting]
    with acting("ngo2") as work:
        assert "A referral waits for your answer" in {each.kind for each in notices.waiting(work, [waiting])}
    teller.act("ngo2", waiting, "referral", "accept")
    after = mine(acting, "ngo2")
    assert "A referral waits for your answer" not in {each.words for each in (*after.urgent, *after.notices)}
    assert "Your referral was accepted" in {each.words for each in mine(acting, "police").notices}


def test_that_nobody_acts_for_a_child_is_not_settled_by_taking_the_referral(teller, acting):
    child = dict.fromkeys(("consent", "consent_explained", "consent_notice"))
    case_id = teller.refer(
        "police", "social", [{"source": "seen", "signs": ["ilo.debt"]}], age_class="child", **child
    )
    teller.act("social", case_id, "referral", "accept")
    after = mine(acting, "social")
    assert "A child needs somebody who acts for them" in {
        each.words for each in (*after.urgent, *after.notices)
    }


@pytest.mark.parametrize("who", ["auditor", "administrator", "coordinator"])
def test_who_carries_no_case_has_a_quiet_page(sheltered, enter, who):
    browser = enter(who)
    browser.get("/")
    assert "Nothing waits for you" in browser.text
    browser.get(
        f"/cases/{sheltered}", 200 if who == "auditor" else 404
    )  # by office: what exists, and no more


def test_more_cases_take_no_more_queries(teller, acting, runtime):
    asked = []

    def heard(*said):
        asked.append(said[2])

    def count():
        with acting("ngo") as work:
            asked.clear()
            worklist(work)
            return len(asked)

    event.listen(runtime.engine, "before_cursor_execute", heard)
    stories.sheltered(teller)
    one = count()
    for _time in range(2):
        teller.refer("police", "ngo", [{"source": "seen", "signs": ["ilo.debt"]}])
    assert count() == one
    event.remove(runtime.engine, "before_cursor_execute", heard)


def test_my_work_is_one_page_for_everybody(sheltered, enter):
    for who in ("police", "ngo", "shelter", "authority", "supervisor", "social", "guardian"):
        enter(who).get("/")
