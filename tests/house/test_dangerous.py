"""What makes code, queries, commands or markup of data, or hashes and draws lots weakly, is called nowhere."""

import ast
import re

import pytest

from tests.house.source import APP, imports, place, python, tracked, tree

MODULES = {
    "pickle", "marshal", "shelve", "dill", "random", "ftplib", "telnetlib", "lxml", "defusedxml", "csv",
}  # fmt: skip
CALLS = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "from_string",
    "system",
    "popen",
    "md5",
    "sha1",
    "ECB",
    "PKCS1v15",
}
STARTS = {"subprocess", "os.exec", "pty"}
# `text` takes a query, `execute` and `exec_driver_sql` take one too: never one that is put together.
QUERIES = {"text", "execute", "scalars", "scalar", "exec_driver_sql"}
PATTERNS = {"compile", "search", "match", "fullmatch", "findall", "finditer", "sub", "split"}

ARGUED = {
    "app/install.py": "text: a role's name and password that were made here, which PostgreSQL takes no parameter for",
}
STARTERS = {"app/kit/postmaster.py", "app/kit/pgbinaries.py", "app/safeguards/vault/backup.py"}
CHARTS = {"app/law/templates/law/track.html"}  # a drawing made of the law's own words, each escaped
MAKERS = {"app/web/filters.py"}  # mark as markup what they escaped themselves
# A BroadcastChannel is heard by our own origin alone, and so may be spoken to; windows may be of anybody.
SCRIPT = re.compile(
    r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|localStorage|sessionStorage"
    r"|indexedDB|(?:window|parent|opener|top|contentWindow)\.postMessage"
    r"|(?:^|[^\w.]|window\.|self\.)(?:onmessage\b|addEventListener\(\s*[\"']message)",
    re.MULTILINE,
)


def dangers(code: ast.Module) -> list[tuple[ast.AST, str]]:
    """What is dangerous in a file, and where."""
    found: list[tuple[ast.AST, str]] = []
    for node in ast.walk(code):
        if not isinstance(node, ast.Call):
            continue
        name = _name(node.func)
        on_re = isinstance(node.func, ast.Attribute) and _name(node.func.value) == "re"
        if name in CALLS and not on_re:
            found.append((node, name))
        if any(word.arg == "shell" and not _is(word.value, False) for word in node.keywords):
            found.append((node, "shell"))
        if any(word.arg == "follow_redirects" and not _is(word.value, False) for word in node.keywords):
            found.append((node, "follows to wherever it is sent"))
        if name in QUERIES and node.args and _put_together(node.args[0]):
            found.append((node, f"{name}: a query put together"))
        if (
            name == "load"
            and _name(getattr(node.func, "value", node)) == "yaml"
            and "OnceOnly" not in ast.unparse(node)
        ):
            found.append((node, "yaml.load"))
    return found


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _is(node: ast.expr, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def _put_together(node: ast.expr) -> bool:
    """Say whether a text is made of parts: an f-string, a sum or a `%` of texts, a `format`."""
    if isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.BinOp):
        return any(isinstance(each, ast.Constant | ast.JoinedStr) for each in (node.left, node.right))
    return isinstance(node, ast.Call) and _name(node.func) == "format"


def test_nothing_dangerous_is_called() -> None:
    files = python(under=APP)
    found = [
        f"{place(path)}:{getattr(node, 'lineno', 0)} {what}"
        for path in files
        for node, what in dangers(tree(path))
        if place(path) not in ARGUED
    ]
    assert not found
    brought = [
        f"{place(path)} {name}" for path in files for name in imports(path) if name.split(".")[0] in MODULES
    ]
    assert not [each for each in brought if not each.startswith("app/demo/")]
    parsers = [f"{place(path)} {name}" for path in files for name in imports(path) if name.startswith("xml.")]
    assert not [each for each in parsers if not each.endswith("xml.sax.saxutils")]  # which only escapes


@pytest.mark.parametrize(
    "code",
    [
        "eval(x)", "exec(x)", "compile(x, '', 'exec')", "environment.from_string(x)", "os.system(x)", "os.popen(x)",
        "hashlib.md5(x)", "hashlib.sha1(x)", "modes.ECB()", "run(x, shell=True)", "run(x, shell=y)", "yaml.load(x)",
        "session.execute(text(f'select {x}'))", "text('select ' + x)", "text('select %s' % x)",
        "session.execute('select {}'.format(x))", "connection.exec_driver_sql(f'{x}')",
        "httpx.Client(follow_redirects=True)",
    ],
)  # fmt: skip
def test_what_is_dangerous_is_found(code: str) -> None:
    assert dangers(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    ["text('select :x')", "session.execute(query, {'x': x})", "re.compile(r'x')", "run([x], shell=False)"],
)
def test_what_is_fine_passes(code: str) -> None:
    assert not dangers(ast.parse(code))


