"""What outlasts a stolen session is given only to whoever signed in just now."""

from datetime import timedelta


def test_ledger_and_certificates_are_not_taken_away_by_a_session_left_open(enter, clock):
    auditor = enter("auditor")
    clock.move(timedelta(minutes=6))
    for path in ("/oversight/ledger", "/oversight/erasures"):
        auditor.post(path, {}, 401)
        auditor.json("POST", f"/api{path}", status=401)


def test_what_was_handed_out_once_is_not_kept_to_be_handed_out_again(enter, clock, runtime):
    """A repeat of an export is a new export: it asks again who signed in when, and stands on the ledger again."""
    auditor = enter("auditor")
    for path in ("/api/oversight/ledger", "/api/oversight/erasures"):
        said = {"X-CSRF-Token": auditor.token, "Idempotency-Key": path}
        assert auditor.client.post(path, headers=said).status_code == 200
        with runtime.engine.connect() as line:
            assert line.exec_driver_sql("SELECT count(*) FROM answered").scalar() == 0
    clock.move(timedelta(minutes=6))
    for path in ("/api/oversight/ledger", "/api/oversight/erasures"):
        said = {"X-CSRF-Token": auditor.token, "Idempotency-Key": path}
        assert auditor.client.post(path, headers=said).status_code == 401
