"""Names as they sound: any script to Latin letters, particles dropped, consonants gathered into sound classes."""

import re
from functools import lru_cache

from anyascii import anyascii

# Words of a name that come and go between one paper and the next.
PARTICLES = frozenset(
    """
    al el ul ad ar as at az ash abu abou bou bu um umm om bin ibn ben bint bent ould wuld ait de da di do du
    des del della den der dos das la le les lo van von vom vander zu zum ter ten af av bat bar y e i ha mac
    mc o st san abd bd abdul abdel abdal
    """.split()  # noqa: SIM905 -- a list of words is read as words
)
# Letters whose sound is lost when their marks are dropped.
MARKED = str.maketrans(
    {
        "č": "ch", "ć": "ch", "ç": "s", "š": "sh", "ş": "sh", "ș": "sh", "ś": "sh", "ž": "zh", "ź": "zh", "ż": "zh",
        "ț": "ts", "ţ": "ts", "ŝ": "shch", "đ": "d", "ß": "ss", "ł": "l", "ğ": "", "ý": "y", "â": "a",
        "ع": "", "ء": "", "أ": "a", "إ": "i", "آ": "a", "ئ": "y", "ؤ": "w", "ة": "a", "ʼ": "", "'": "", "’": "",
    }
)  # fmt: skip
ARTICLE = re.compile(r"\bال")
# Sounds that are written with several letters, and letters that sound one way here and another there.
RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^abd[aeu]?ll?ah?$", "l"), (r"^abd[aeiu][lr](?=[a-z]{3})", ""),
        (r"^(al|el)(?=[^aeix][a-z]{3})(?!b[ei]|f[ro]|vi|zb)", ""), (r"^w", "v"),
        (r"^(x|ks)", "s"), (r"x", "ks"), (r"shch|tsch|tch|sch|sh|ch|tz|ts|cz|sz|rz|zh", "s"),
        (r"^dzh|^dj|dzh|dj", "j"), (r"ph", "f"), (r"kh|gh$", "h"), (r"gh", "g"), (r"ck|qu|q", "k"),
        (r"c(?=[eiy])", "s"), (r"(?<=[ai])c$", "s"), (r"c", "k"),
        (r"^j(?=[eu])|(?<=[tl])j|j$|(?<=[aeiou])j(?![aeiou])|(?<=i)(?<!hadi)j(?=[ae]?$)", "y"),
    )
)  # fmt: skip
CLASSES = str.maketrans("bpfvkgszjdtlrmnaeiouyhw", "bbffkkssjttlrmn" + " " * 8)


def latin(text: str) -> str:
    """Return a text in small Latin letters, whatever script it was written in."""
    marked = ARTICLE.sub(" ", text.lower()).translate(MARKED)
    return anyascii(marked).lower()


@lru_cache(maxsize=20_000)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a name in Latin letters, without particles; at most eight."""
    letters = re.sub(r"[^a-z]+", " ", re.sub(r"[`'\u2019]", "", latin(text)))
    found = [each for each in letters.split() if len(each) > 1]
    kept = [each for each in found if each not in PARTICLES] or found
    return tuple(dict.fromkeys(kept))[:8]


@lru_cache(maxsize=50_000)
def skeleton(word: str) -> str:
    """Return the consonants of a Latin word by their sound classes; empty for a word of vowels alone."""
    bare = word
    for pattern, sound in RULES:
        bare = pattern.sub(sound, bare)
    consonants = bare.translate(CLASSES)
    return re.sub(r"(.)\1+", r"\1", re.sub(r" +", " ", consonants)).replace(" ", "")


def sounds(text: str) -> frozenset[str]:
    """Return the skeletons of all words of a name."""
    return frozenset(found for each in words(text) if (found := skeleton(each)))
