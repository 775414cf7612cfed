"""Whether a test that a document names is there."""

import ast
from functools import cache

from tests.house.source import ROOT


@cache
def proofs_in(file: str) -> dict[str, bool]:
    """The tests of a file below tests/, and whether each is run for several cases; none where there is no such file."""
    path = ROOT / "tests" / file
    if not path.is_file():
        return {}
    tree = ast.parse(path.read_text("utf-8"))
    return {
        node.name: any("parametrize" in ast.unparse(each) for each in node.decorator_list)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
