"""What must hold for every role, category, standing and act there is."""

from functools import cache
from itertools import combinations

import pytest

from app.safeguards.matrix import MATRIX, RANK, Standing, decide
from app.safeguards.words import Category, Level, Relation, Role

CONTENT = (Level.READ, Level.WRITE)
NEVER_PLACE = "POL LAB IMM CON NCR HOT HEA ADM CAU BIP"
SETS = [frozenset(each) for size in range(3) for each in combinations(Relation, size)] + [frozenset(Relation)]


def standings(category):
    """Every set of up to two relations, and all of them, with and without all that may come with them."""
    for relations in SETS:
        for lent in (frozenset(), frozenset({category})):
            for timed, glass in ((False, frozenset()), (True, frozenset()), (True, frozenset({category}))):
                yield Standing(relations, lent, timed, glass)


@cache
def everything(role):
    """Every (category, standing, own, decision) of a role."""
    return [
        (category, standing, own, decide.__wrapped__(role, category, "read", standing, own))
        for category in Category
        for standing in standings(category)
        for own in (False, True)
    ]


@pytest.mark.parametrize("role", NEVER_PLACE.split())
def test_these_roles_never_learn_a_place(role):
    found = {each.level for category, _, _, each in everything(Role(role)) if category is Category.LOC}
    assert found == {Level.NOTHING}


@pytest.mark.parametrize("role", Role)
def test_a_place_is_read_only_by_whom_the_invariant_names(role):
    named = {
        Role.NGO: {Relation.LEAD},
        Role.SOC: {Relation.LEAD},
        Role.SHE: {Relation.SHELTER},
        Role.GUA: {Relation.GUARDIAN},
        Role.VIC: set(Relation),
    }
    for category, standing, own, decision in everything(role):
        if category is Category.LOC and decision.level in CONTENT:
            assert standing.relations & named[role], (standing, own)


@pytest.mark.parametrize("role", [Role.ADM, Role.NCR, Role.SYS])
def test_these_roles_get_nothing_of_a_case(role):
    assert {decision.level for *_, decision in everything(role)} == {Level.NOTHING}


def test_immigration_never_reads_what_others_wrote_of_exploitation_or_work():
    for category, _standing, own, decision in everything(Role.IMM):
        if category in (Category.EXP, Category.LAB) and not own:
            assert decision.level not in CONTENT


@pytest.mark.parametrize("role", Role)
def test_without_a_relation_nothing(role):
    for category, standing, _own, decision in everything(role):
        if not standing.relations and role not in (Role.AUD, Role.DPO):
            assert decision.level is Level.NOTHING, category


@pytest.mark.parametrize("role", [Role.AUD, Role.DPO])
def test_oversight_by_office_reads_the_consents_and_no_content_whatever_else_is_given(role):
    for category, _standing, _own, decision in everything(role):
        assert (decision.level in CONTENT) == (category is Category.CNS)
        assert decision.level is not Level.WRITE


@pytest.mark.parametrize("role", Role)
def test_consent_that_ends_closes_what_rested_on_it(role):
    for category, standing, own, decision in everything(role):
        cell = MATRIX.cell(role, category)
        grant = cell.own if own else cell.foreign
        glass = standing.emergency and Relation.EMERGENCY in standing.relations
        if "c" in grant.qualifiers and category not in standing.lent and not own and not glass:
            assert decision.level is Level.NOTHING, (category, standing)


@pytest.mark.parametrize("role", Role)
def test_statistics_are_no_way_into_a_case(role):
    for category, _standing, own, decision in everything(role):
        if category is Category.STA and not own:
            assert decision.level is Level.NOTHING


@pytest.mark.parametrize("role", Role)
def test_nothing_goes_beyond_the_cell_but_own_contributions_and_broken_glass(role):
    for category, standing, own, decision in everything(role):
        cell = MATRIX.cell(role, category)
        most = RANK[(cell.own if own else cell.foreign).level]
        if own or (standing.emergency and Relation.EMERGENCY in standing.relations):
            most = max(most, RANK[Level.READ])
        assert RANK[decision.level] <= most


@pytest.mark.parametrize("role", Role)
def test_who_was_only_asked_reads_nothing_but_the_least_of_the_plan(role):
    asked = frozenset({Relation.RECIPIENT, Relation.SHELTER_ASKED})
    for category, standing, own, decision in everything(role):
        if standing.relations and standing.relations <= asked and not own and decision.level in CONTENT:
            assert role in (Role.AUD, Role.DPO) or (category is Category.SVC and decision.minimised)
            assert decision.level is Level.READ


@pytest.mark.parametrize("role", Role)
def test_more_standing_never_shows_less_content(role):
    """Joining a team, being lent a category or breaking the glass never takes away what one could read."""
    known = {(category, standing, own): decision for category, standing, own, decision in everything(role)}
    for (category, standing, own), decision in known.items():
        for relation in Relation:
            more = Standing(
                standing.relations | {relation}, standing.lent, standing.timed_reason, standing.emergency
            )
            wider = known.get((category, more, own))
            if wider and decision.level in CONTENT:
                assert wider.level in CONTENT
                assert decision.minimised or not wider.minimised


@pytest.mark.parametrize("role", Role)
def test_open_asylum_shuts_out_the_consulate_and_changes_nothing_for_others(role):
    for category in Category:
        for standing in standings(category):
            if role is not Role.CON and len(standing.relations) > 1:
                continue
            shut = Standing(
                standing.relations, standing.lent, standing.timed_reason, standing.emergency, True
            )
            for own in (False, True):
                decision = decide.__wrapped__(role, category, "read", shut, own)
                if role is Role.CON:
                    assert decision.level is Level.NOTHING
                else:
                    assert decision == decide.__wrapped__(role, category, "read", standing, own)
