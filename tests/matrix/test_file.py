from pathlib import Path

import pytest

from app.safeguards import matrix as room
from app.safeguards.matrix import BREAK_GLASS, MATRIX, Cell, Grant, parse
from app.safeguards.permissions import permissions_text
from app.safeguards.reach import matrix_sql
from app.safeguards.words import Category, Level, Relation, Role

ROOT = Path(__file__).resolve().parents[2]
FILE = Path(room.__file__).with_name("matrix.yaml").read_text(encoding="utf-8")


def test_every_role_has_a_cell_for_every_category():
    assert set(MATRIX.cells) == {
        (role, category) for role in Role if role is not Role.SYS for category in Category
    }
    assert MATRIX.cell(Role.SYS, Category.ID).text == "0"


def test_the_matrix_cannot_be_changed_while_it_runs():
    with pytest.raises(TypeError):
        MATRIX.cells[Role.POL, Category.LOC] = Cell.parse("W")
    with pytest.raises(AttributeError):
        MATRIX.cell(Role.POL, Category.LOC).foreign.level = Level.WRITE


@pytest.mark.parametrize(
    ("text", "foreign", "own"),
    [
        ("0", ("0", ""), ("0", "")),
        ("E", ("E", ""), ("E", "")),
        ("Rat", ("R", "at"), ("R", "at")),
        ("Rcm", ("R", "cm"), ("R", "cm")),
        ("Rc+Wo", ("R", "c"), ("W", "o")),
        ("Wo", ("0", ""), ("W", "o")),
        ("Rgo", ("0", ""), ("R", "go")),
    ],
)
def test_cells_are_read_as_the_law_writes_them(text, foreign, own):
    cell = Cell.parse(text)
    assert cell.foreign == Grant(Level(foreign[0]), frozenset(foreign[1]))
    assert cell.own == Grant(Level(own[0]), frozenset(own[1]))
    assert cell.text == text


SAID = r"^'[^']*' is no cell of the matrix$|^'[^']*': only the half after the plus sign is for own contributions$"


@pytest.mark.parametrize(
    "text", ["", "X", "r", "Rx", "Raa", "0a", "R+W", "Ro+Wo", "R+", "+Wo", "R+Wo+Wo", "R a", "RW"]
)
def test_nonsense_is_refused(text):
    with pytest.raises(ValueError, match=SAID):
        Cell.parse(text)


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("  POL  Rc+Wo  Em     0 ", "  POL  Rc+Wo  Em     E ", "^POL.LOC must be 0$"),
        ("  ADM  0 ", "  ADM  E ", "^ADM.ID must be 0$"),
        ("  NGO  Wa ", "  NGO  Wz ", "^'Wz' is no cell of the matrix$"),
        ("  NGO  Wa ", "  NGO  Wa Wa ", "longer"),
        ("  NGO  Wa     ", "  NGO  ", "shorter"),
        ("  NGO  Wa ", "  NGX  Wa ", "^the rows of the matrix are not the roles in their order, each once$"),
        (
            "  role ID     CON    ",
            "  role CON    ID     ",
            "^the columns of the matrix are not the sixteen categories in their order$",
        ),
        (
            "{en: whereabouts, fr: localisation}",
            "{en: whereabouts, fr: ''}",
            "^categories of the matrix lack a code, an order or a name$",
        ),
        ("  referrer: {", "  referrers: {", "^relations of the matrix lack a code, an order or a name$"),
        ("  g: {en: only", "  s: {en: only", "^qualifiers of the matrix lack a code, an order or a name$"),
        ("    en: hotline operator", "    en: ''", "^roles of the matrix lack a code, an order or a name$"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_place(old, new, match):
    assert old in FILE
    with pytest.raises(ValueError, match=match):
        parse(FILE.replace(old, new, 1))


def test_a_row_given_twice_is_refused():
    row = next(line for line in FILE.splitlines() if line.startswith("  NGO  Wa"))
    with pytest.raises(ValueError, match="rows"):
        parse(FILE.replace(row, f"{row}\n{row}"))


def test_names_in_both_languages():
    assert MATRIX.name(Role.GUA) == "guardian"
    assert MATRIX.name(Role.GUA, "fr") == "tuteur"
    assert MATRIX.name(Category.LOC, "fr") == "localisation"
    assert MATRIX.name(Relation.LEAD) == "coordinates the case"
    assert MATRIX.name(Level.NOTHING, "fr") == "rien"


def test_the_written_rules_name_the_roles_that_the_code_names():
    rule = next(each for each in MATRIX.words["rules"] if each["en"].startswith("Emergency access"))
    for role in Role:
        assert (role in BREAK_GLASS) == (role.value in rule["en"].split("only for")[1])
        assert (role in BREAK_GLASS) == (role.value in rule["fr"].split("seulement pour")[1])


def test_the_page_for_people_shows_every_cell_name_and_rule_in_both_languages():
    text = permissions_text()
    for language in ("en", "fr"):
        for role in Role:
            if role is not Role.SYS:
                cells = " | ".join(MATRIX.cell(role, category).text for category in Category)
                assert f"| **{role.value}** | {cells} |" in text
                assert MATRIX.words["roles"][role.value]["why"][language] in text
        for rule in MATRIX.words["rules"]:
            assert rule[language] in text
    assert text == (ROOT / "docs" / "permissions.md").read_text("utf-8")


def test_the_database_is_told_the_matrix_that_the_program_decides_by():
    assert matrix_sql() == (ROOT / "migrations" / "sql" / "matrix.sql").read_text("utf-8")
