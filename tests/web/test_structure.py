"""The check of pages finds what it is there to find."""

import pytest

from tests.web.structure import check_page

GOOD = (
    '<!DOCTYPE html><html lang="en" dir="ltr"><head><title>Your work</title></head>'
    "<body><main>{}</main></body></html>"
)


def test_a_good_page_passes() -> None:
    assert check_page(GOOD.format("<h1>Work</h1><h2>One</h2><h3>Two</h3><h2>Three</h2>")) == []


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ("", "0 h1"),
        ("<h1>A</h1><h1>B</h1>", "2 h1"),
        ("<h1></h1>", "h1 is empty"),
        ("<h1>A</h1><h3>B</h3>", "h3 'B' follows h1"),
        ("<h1>A</h1><main></main>", "2 main"),
        ("<h1>A</h1><p><div>", "broken"),
        ('<h1>A</h1><input name="x">', "has no label"),
        ('<h1>A</h1><label for="y">Y</label><input id="x" name="x">', "has no label"),
        ('<h1>A</h1><label for="y">Y</label>', "leads nowhere"),
        ('<h1>A</h1><select name="x"></select>', "has no label"),
        ("<h1>A</h1><button></button>", "has no text"),
        ("<h1>A</h1><fieldset><p>x</p></fieldset>", "has no legend"),
        ('<h1 id="a">A</h1><p id="a"></p>', "not unique"),
        ('<h1>A</h1><p aria-describedby="a"></p>', "which is not there"),
        ("<h1>A</h1><script>x</script>", "inline script"),
        ("<h1>A</h1><style>x</style>", "inline style"),
        ('<h1 style="x">A</h1>', "inline style"),
        ('<h1 onclick="x">A</h1>', "inline onclick"),
        ('<h1>A</h1><a href="javascript:x">A</a>', "script or data"),
        ('<h1>A</h1><img alt="" src="https://other.example/x">', "asks another address"),
        ('<h1>A</h1><img src="x">', "has no alt"),
        ('<h1>A</h1><form method="post"><button>A</button></form>', "no csrf"),
        ('<h1>A</h1><a href="/x"></a>', "has no text"),
        ('<h1>A</h1><a href="#x">A</a>', "which is not there"),
        ("<h1>A</h1><a>A</a>", "leads nowhere"),
        (
            '<h1>A</h1><meta http-equiv="Refresh" content="9"><textarea aria-label="x" name="x"></textarea>',
            "by itself",
        ),
        ("<h1>A</h1><table><tbody><tr><td>x</td></tr></tbody></table>", "no headers"),
    ],
)
def test_what_is_wrong_is_found(inside: str, found: str) -> None:
    assert any(found in fault for fault in check_page(GOOD.format(inside))), check_page(GOOD.format(inside))


@pytest.mark.parametrize("title", ["A victim", "Traite", "", "Shelter places"])
def test_a_telling_or_empty_title_is_found(title: str) -> None:
    page = GOOD.format("<h1>A</h1>").replace("Your work", title)
    assert any("title" in fault for fault in check_page(page))


def test_a_page_without_language_is_found() -> None:
    assert check_page(GOOD.format("<h1>A</h1>").replace(' lang="en" dir="ltr"', "")) == [
        "html has no lang",
        "html has no dir",
    ]
