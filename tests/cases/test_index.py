"""The search index: cut anew while people search, stopped midway and begun again; nothing left of what is shredded."""

import pytest

from app.cases.forms import Search
from app.cases.search import search
from app.demo.stories import Teller
from app.jobs.upkeep import upkeep
from app.safeguards.vault import index

SIGNS = [{"source": "told", "signs": ["ilo.violence"]}]


class Killed(Exception):
    pass


@pytest.fixture
def cases(runtime, clock):
    teller = Teller(runtime, clock)
    names = (("Leila", "Husseini"), ("Oksana", "Bondarenko"))
    found = [teller.refer("police", "ngo", SIGNS, given_names=one, family_names=two, born_on={"year": 1990})
             for one, two in names]  # fmt: skip
    for each in found:
        teller.act("ngo", each, "referral", "accept")
    return found


def test_the_index_is_cut_anew_stopped_midway_and_forgets_what_is_shredded(  # noqa: PLR0917 -- fixtures
    acting, cases, jobs, owner_rows, runtime, clock, monkeypatch
):
    def both_are_found():
        with acting("ngo") as work:
            for name, case_id in (("Layla Hosseini", cases[0]), ("Оксана Бондаренко", cases[1])):
                assert [each.case_id for each in search(work, Search(name=name))] == [case_id]

    def lengths():
        return owner_rows("SELECT DISTINCT bits FROM search_entry ORDER BY 1")

    both_are_found()
    monkeypatch.setattr(index, "BATCH", 1)
    commits = []

    with jobs() as work:

        def killed_after_two():
            work.commit()
            commits.append(1)
            work.begin()
            if len(commits) == 2:
                raise Killed

        with pytest.raises(Killed):
            index.replan(work.session, work.keys, killed_after_two)
    assert lengths() == [(4,), (8,)]
    both_are_found()
    cut, gone = upkeep(jobs)
    assert (cut, gone) == (1, 0)
    assert lengths() == [(4,)]
    assert owner_rows("SELECT before FROM search_plan") == [(None,)]
    both_are_found()
    assert upkeep(jobs) == (0, 0)
    runtime.keys.destroy(
        cases[0], clock.now()
    )  # as after a backup was restored: the tokens stand there still
    with acting("ngo") as work:
        assert search(work, Search(name="Layla Hosseini")) == []
    assert upkeep(jobs) == (0, 1)
    assert owner_rows("SELECT DISTINCT case_id FROM search_token") == [(cases[1],)]


@pytest.mark.usefixtures("cases")
def test_a_token_that_too_many_share_is_not_written_for_one_more(runtime, clock, owner_rows, monkeypatch):
    monkeypatch.setattr(index, "MOST", 1)
    again = Teller(runtime, clock).refer(
        "police", "ngo", SIGNS, given_names="Layla", family_names="Hosseini", born_on={"year": 1990}
    )
    assert owner_rows("SELECT count(*) FROM search_token WHERE case_id = :id", id=again) == [(0,)]
    assert owner_rows("SELECT tokens > 0 FROM search_entry WHERE case_id = :id", id=again) == [(True,)]
