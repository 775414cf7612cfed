"""The commands by which somebody outside comes to sign the ledger's head, as they are typed on either side."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli import main
from app.safeguards.ledger.note import verifier_key
from app.safeguards.ledger.witness import with_witnesses
from app.safeguards.vault.signing import Signer
from app.safeguards.words import Act
from app.sealing import seal_once
from app.settings import Settings, settings
from tests.fixtures.service import As

NAME = "ombudsperson.example"


@pytest.fixture
def typed(
    given: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Type a command where the service's settings are in the environment; return its code and what it said."""
    for name, value in given.model_dump(exclude_none=True).items():
        monkeypatch.setenv(f"NRM_{name.upper()}", str(value))

    def run(*words: str | Path) -> tuple[int, str, str]:
        settings.cache_clear()
        try:
            code = main(["ledger", *map(str, words)])
        finally:
            settings.cache_clear()
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_head_is_asked_for_signed_and_kept(
    given: Settings, acting: As, typed: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    with pytest.raises(SystemExit, match="nrm seal"):
        typed("request")
    key, folder = verifier_key(given.origin, Signer.load(given.signing_at).public), tmp_path / "witness"
    asked, signed = tmp_path / "request", tmp_path / "signed"
    since = 0
    for _round in range(2):  # the second time from where the witness left off
        with acting("ngo") as work:
            work.record(Act.SEARCH)
            work.commit()
        since_before, since = since, since + seal_once(given)
        asked.write_text(typed("request", "--since", since_before)[1], "utf-8")
        code, note, told = typed("cosign", asked, "--key", key, "--folder", folder, "--name", NAME)
        assert code == 0
        signed.write_text(note, "utf-8")
        witness = told.strip().rpartition(" ")[2]
        code, path, _told = typed("accept", signed, "--witness", witness)
        assert code == 0
        assert Path(path.strip()).read_text("utf-8") == note
    code, _said, told = typed("cosign", asked, "--key", key, "--folder", folder, "--name", NAME)
    assert (code, "you last signed" in told) == (2, True)
    signed.write_text(note.replace("\n", "\n ", 1), "utf-8")
    code, _said, told = typed("accept", signed, "--witness", witness)
    assert (code, told.startswith("Not kept")) == (2, True)
    [head] = [path.read_text("utf-8") for path in given.checkpoints_at.glob(f"{since:020d}-*.checkpoint")]
    [cosigned] = with_witnesses([head], given.checkpoints_at)
    assert cosigned == note
