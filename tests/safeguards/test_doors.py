"""The access list itself: who it says may knock, and what is no list."""

from pathlib import Path

import pytest

from app.safeguards import doors
from app.safeguards.doors import ALWAYS, WHEN_LENDING, AccessList, Entry, Unlisted
from app.safeguards.words import Role

LINES = """
start: {who: public, purpose: sign-in}
work: {who: signed_in, purpose: assistance, fresh: lending}
ledger: {who: [AUD, DPO], purpose: oversight, fresh: always}
"""


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "doors.yaml"
    monkeypatch.setattr(doors, "LIST", path)
    path.write_text(LINES, "utf-8")
    return path


@pytest.mark.usefixtures("listed")
def test_a_line_says_who_may_knock_and_for_what_purpose() -> None:
    known = AccessList()
    known.add_step("step", [Role.NGO], "referral")
    known.add_step("anybody's", iter(()), "referral")
    assert known.entries == {
        "start": Entry("sign-in", public=True),
        "work": Entry("assistance", public=False, fresh=WHEN_LENDING),
        "ledger": Entry("oversight", public=False, fresh=ALWAYS, roles=frozenset({Role.AUD, Role.DPO})),
        "step": Entry("referral", fresh=WHEN_LENDING, roles=frozenset({Role.NGO})),
        "anybody's": Entry("referral", fresh=WHEN_LENDING),
    }
    assert not Entry("x").public
    assert known.entries["ledger"].admits(Role.AUD)
    assert not known.entries["ledger"].admits(Role.NGO)
    assert all(known.entries["work"].admits(role) for role in Role)


@pytest.mark.parametrize("who", ["everybody", "PUBLIC", "{AUD: true}", "''"])
def test_a_line_that_says_neither_is_refused_by_name(listed: Path, who: str) -> None:
    listed.write_text(f"{LINES}side.door: {{who: {who}, purpose: none}}", "utf-8")
    with pytest.raises(Unlisted, match=r"^side\.door: who is .*; say public, signed_in or a list of roles$"):
        AccessList()


@pytest.mark.parametrize("fresh", ["sometimes", "ALWAYS", "''", "true"])
def test_a_line_that_asks_otherwise_for_a_new_sign_in_is_refused(listed: Path, fresh: str) -> None:
    listed.write_text(f"{LINES}side.door: {{who: public, purpose: none, fresh: {fresh}}}", "utf-8")
    said = r"^side\.door: fresh is .*; say always or lending, or leave it out$"
    with pytest.raises(Unlisted, match=said):
        AccessList()


def test_a_role_that_there_is_not_is_refused(listed: Path) -> None:
    listed.write_text("side.door: {who: [AUD, KING], purpose: none}", "utf-8")
    with pytest.raises(ValueError, match="KING"):
        AccessList()


@pytest.mark.usefixtures("listed")
def test_doors_and_lines_are_the_same_or_the_difference_is_said() -> None:
    known = AccessList()
    known.compare(iter(("work", "start", "ledger")))
    with pytest.raises(Unlisted, match=r"^doors without a line: \['a', 'b'\]; lines without a door: \[\]$"):
        known.compare(["work", "b", "start", "ledger", "a"])
    with pytest.raises(
        Unlisted, match=r"^doors without a line: \[\]; lines without a door: \['ledger', 'start'\]$"
    ):
        known.compare(["work"])
    with pytest.raises(Unlisted, match=r"^no door was found at all: the walk over the routes is broken$"):
        known.compare([])
