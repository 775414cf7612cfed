"""What every page must be, read from its HTML; the client fixture checks each page that any test fetches."""

import re
from collections.abc import Iterator
from typing import Any

import html5lib
from lxml import html as lxml_html

Element = Any  # lxml tells its types to nobody

TELLING = (
    "traffick", "victim", "exploit", "abuse", "slavery", "slave", "shelter", "refuge", "prostitut", "forced",
    "traite", "victime", "esclav", "foyer", "hébergement", "asile", "asylum", "police", "nrm",
)  # fmt: skip
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}


VALUES, TAGS = re.compile(r'="[^"<>&]*"'), re.compile(r"<[^>]*>|&[^;<\s]*;?")
WELL_MADE: set[int] = set()  # skeletons in which nothing is broken


def check_page(html: str) -> list[str]:
    """Return what is wrong with a page, nothing if it is as it must be."""
    root = lxml_html.document_fromstring(html)
    return [*_broken(html), *(fault for check in CHECKS for fault in check(root))]


def _broken(html: str) -> list[str]:
    """Read a page strictly, which takes a second for a long one: once for all pages with the same tags in a row."""
    skeleton = hash(tuple(TAGS.findall(VALUES.sub("", html))))
    if skeleton in WELL_MADE:
        return []
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    parser.parse(html)
    if not parser.errors:
        WELL_MADE.add(skeleton)
    return [f"HTML is broken at {place}: {code}" for place, code, _data in parser.errors]


def _text(node: Element) -> str:
    own = "".join(node.itertext()).strip()
    images = " ".join(each.get("alt", "") for each in node.iter("img"))
    return own or node.get("aria-label", "") or images.strip()


def _landmarks(root: Element) -> Iterator[str]:
    for name in ("h1", "main", "title"):
        count = len(list(root.iter(name)))
        if count != 1:
            yield f"{count} {name}, not one"
    for name in ("h1", "title"):
        yield from (f"{name} is empty" for each in root.iter(name) if not _text(each))
    if not root.get("lang"):
        yield "html has no lang"
    if root.get("dir") not in ("ltr", "rtl"):
        yield "html has no dir"


def _title(root: Element) -> Iterator[str]:
    title = " ".join(_text(each) for each in root.iter("title")).lower()
    yield from (f"the title tells what this is about: {word}" for word in TELLING if word in title)


def _headings(root: Element) -> Iterator[str]:
    last = 1
    for each in root.iter():
        if found := re.fullmatch(r"h([1-6])", str(each.tag)):
            level = int(found[1])
            if level > last + 1:
                yield f"h{level} {_text(each)!r} follows h{last}"
            if not _text(each):
                yield f"h{level} is empty"
            last = level


def _labels(root: Element) -> Iterator[str]:
    ids = {each.get("id") for each in root.iter()}
    named = {each.get("for") for each in root.iter("label") if _text(each)}
    inside = {field for label in root.iter("label") for field in label.iter() if _text(label)}
    for name in ("input", "select", "textarea"):
        for each in root.iter(name):
            if each.get("type") in UNLABELLED or each in inside or each.get("aria-label"):
                continue
            if each.get("id") not in named and each.get("aria-labelledby") not in ids - {None}:
                yield f"{name} {each.get('name')!r} has no label"
    yield from (f"label for {each!r} leads nowhere" for each in named - ids - {None})
    yield from (f"button {each.get('name')!r} has no text" for each in root.iter("button") if not _text(each))
    for each in root.iter("fieldset"):
        if not any(_text(child) for child in each if child.tag == "legend"):
            yield f"fieldset {each.get('id')!r} has no legend"


def _ids(root: Element) -> Iterator[str]:
    seen: set[str] = set()
    for each in root.iter():
        name = each.get("id")
        if name is not None and (name in seen or not name or " " in name):
            yield f"id {name!r} is not unique, empty or has a space"
        seen.add(name or "")
    for each in root.iter():
        for attribute in ("aria-describedby", "aria-labelledby", "aria-controls"):
            for name in (each.get(attribute) or "").split():
                if name not in seen:
                    yield f"{attribute} names {name!r}, which is not there"


def _inline(root: Element) -> Iterator[str]:
    for each in root.iter():
        if each.tag == "style" or (each.tag == "script" and not each.get("src")):
            yield f"inline {each.tag}"
        for name, value in each.attrib.items():
            if name == "style" or name.startswith("on"):
                yield f"{each.tag} has an inline {name}"
            if name in ("src", "href", "action") and value.strip().lower().startswith(
                ("javascript:", "data:")
            ):
                yield f"{each.tag} has a {name} that is a script or data"
            if name == "src" and re.match(r"(https?:)?//", value):
                yield f"{each.tag} asks another address: {value}"


def _images(root: Element) -> Iterator[str]:
    yield from (
        f"image {each.get('src')!r} has no alt" for each in root.iter("img") if each.get("alt") is None
    )


def _forms(root: Element) -> Iterator[str]:
    for each in root.iter("form"):
        names = {field.get("name") for field in each.iter("input")}
        if each.get("method", "get").lower() == "post" and "csrf" not in names:
            yield f"form to {each.get('action')!r} has no csrf field"
        if each.get("method", "get").lower() == "get" and "csrf" in names:
            yield f"form to {each.get('action')!r} shows its token in the address"
    opened = sum(1 for each in root.iter("form") for inner in each.iter("form") if inner is not each)
    yield from ["a form stands inside a form"] * bool(opened)


def _links(root: Element) -> Iterator[str]:
    ids = {each.get("id") for each in root.iter()}
    for each in root.iter("a"):
        address = each.get("href")
        if not _text(each):
            yield f"link to {address!r} has no text"
        if address is None or address == "#":
            yield f"link {_text(each)!r} leads nowhere"
        elif address.startswith("#") and address[1:] not in ids:
            yield f"link {_text(each)!r} leads to {address}, which is not there"
        elif each.get("target") == "_blank" and "noreferrer" not in (each.get("rel") or ""):
            yield f"link to {address!r} tells where it comes from"


def _tables(root: Element) -> Iterator[str]:
    for each in root.iter("table"):
        if not list(each.iter("th")):
            yield "a table has no headers"
        yield from ("a table header has no scope" for head in each.iter("th") if not head.get("scope"))


def _left(root: Element) -> Iterator[str]:
    """A page that goes away by itself must be none on which somebody may be typing."""
    if any(each.get("http-equiv", "").lower() == "refresh" for each in root.iter("meta")):
        fields = [
            *root.iter("textarea"),
            *(each for each in root.iter("input") if each.get("type") not in UNLABELLED),
        ]
        yield from (f"{each.tag} {each.get('name')!r} on a page that goes away by itself" for each in fields)


CHECKS = (_left, _landmarks, _title, _headings, _labels, _ids, _inline, _images, _forms, _links, _tables)
