"""Every role is confirmed every so often, by somebody else; what nobody confirms rests, no lead unannounced."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import UserAccount
from app.jobs.resting import rest
from app.kit.clock import HeldClock
from app.kit.ids import new_id
from app.oversight.models import RoleReview
from app.safeguards.work import Work
from tests.fixtures.service import As, Browser, Enter

Jobs = Callable[[], AbstractContextManager[Work]]


def urgent(who: Browser, part: str) -> int:
    told = who.json("GET", "/api/work")
    return len([each for each in (*told["urgent"], *told["notices"]) if part in each["words"]])


def test_what_nobody_confirms_rests_and_no_lead_unannounced(
    sheltered: UUID, enter: Enter, acting: As, clock: HeldClock, jobs: Jobs
) -> None:
    def is_open(key: str) -> bool:
        with acting(key) as work:
            return work.session.get_one(UserAccount, work.actor.user_id).disabled_at is None

    assert rest(jobs) == 0
    clock.move(timedelta(days=91))
    assert rest(jobs) == rest(jobs) == 0
    boss, chief = enter("supervisor3"), enter("administrator")
    assert urgent(boss, "Roles are to be confirmed") == urgent(chief, "Roles are to be confirmed") == 1
    held = {each["who"]: each for each in boss.json("GET", "/api/oversight/roles")}
    assert held.keys() == {"Sofia Lund", "Stefan Ruiz"}
    assert held["Sofia Lund"]["overdue"]
    boss.json(
        "POST", f"/api/oversight/roles/{held['Stefan Ruiz']['user_id']}/confirm", status=404
    )  # nobody their own
    everybody = {each["who"]: each for each in chief.json("GET", "/api/oversight/roles")}
    boss.json("POST", f"/api/oversight/roles/{everybody['Nadia Okoye']['user_id']}/end", status=404)
    enter("ngo").json("GET", "/api/oversight/roles", status=404)
    boss.get("/oversight/roles")
    boss.follow(boss.send(action=f"{held['Sofia Lund']['user_id']}/confirm"))
    for who in ("Stefan Ruiz", "Ulla Berg"):
        chief.json("POST", f"/api/oversight/roles/{everybody[who]['user_id']}/confirm")
    with acting("supervisor") as work:  # a confirmation that was written past the service confirms nothing
        forged = {"user_id": UUID(everybody["Omar Diallo"]["user_id"]), "confirmed_at": clock.now()}
        work.session.add(RoleReview(id=new_id(), confirmed_by=work.actor.user_id, stamp=b"forged", **forged))
        work.commit()
    clock.move(timedelta(days=14))
    assert rest(jobs) > 5
    assert is_open("ngo")  # she leads a case: first those who can hand it over are told
    assert urgent(enter("supervisor"), "its holder leads cases") == 1
    assert [is_open(each) for each in ("social", "police2", "administrator", "ngo2")] == [
        True,
        False,
        True,
        False,
    ]
    clock.move(timedelta(days=14))
    rest(jobs)
    assert not is_open("ngo")
    assert is_open("social")
    clock.move(timedelta(days=80))
    rest(jobs)
    assert is_open("administrator")  # the last one stays, to let people in again


def test_a_role_is_ended_soon_after_signing_in_and_the_next_request_finds_nobody(
    enter: Enter, acting: As, clock: HeldClock
) -> None:
    boss, worker = enter("supervisor"), enter("ngo")
    with acting("ngo") as work:
        path = f"/oversight/roles/{work.actor.user_id}/end"
    clock.move(timedelta(minutes=6))
    boss.json("POST", f"/api{path}", status=401)
    again = enter("supervisor")
    again.get("/oversight/roles")
    again.send(action=path)
    worker.get("/", 303)
    with acting("auditor") as work:
        held = work.session.scalars(
            select(UserAccount.disabled_at).where(UserAccount.name == "Nadia Okoye")
        ).one()
    assert held == clock.now()
