"""The matrix written out for people: `docs/permissions.md` is generated from it, in both languages."""

from collections.abc import Iterator

from app.safeguards.matrix import MATRIX
from app.safeguards.words import Category, Role

ROLES = tuple(role for role in Role if role is not Role.SYS)

HEADINGS = {
    "en": {
        "title": "Permissions",
        "made": "Generated from `app/safeguards/matrix.yaml`. Do not edit; run `nrm docs`.",
        "levels": "Levels",
        "qualifiers": "Conditions",
        "table": "Who may see what",
        "rules": "Rules above every cell",
        "role": "role",
        "why": "why",
    },
    "fr": {
        "title": "Droits d’accès",
        "made": "Produit à partir de `app/safeguards/matrix.yaml` par `nrm docs` : ne pas modifier.",
        "levels": "Niveaux",
        "qualifiers": "Conditions",
        "table": "Qui peut voir quoi",
        "rules": "Règles au-dessus de toute case",
        "role": "rôle",
        "why": "pourquoi",
    },
}


def permissions_text() -> str:
    """Return the whole of `docs/permissions.md`."""
    return "\n".join(line for language in HEADINGS for line in _section(language)).rstrip() + "\n"


def _section(language: str) -> Iterator[str]:
    headings, words = HEADINGS[language], MATRIX.words
    yield from (f"# {headings['title']}", "", headings["made"], "", words["how_to_read"][language], "")
    for kind in ("levels", "qualifiers"):
        yield from (f"## {headings[kind]}", "")
        yield from (f"* **{code}** {names[language]}" for code, names in words[kind].items())
        yield ""
    yield from (f"## {headings['table']}", "")
    yield from _table(headings["role"], language)
    yield from (f"## {headings['rules']}", "")
    yield from (f"* {rule[language]}" for rule in words["rules"])
    yield from ("", f"| {headings['role']} | {headings['why']} |", "|---|---|")
    for role in ROLES:
        about = words["roles"][role.value]
        yield f"| **{role.value}** {about[language]} | {about['why'][language]} |"
    yield ""


def _table(role_word: str, language: str) -> Iterator[str]:
    yield f"| {role_word} | " + " | ".join(category.value for category in Category) + " |"
    yield "|---" * (len(Category) + 1) + "|"
    for role in ROLES:
        cells = " | ".join(MATRIX.cell(role, category).text for category in Category)
        yield f"| **{role.value}** | {cells} |"
    names = (f"{category.value} {MATRIX.name(category, language)}" for category in Category)
    yield from ("", ", ".join(names) + ".", "")
