"""What outlasts a stolen session is given only to whoever signed in just now."""

from datetime import timedelta


def test_ledger_and_certificates_are_not_taken_away_by_a_session_left_open(enter, clock):
    auditor = enter("auditor")
    clock.move(timedelta(minutes=6))
    for path in ("/oversight/ledger", "/oversight/erasures"):
        auditor.post(path, {}, 401)
        auditor.json("POST", f"/api{path}", status=401)
