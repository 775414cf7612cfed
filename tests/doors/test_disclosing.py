"""What lends anything of a case to others needs a sign-in of the last minutes; it comes back to be sent, not sent."""

from datetime import timedelta

from app.kit.clock import HeldClock
from app.kit.plain import plain
from tests.doors.knocking import Records
from tests.fixtures.service import As, Enter
from tests.referrals import made

LENT = "SELECT count(*) FROM share"


def test_a_referral_is_sent_only_soon_after_signing_in(
    enter: Enter, acting: As, clock: HeldClock, records: Records
) -> None:
    police = enter("police")
    with acting("ngo") as work:
        whole = plain(made.short(made.organisation(work)))
    [before] = records.values(LENT)
    clock.move(timedelta(minutes=5))
    said = police.json("POST", "/api/referrals", whole, status=401)
    assert said["title"] == "Sign in again to do this"
    assert records.values(LENT) == [before]
    assert records.values("SELECT count(*) FROM track WHERE slug = 'referral'") == [0]
    police.json(
        "POST", "/api/referrals/drafts", {"type": "initial"}, status=201
    )  # writing it down waits for nobody

    enter("police").json("POST", "/api/referrals", whole, status=201)
    assert records.values(LENT)[0] > before
