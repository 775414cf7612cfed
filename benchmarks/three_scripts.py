"""A generated population with names in three scripts, and how the same people are written down elsewhere."""

import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

NAMES = Path(__file__).with_name("names.yaml")
SCRIPTS = ("arabic", "cyrillic", "latin")
SHARES = (40, 30, 30)
ENDINGS = {"cyrillic": ("енко", "ов", "ский", "ук", "ин"), "latin": ("escu", "eanu", "aj", "owski", "ez")}
# One romanisation in a passport, one in a file of the police, one in the sciences.
CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
ROMAN = tuple(
    dict(zip(CYRILLIC, letters.split(","), strict=True))
    for letters in (
        "a,b,v,g,d,e,e,zh,z,i,y,k,l,m,n,o,p,r,s,t,u,f,kh,ts,ch,sh,shch,,y,,e,yu,ya",
        "a,b,v,g,d,e,e,j,z,i,i,k,l,m,n,o,p,r,s,t,u,f,h,c,ch,sh,sch,,i,,e,iu,ia",
        "a,b,v,g,d,e,ë,ž,z,i,j,k,l,m,n,o,p,r,s,t,u,f,h,c,č,š,šč,,y,,e,ju,ja",
    )
)


@dataclass(frozen=True)
class Someone:
    """A person as one office wrote her down."""

    number: int
    script: str
    given: str
    family: str
    born: tuple[int | None, int | None, int | None]  # year, month, day
    sex: str | None

    @property
    def name(self) -> str:
        """Return all names in the order in which they are said."""
        return f"{self.given} {self.family}"


@cache
def _names() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return for each list its names, each as at home and then in the ways in which others write it."""
    said: dict[str, Any] = yaml.safe_load(NAMES.read_text("utf-8"))
    return {
        key: tuple((each,) if isinstance(each, str) else tuple(map(str, each)) for each in _listed(value))
        for key, value in said.items()
    }


def _listed(value: Any) -> Sequence[Any]:
    return value.split() if isinstance(value, str) else value


def population(size: int, seed: int = 1, first: int = 0) -> list[Someone]:
    """Return that many people, each written as at home or as at the border."""
    chance = random.Random(seed)
    return [_someone(number, chance) for number in range(first, first + size)]


def _someone(number: int, chance: random.Random) -> Someone:
    script = chance.choices(SCRIPTS, SHARES)[0]
    sex = chance.choices(("Feminine", "Masculine"), (70, 30))[0]
    given = _often(_names()[f"{script}_{'women' if sex == 'Feminine' else 'men'}"], chance)
    born = (int(min(2012, max(1955, chance.gauss(1994, 9)))), chance.randint(1, 12), chance.randint(1, 28))
    return Someone(number, script, given, _family(script, chance), born, sex)


def _often(names: Sequence[tuple[str, ...]], chance: random.Random) -> str:
    """Return a name; the first of a list are the most frequent, as Zipf found for names too."""
    weights = [1 / (place + 4) for place in range(len(names))]
    return chance.choices(names, weights)[0][0]


def _family(script: str, chance: random.Random) -> str:
    """Return a family name: one of the known ones, a rare one, or two."""
    names = _names()
    if script == "arabic":
        family = _often(names["arabic_family"] if chance.random() < 0.6 else names["arabic_men"], chance)
        return f"{_often(names['arabic_men'], chance)} {family}" if chance.random() < 0.5 else family
    family = _often(names[f"{script}_family"], chance)
    if chance.random() < 0.5:  # half of all bear a name that few others have
        stem = _often(names[f"{script}_{chance.choice(('men', 'women', 'family'))}"], chance)
        family = stem[: max(4, len(stem) - chance.choice((1, 2, 3)))] + chance.choice(ENDINGS[script])
    if script == "latin" and chance.random() < 0.3:
        family = f"{family} {_often(names['latin_family'], chance)}"
    return family


def again(person: Someone, chance: random.Random) -> Someone:
    """Return the person as another office writes her down: other script, slips, parts of the date only."""
    given = _slip(_written(person.given, person.script, chance), chance)
    families = _written(person.family, person.script, chance).split()
    if len(families) > 1 and chance.random() < 0.4:
        families.pop(chance.randrange(len(families)))
    family = " ".join(_slip(each, chance) for each in families)
    if chance.random() < 0.15:
        given, family = family, given
    sex = person.sex if chance.random() < 0.9 else None
    return replace(person, given=given, family=family, born=_date(person.born, chance), sex=sex)


def _written(name: str, script: str, chance: random.Random) -> str:
    if chance.random() < 0.3:
        return name
    if script == "cyrillic":
        table = chance.choice(ROMAN)
        return "".join(table.get(each, each) for each in name.lower()).title()
    if script == "latin":
        plain = unicodedata.normalize("NFD", name.translate(str.maketrans("łŁđĐ", "lLdD")))
        return "".join(each for each in plain if not unicodedata.combining(each))
    return _romanised(name, chance)


@cache
def _ways() -> dict[str, tuple[str, ...]]:
    lists = ("arabic_women", "arabic_men", "arabic_family")
    return {ways[0]: ways[1:] for each in lists for ways in _names()[each]}


def _romanised(name: str, chance: random.Random) -> str:
    """Return an Arabic name in one of the ways in which officials write it; the longest known name goes first."""
    words, found = name.split(), []
    while words:
        length = next(many for many in range(len(words), 0, -1) if " ".join(words[:many]) in _ways())
        found.append(chance.choice(_ways()[" ".join(words[:length])]))
        words = words[length:]
    return " ".join(found)


def _slip(word: str, chance: random.Random) -> str:
    """Return a word with a slip of the pen, once in ten."""
    if chance.random() > 0.1 or len(word) < 4:
        return word
    at = chance.randrange(1, len(word) - 1)
    kind = chance.randrange(3)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at] + word[at:]


def _date(
    born: tuple[int | None, int | None, int | None], chance: random.Random
) -> tuple[int | None, int | None, int | None]:
    year, month, day = born
    assert year is not None
    luck = chance.random()
    if luck < 0.60:
        return born
    if luck < 0.70:
        return year, (day if day and day <= 12 else month), month if day and day <= 12 else day
    if luck < 0.78:
        return year + chance.choice((-1, 1)), month, day
    if luck < 0.90:
        return year, None, None
    return (None, None, None) if luck < 0.95 else (year, month, None)
