"""The built front-end assets: all there, none of them carrying another government's marks."""

import json
from hashlib import sha256
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "app" / "web" / "static" / "vendor"
EXPECTED = {"app.css", "app.rtl.css", "govuk-frontend.min.js", "manifest.json"}


def test_every_asset_is_built_and_stands_in_the_manifest() -> None:
    names = {path.name for path in VENDOR.iterdir()}
    assert names >= EXPECTED
    digests = json.loads((VENDOR / "manifest.json").read_text())
    assert set(digests) == names - {"manifest.json"}
    for name, digest in digests.items():
        assert sha256((VENDOR / name).read_bytes()).hexdigest().startswith(digest)


def test_no_font_crest_or_foreign_address_is_in_the_sheets() -> None:
    for sheet in VENDOR.glob("*.css"):
        text = sheet.read_text().lower()
        for mark in ("gds transport", "crest", "@font-face", "url(", "@import", "crown"):
            assert mark not in text, f"{sheet.name} holds {mark}"


def test_the_sheets_differ_only_in_direction() -> None:
    sheet, mirrored = ((VENDOR / name).read_text() for name in ("app.css", "app.rtl.css"))
    assert sheet != mirrored
    assert sheet.count("{") == mirrored.count("{")
    assert "margin-left" in sheet
    assert "margin-right" in mirrored


def test_scripts_need_no_eval_of_their_own_and_name_no_address() -> None:
    text = (VENDOR / "govuk-frontend.min.js").read_text()
    assert "eval(" not in text
    assert "sourceMappingURL" not in text
