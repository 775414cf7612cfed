"""What became of the changes is counted rightly; the changes themselves are made by a command of their own."""

from benchmarks.mutation import draw, figures, unnoticed

TRIED = {
    "app.safeguards.vault.cipher.x_one__mutmut_1": 1,
    "app.safeguards.vault.cipher.x_one__mutmut_2": 0,
    "app.safeguards.ledger.note.x_two__mutmut_1": 36,
    "app.safeguards.access.x_three__mutmut_1": 33,
}


def test_what_failed_or_ran_for_ever_was_noticed_and_what_no_test_reaches_was_not():
    assert next(each.row()[2] for each in figures(TRIED)) == "50.0 %"
    assert {each.what: each.reached for each in figures(TRIED)}["mutation: vault, of 2"] == 50
    assert unnoticed(TRIED) == [
        "app.safeguards.vault.cipher.x_one__mutmut_2", "app.safeguards.access.x_three__mutmut_1",
    ]  # fmt: skip


def test_the_same_sample_is_drawn_each_time():
    names = [str(each) for each in range(50)]
    assert draw(names, 10) == draw(names, 10)
    assert len(set(draw(names, 10))) == 10
    assert draw(names, 100) == sorted(names)
