"""The rules of the house that a reader of the source can check."""

import ast
import re
import sys
import tomllib

import pytest

from tests.house.source import APP, ROOT, functions, imports, place, python, tracked, tree

LONGEST_FILE = 300
LONGEST_FUNCTION = 40

# Put together here, so that this file does not hold what it forbids.
UNFINISHED = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK", "W" + "IP"]
UNFINISHED_CALL = "NotImplemented" + "Error"
ELSEWHERE = ["/ro" + "ot/", "/wo" + "rk/", "sha" + "red/design", "sha" + "red/domain", "pypi" + ".org"]
ELSEWHERE += ["pythonhosted" + ".org", "registry.npm" + "js.org", "/opt/" + "pypi", "/opt/" + "wheels"]

CLOCK = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}

# What a declared package brings along and speaks for as its own.
BROUGHT = {
    "annotated_types": "pydantic",
    "anyio": "fastapi",
    "cbor2": "webauthn",
    "markupsafe": "jinja2",
    "pydantic_core": "pydantic",
    "starlette": "fastapi",
    "requests": "schemathesis",
}
NAMED_OTHERWISE = {
    "axe_playwright_python": "axe-playwright-python",
    "govuk_frontend_jinja": "govuk-frontend-jinja",
    "multipart": "python-multipart",
    "pkcs11": "python-pkcs11",
    "yaml": "pyyaml",
}


def test_no_file_is_too_long() -> None:
    long = {
        place(path): lines
        for path in python()
        if path.parent.name != "versions"  # a migration is written once, by a program, and then stands
        if (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert not long


def test_no_function_is_too_long() -> None:
    long = {
        f"{place(path, node)} {node.name}": lines
        for path in python(under=APP)
        for node in functions(path)
        if (lines := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert not long


def test_only_the_clock_asks_what_time_it_is() -> None:
    found = [
        place(path, node)
        for path in python(under=APP)
        if path != APP / "kit" / "clock.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and (_last(node.value), node.attr) in CLOCK
    ]
    assert not found


def _last(node: ast.expr) -> str:
    """The last name of `datetime` or of `datetime.datetime`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def test_only_the_vault_imports_cryptography() -> None:
    found = [
        place(path)
        for path in python(under=APP)
        if not path.is_relative_to(APP / "safeguards" / "vault")
        for name in imports(path)
        if name.split(".")[0] == "cryptography"
    ]
    assert not found


def test_names_say_what_is_done() -> None:
    vague = ("get_", "handle_", "process_")
    found = [
        f"{place(path, node)} {node.name}"
        for path in python(under=APP)
        for node in functions(path)
        if not node.name.startswith("__") and node.name.lstrip("_").startswith(vague)
    ]
    assert not found


def test_no_module_has_a_name_for_everything() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
    assert not [place(path) for path in python(under=APP) if {path.stem, path.parent.name} & vague]


def test_the_mark_of_translation_is_never_a_throwaway_name() -> None:
    found = [
        place(path, node)
        for path in python(under=APP)
        if _marks_words(path.read_text())
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Name) and node.id == "_" and isinstance(node.ctx, ast.Store)
    ]
    assert not found


def _marks_words(text: str) -> bool:
    return re.search(r"from app\.kit\.i18n import [^\n]*\b_\b", text) is not None


def test_nothing_is_left_unfinished() -> None:
    marks = re.compile(rf"\b({'|'.join(UNFINISHED)})\b|{UNFINISHED_CALL}")
    kinds = {".py", ".html", ".scss", ".js", ".mjs", ".md", ".sql", ".yaml", ".toml", ".po"}
    found = [place(path) for path in tracked() if path.suffix in kinds and marks.search(path.read_text())]
    assert not found


def test_no_file_names_a_machine_path_or_a_package_registry() -> None:
    found = {
        place(path): words
        for path in tracked()
        if (text := _text(path.read_bytes())) and (words := [word for word in ELSEWHERE if word in text])
    }
    assert not found


def _text(content: bytes) -> str:
    return "" if b"\0" in content else content.decode(errors="replace")


def test_tests_neither_skip_nor_sleep() -> None:
    words = re.compile(
        r"pytest\.(mark\.)?(skip|xfail|importorskip)|time\.sleep\(|unittest\.mock|from unittest"
    )
    found = [
        place(path)
        for path in python(under=ROOT / "tests")
        if path.name != "test_source.py" and words.search(path.read_text())
    ]
    assert not found


def test_every_package_that_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {_bare(line) for line in project["dependencies"]}
    assert not _undeclared(APP, declared) - {"app"}
    declared |= {_bare(line) for lines in project["optional-dependencies"].values() for line in lines}
    assert not _undeclared(ROOT, declared) - {"app", "tests", "benchmarks", "migrations"}


def _undeclared(under: object, declared: set[str]) -> set[str]:
    assert under in {APP, ROOT}
    paths = python(under=APP if under == APP else ROOT)
    outside = {name.split(".")[0] for path in paths for name in imports(path)} - sys.stdlib_module_names
    own = {path.stem for path in python(under=ROOT / "tests")}
    return {name for name in outside - own if not {_bare(name), _package(name)} & declared}


def _package(module: str) -> str:
    return BROUGHT.get(module) or NAMED_OTHERWISE.get(module, module)


def _bare(requirement: str) -> str:
    return re.split(r"[\[<>=~! ]", requirement)[0].lower().replace("_", "-")


@pytest.mark.parametrize(
    "lock",
    ["requirements.lock", "requirements-dev.lock", "requirements-node.lock", "requirements-bench.lock"],
)
def test_locks_pin_and_hash_everything_and_name_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert not re.search(r"https?:|file:|--index-url|--find-links| @ ", text)
    names = re.findall(r"^(\S+)==\S+.*(\\)$", text, re.MULTILINE)
    assert len(names) == len(re.findall(r"^[a-zA-Z]", text, re.MULTILINE))


def test_the_locks_hold_what_the_project_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    runtime = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    everything = set(
        re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements-dev.lock").read_text(), re.MULTILINE)
    )
    assert {_bare(line) for line in project["dependencies"]} <= runtime
    assert {_bare(line) for line in project["optional-dependencies"]["dev"]} <= everything
    assert runtime <= everything


def test_the_front_end_lock_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_pages_hold_no_inline_script_or_style() -> None:
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=|\son[a-z]+=|javascript:|\bhx-on\b", re.IGNORECASE
    )
    found = {
        place(path): match[0]
        for path in tracked()
        if path.suffix == ".html" and path.is_relative_to(APP) and (match := inline.search(path.read_text()))
    }
    assert not found
