"""What a rule can say and what it can bring about, read from its source: the words of a page are those of the rule."""

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from types import FunctionType
from typing import Any

from app.kit.errors import Fault
from app.procedure.clocks import National
from app.procedure.effects import Effect
from app.procedure.refusal import Refusal, refuse
from app.profiles.profile import load

SAYING = (Fault, Refusal, refuse)
DOING = Effect.__args__
OURS = ("app.tracks", "app.procedure")
UNKNOWN = object()  # what only the facts of a case decide


@dataclass(frozen=True)
class Call:
    """A call that stands in the source of a rule, with those of its arguments that do not depend on a case."""

    name: str
    made: Any
    values: Mapping[str, Any]

    def each(self, name: str) -> tuple[Any, ...]:
        """Return every value that an argument can have; none where only the facts decide."""
        found = self.values.get(name, UNKNOWN)
        several = found if isinstance(found, tuple) else (found,)
        return tuple(one for one in several if one is not UNKNOWN)


def sayings(rule: Any) -> tuple[Call, ...]:
    """Return every refusal that a guard or check can give, in the order of its source."""
    return tuple(call for call in _calls(rule) if call.made in SAYING)


def doings(consequence: Any) -> tuple[Call, ...]:
    """Return everything that can follow from a step."""
    return tuple(call for call in _calls(consequence) if call.made in DOING)


def national_keys(rule: Any) -> tuple[str, ...]:
    """Return the numbers of the profile from which a rule works something out."""
    if isinstance(rule, National):
        return (rule.key,)
    numbers, found = load().numbers, dict[str, None]()
    for call in _calls(rule):
        given = [call.made.key] if isinstance(call.made, National) else chain(*map(call.each, call.values))
        found |= dict.fromkeys(each for each in given if isinstance(each, str) and each in numbers)
    return tuple(found)


def days_read(rule: Any) -> tuple[str, ...]:
    """Return the marks that hold a day from which a rule works something out."""
    calls = (call for call in _calls(rule) if call.name == "day")
    return tuple(dict.fromkeys(chain(*(call.each("0") for call in calls))))


@cache
def _calls(rule: Any) -> tuple[Call, ...]:
    found: list[Call] = []
    if isinstance(rule, National):
        return ()
    _gather(rule, {}, found, set())
    return tuple(found)


def _gather(rule: Any, given: dict[str, Any], found: list[Call], seen: set[str]) -> None:
    """Walk through a rule and the rules that it calls; a function is read once for each set of arguments."""
    rule = inspect.unwrap(rule)
    mark = f"{rule.__module__}.{rule.__qualname__}{sorted(given.items(), key=str)}"
    if mark in seen:
        return
    seen.add(mark)
    body = _body(rule)
    names = {**rule.__globals__, **_enclosed(rule), **given}
    names |= _assigned(body, names)
    for node in _in_order(body):
        made = _value(node.func, names)
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        call = Call(called, made, _bound(made, node, names))
        found.append(call)
        if isinstance(made, FunctionType) and made.__module__.startswith(OURS) and made not in SAYING:
            _gather(made, {name: value for name, value in call.values.items() if _plain(value)}, found, seen)


def _enclosed(rule: FunctionType) -> dict[str, Any]:
    return dict(inspect.getclosurevars(rule).nonlocals)


def _body(rule: FunctionType) -> ast.AST:
    tree = ast.parse(textwrap.dedent(inspect.getsource(rule)))
    return next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda))


def _assigned(body: ast.AST, names: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the names inside a rule can stand for: all of it, where there are alternatives."""
    found: dict[str, Any] = {}
    for node in ast.walk(body):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.For(target=ast.Name(id=name), iter=value)
            ):
                one = _value(value, {**names, **found})
                found[name] = one if name not in found else (*_several(found[name]), *_several(one))
    return found


def _several(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _in_order(tree: ast.AST) -> Iterator[ast.Call]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return iter(sorted(calls, key=lambda node: (node.lineno, node.col_offset)))


def _bound(made: Any, node: ast.Call, names: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call by the names of its parameters, defaults included."""
    given = [_value(each, names) for each in node.args if not isinstance(each, ast.Starred)]
    named = {each.arg: _value(each.value, names) for each in node.keywords if each.arg}
    try:
        bound = inspect.signature(made).bind_partial(*given, **named)
    except (TypeError, ValueError):
        return {**{str(place): value for place, value in enumerate(given)}, **named}
    bound.apply_defaults()
    return dict(bound.arguments)


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """Return what an expression is in every case, or UNKNOWN where the facts decide."""
    found: Any = UNKNOWN
    match node:
        case ast.Constant(value=value):
            found = value
        case ast.Name(id=name):
            found = names.get(name, UNKNOWN)
        case ast.Attribute(value=inner, attr=name):
            held = _value(inner, names)
            found = UNKNOWN if held is UNKNOWN else getattr(held, name, UNKNOWN)
        case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=text)]):
            found = text
        case ast.Call(func=ast.Name(id="frozenset"), args=[held]):
            found = _value(held, names)
        case ast.Set(elts=several):
            found = tuple(_value(each, names) for each in several)
        case ast.IfExp(body=one, orelse=other):
            found = (*_several(_value(one, names)), *_several(_value(other, names)))
        case ast.Tuple(elts=several):
            found = tuple(_value(each, names) for each in several)
        case ast.Subscript(value=table):
            found = _value(table, names)
    return found


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | tuple) and value is not None
