"""Help depends on no cooperation, and does not wait: read from the source of every rule of assistance.

INV-01 (CETS 197 art. 12(6), Directive 2011/36/EU art. 11(3)), INV-19 and INV-26.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.procedure.declaration import Step, Track
from app.procedure.soundness import forms_in
from app.safeguards.fields import Form, questions
from app.tracks import TRACKS

# None means the whole track; else the steps that are assistance.
ASSISTANCE: dict[str, set[str] | None] = {
    "inra": None,
    "shelter_placement": None,
    "guardian": None,
    "reflection_period": {"grant", "extend"},
    "assistance_service": None,
    "legal_representation": None,
    "witness_protection": {"assess", "request"},
    "bia": None,
    "bid": None,
    "durable_solution": None,
    "post_return_monitoring": None,
}
# Where a list says why help is declined, ended or closed, or why a person was told no.
LISTS_BESIDES = {"referral": {"decline"}, "case": {"request_closure"}}

FORBIDDEN = re.compile(
    r"cooperat|collaborat|testi(fy|fies|mon)|complain|share_police|police_consent|immigration_status|"
    r"residence_status|residence_permit|work_permit|asylum_claim|proceedings_participation|refus\w*_to_speak",
    re.IGNORECASE,
)
FOLLOWS = ("OpenTrack", "TakeStep")
GUARDIAN = re.compile(r"guardian", re.IGNORECASE)


def parts() -> Iterator[tuple[Track, Step]]:
    for slug, names in ASSISTANCE.items():
        for step in TRACKS[slug].steps:
            if names is None or step.name in names:
                yield TRACKS[slug], step


def rules_of(track: Track, step: Step) -> list[Callable[..., Any]]:
    """Everything that decides whether, when and what follows: guards, consequences, clocks."""
    clocks = [each for each in track.deadlines if step.name in each.starts]
    found: list[Any] = [
        *step.guards,
        step.then,
        *(each.lasts for each in clocks),
        *(each.at for each in clocks),
    ]
    return [each for each in found if callable(each)]


def read_by(rule: Callable[..., Any]) -> tuple[set[str], set[str]]:
    """Every name that a rule reads, in its own source and in that of whatever it calls of ours; and where."""
    names: set[str] = set()
    seen: set[str] = set()
    ahead: list[Any] = [rule]
    while ahead:
        function = inspect.unwrap(ahead.pop())
        if not inspect.isfunction(function):
            names |= (
                {str(value) for value in vars(function).values()} if hasattr(function, "__dict__") else set()
            )
            continue
        if f"{function.__module__}.{function.__qualname__}" in seen or not function.__module__.startswith(
            "app."
        ):
            continue
        seen.add(f"{function.__module__}.{function.__qualname__}")
        names |= words_in(function)
        reached = {**function.__globals__}
        for cell in function.__closure__ or ():
            ahead += [cell.cell_contents] if callable(cell.cell_contents) else []
            names |= {cell.cell_contents} if isinstance(cell.cell_contents, str) else set()
        ahead += [
            reached[name] for name in function.__code__.co_names if inspect.isfunction(reached.get(name))
        ]
    return names, seen


def words_in(function: Callable[..., Any]) -> set[str]:
    """Names, attributes and texts in the source, without docstring and what is only said."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    said = {id(node) for call in ast.walk(tree) for node in shown(call)}
    words = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            words.add(node.value)
        elif isinstance(node, ast.Name):
            words.add(node.id)
        elif isinstance(node, ast.Attribute):
            words.add(node.attr)
    return words


def shown(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
        return list(node.args)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FOLLOWS:
        return list(ast.walk(node))  # what is opened or moved along afterwards is no condition
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return [node.value]
    return []


def fields_of(form: type[Form]) -> Iterator[str]:
    """Every field, code and condition of a form, and of the forms inside it."""
    for name, about in questions(form).items():
        yield name
        yield from about.choices or ()
        yield from (about.when[0], *about.when[1]) if about.when else ()
        for inner in forms_in(form.model_fields[name].annotation):
            yield from fields_of(inner)


@pytest.mark.parametrize(
    ("track", "step"), list(parts()), ids=lambda part: getattr(part, "slug", None) or part.name
)
def test_inv_01_no_rule_of_assistance_reads_cooperation_or_status(track: Track, step: Step) -> None:
    for rule in rules_of(track, step):
        names, _where = read_by(rule)
        assert not [name for name in names if FORBIDDEN.search(name)], (track.slug, step.name, rule)
        assert "consents" not in names, "no rule of assistance reads what may be shared with whom"


@pytest.mark.parametrize(
    ("track", "step"), list(parts()), ids=lambda part: getattr(part, "slug", None) or part.name
)
def test_inv_01_no_form_or_list_of_assistance_asks_for_it(track: Track, step: Step) -> None:
    assert not [word for word in fields_of(step.form) if FORBIDDEN.search(word)], (track.slug, step.name)


@pytest.mark.parametrize("slug", LISTS_BESIDES)
def test_inv_01_no_reason_to_decline_or_close_is_want_of_cooperation(slug: str) -> None:
    for step in TRACKS[slug].steps:
        if step.name in LISTS_BESIDES[slug]:
            assert not [word for word in fields_of(step.form) if FORBIDDEN.search(word)]


def test_inv_01_the_rule_that_says_whether_help_is_allowed_reads_the_case_alone() -> None:
    from app.procedure.predicates import assistance_allowed

    names, _where = read_by(assistance_allowed)
    assert not set(TRACKS) - {"case"} & names
    assert not {"age_class", "consents", "marks", "is_child"} & names


@pytest.mark.parametrize("slug", ["inra", "shelter_placement"])
def test_inv_26_no_rule_of_immediate_help_reads_the_guardian(slug: str) -> None:
    for step in TRACKS[slug].steps:
        assert "INV-07" not in step.invariants
        for rule in step.guards:
            names, _where = read_by(rule)
            assert not [name for name in names if GUARDIAN.search(name)], (slug, step.name, rule)


def test_inv_19_leaving_a_shelter_needs_nobodys_approval() -> None:
    leaving = [step for step in TRACKS["shelter_placement"].steps if step.name == "leave"]
    assert {name for step in leaving for name in step.from_} >= {"placed", "transfer_requested"}
    for step in leaving:
        assert "VIC" in step.by
        assert step.to == "exited"
        for rule in step.guards:
            names, _where = read_by(rule)
            assert not {"age_class", "is_child", "tracks", "in_state", "track", "consents"} & names


def test_the_reader_of_rules_finds_what_is_hidden_in_a_call() -> None:
    """The test of the test: a rule that reads it through another function, a closure or a track's name."""
    for rule in (hidden_in_a_call, hidden_in_a_closure("testimony_given"), hidden_in_a_name):
        rule.__module__ = "app.hidden"
        names, _where = read_by(rule)
        assert [name for name in names if FORBIDDEN.search(name)]


def deeper(facts: Any) -> Any:
    return facts.this.marks["willing_to_cooperate"]


deeper.__module__ = "app.hidden"


def hidden_in_a_call(facts: Any, form: Any) -> Any:
    return deeper(facts)


def hidden_in_a_closure(mark: str) -> Callable[..., Any]:
    def guard(facts: Any, form: Any) -> Any:
        return facts.this.marks[mark]

    return guard


def hidden_in_a_name(facts: Any, form: Any) -> Any:
    return facts.in_state("proceedings_participation", "will_not")
