"""How long each table is kept stands on one page, and the numbers on it are those of the code."""

import re
from datetime import timedelta

import app.tables  # noqa: F401 -- makes every table known
from app.accounts import challenges, clients, invitations, limits, oidc, proofs
from app.jobs import send, tidy
from app.kit.database import Base
from app.notices.telling import HOLDS
from app.safeguards.vault.backup import KEPT
from app.settings import Settings
from tests.house.source import ROOT

PAGE = (ROOT / "docs" / "retention.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.split("|")[1:-1]] for line in PAGE.splitlines() if line.startswith("| ")
][1:]
ENDS = {row[0]: row[2] for row in ROWS}


def test_every_table_has_its_class() -> None:
    named = [name for row in ROWS if row[0] != "drafts" for name in re.findall(r"`([\w.]+)`", row[1])]
    assert len(named) == len(set(named))
    assert set(Base.metadata.tables) <= set(named)
    assert all(row[2] and row[3] for row in ROWS)


def test_what_ends_ends_as_it_is_written() -> None:
    day = timedelta(days=1)
    assert [each.GOOD_FOR for each in (challenges, oidc, clients)] == [
        timedelta(minutes=each) for each in (5, 5, 10)
    ]
    assert timedelta(minutes=10) == limits.WITHIN
    assert ENDS["signing in"] == "after 5 minutes, 5 minutes, 10 minutes (proofs of programs: 2), 10 minutes"
    assert timedelta(minutes=2) == 2 * proofs.FRESH
    for title, span in {
        "typed into a session that ended": tidy.TEXT_KEPT,
        "counts of what was opened and asked": tidy.TEXT_KEPT,
        "sessions": tidy.KEPT,
        "answers to repeated sends": tidy.KEPT,
        "what people heard of how they sign in": tidy.NEWS_KEPT,
    }.items():
        assert ("a day" if span == day else f"{span.days} days") in ENDS[title], title
    assert (
        f"after {HOLDS.days} days at the latest; that it was: {send.KEPT.days} days"
        in ENDS["messages to her"]
    )
    assert f"wrapped keys: {KEPT.days} days at most" in ENDS["backups"]
    assert f"after {Settings.model_fields['ledger_years'].default} years" in ENDS["ledger"]
    people = ENDS["people who work with the service"]
    assert f"rests after {Settings.model_fields['role_review_days'].default} days" in people
    assert f"invitations after {invitations.GOOD_FOR // timedelta(hours=1)} hours" in people
