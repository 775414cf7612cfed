"""What became of the changes is counted rightly; the changes themselves are made by a command of their own."""

from benchmarks.mutation import BUDGET, believed, chosen, draw, figures, reaching, unnoticed

TRIED = {
    "app.safeguards.vault.cipher.x_one__mutmut_1": "tests/vault/test_cipher.py::test_one",
    "app.safeguards.vault.cipher.x_one__mutmut_2": "",
    "app.safeguards.ledger.note.x_two__mutmut_1": "ran for ever",
    "app.safeguards.access.x_three__mutmut_1": "died",
}
REACHED = {
    "tests": {
        "app.safeguards.vault.cipher.x_one": ["quick", "slow", "slowest"],
        "app.safeguards.vault.cipher.x_two": ["other"],
        "app.safeguards.vault.ciphers.x_three": ["another"],
    },
    "seconds": {"quick": 1, "other": 1, "another": 1, "slow": BUDGET - 3, "slowest": BUDGET - 2},
    "order": ["another", "other", "quick", "slow", "slowest"],
}


def test_what_failed_or_ran_for_ever_was_noticed_and_what_no_test_noticed_or_what_died_was_not():
    assert next(each.row()[2] for each in figures(TRIED)) == "50.0 %"
    assert {each.what: each.reached for each in figures(TRIED)}["mutation: vault, of 2"] == 50
    assert unnoticed(TRIED) == [
        "app.safeguards.vault.cipher.x_one__mutmut_2", "app.safeguards.access.x_three__mutmut_1",
    ]  # fmt: skip


def test_the_same_sample_is_drawn_each_time():
    names = [str(each) for each in range(50)]
    assert draw(names, 10) == draw(names, 10)
    assert draw(names, 10) != draw(names, 10, seed=6)
    assert len(set(draw(names, 10))) == 10
    assert draw(names, 100) == sorted(names)


def test_one_may_look_at_one_room_or_one_module():
    assert [each for each in TRIED if chosen(each, ["vault.*", "ledger.*"])] == list(TRIED)[:3]
    assert [each for each in TRIED if chosen(each, ["ledger.note.*"])] == [list(TRIED)[2]]
    assert [each for each in TRIED if chosen(each, ["*"])] == list(TRIED)


def test_the_tests_that_reach_a_function_are_tried_as_far_as_the_budget_goes():
    changed = "app.safeguards.vault.cipher.x_one__mutmut_2"
    assert reaching(changed, REACHED, loading=False) == ["quick", "slow"]
    assert reaching(changed, REACHED, loading=True) == ["other", "quick", "slow"]
    assert reaching("app.safeguards.access.x_three__mutmut_1", REACHED, loading=False) == []


def test_who_fails_where_nothing_is_changed_noticed_nothing():
    tried = {"a": "slow", "b": "quick", "c": "quick", "d": "", "e": "ran for ever"}
    asked = []

    def run(plan, _reached):
        asked.append(plan[""])
        return {"": "quick" if "quick" in plan[""] else ""}

    assert believed(tried, REACHED, run) == {"a": "slow", "b": "", "c": "", "d": "", "e": "ran for ever"}
    assert asked == [["quick", "slow"], ["slow"]]