def test_only_the_database_s_own_programs_are_started() -> None:
    starters = {
        place(path)
        for path in python(under=APP)
        if any(name == "pty" or name.startswith("subprocess") for name in imports(path))
    }
    assert starters == STARTERS


def test_no_pattern_is_made_of_what_was_sent() -> None:
    """Patterns are constants, or made of constants where the module is read; never inside a function."""
    found = [
        place(path, node)
        for path in python(under=APP)
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and _name(node.func.value) == "re" and node.func.attr in PATTERNS
        and not isinstance(node.args[0], ast.Constant)
    ]  # fmt: skip
    assert not found


def test_text_is_marked_as_markup_where_it_was_escaped_and_nowhere_else() -> None:
    marked = {
        place(path)
        for path in python(under=APP)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and _name(node.func) in {"Markup", "mark_safe"}
    }
    assert marked <= MAKERS
    pages = [path for path in tracked() if path.suffix == ".html" and path.is_relative_to(APP)]
    assert len(pages) > 50
    assert {
        place(path) for path in pages if re.search(r"\|\s*safe\b|autoescape", path.read_text("utf-8"))
    } <= CHARTS


def test_every_cookie_is_bound_to_this_host_and_out_of_reach_of_scripts() -> None:
    calls = [
        (path, node)
        for path in python(under=APP)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and _name(node.func) == "set_cookie" and node.keywords
    ]
    assert len(calls) >= 3
    for path, node in calls:
        flags = {word.arg: ast.unparse(word.value) for word in node.keywords}
        assert (flags["secure"], flags["httponly"], flags["samesite"]) == ("True", "True", "'lax'"), place(
            path
        )
        assert "domain" not in flags
        assert f'{ast.unparse(node.args[0])} = "__Host-' in path.read_text("utf-8"), place(path)


def test_our_scripts_make_no_code_and_no_markup_of_text() -> None:
    scripts = list((APP / "web" / "static").glob("*.*js"))
    assert {"app.js", "passkey.js"} <= {path.name for path in scripts}
    assert not [path.name for path in scripts if SCRIPT.search(path.read_text("utf-8"))]
    for bad in (
        "x.innerHTML = y",
        "eval(x)",
        "localStorage.x = 1",
        "addEventListener('message', f)",
        "window.onmessage = f",
        "parent.postMessage(x)",
    ):
        assert SCRIPT.search(bad)


# Whoever fills in a text never wrote it: it is a constant, or the translation of one.
OUR_TEXTS = re.compile(r"""['"]|f['"]|(?:translate|self\.say|_|Markup|sql\.SQL)\(|[A-Z_]+$""")
FILLED = {  # a translated text of ours, a line or two above
    "app/law/asking.py": "said", "app/casework/reader.py": "said", "app/law/telling.py": "text",
    "app/shelters/words.py": "text", "app/web/wording.py": "text",
}  # fmt: skip


def formats(code: ast.Module) -> list[str]:
    """What is filled in as a text with gaps, wherever that is done."""
    return [
        ast.unparse(node.func.value)
        for node in ast.walk(code)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"format", "format_map", "vformat"}
    ] + [
        ast.unparse(node.left)
        for node in ast.walk(code)
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Mod)
        and isinstance(node.right, ast.Tuple | ast.Dict)
    ]


def test_no_text_with_gaps_is_made_of_what_was_sent() -> None:
    found = {
        (place(path), each)
        for path in python(under=APP)
        for each in formats(tree(path))
        if not OUR_TEXTS.match(each) and FILLED.get(place(path)) != each
    }
    assert not found
    for bad in ("sent.format(x)", "typed % (x,)", "form['a'].format_map(y)"):
        [each] = formats(ast.parse(bad))
        assert not OUR_TEXTS.match(each)


POLLUTING = re.compile(
    r"__proto__|\bprototype\b|Object\.assign|structuredClone|\.constructor\b|\w\[[^\]'\"\d]+\]\s*=[^=>]"
)


def test_our_scripts_write_to_no_property_whose_name_was_read() -> None:
    scripts = [path for folder in ("assets", "static") for path in (APP / "web" / folder).glob("*.*js")]
    assert {"app.js", "staying.js", "passkey.js"} <= {path.name for path in scripts}
    assert not [
        (path.name, found[0]) for path in scripts if (found := POLLUTING.search(path.read_text("utf-8")))
    ]
    for bad in ("held[name] = 1", "x.__proto__", "Object.assign(a, JSON.parse(b))"):
        assert POLLUTING.search(bad)
