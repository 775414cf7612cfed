"""A case keeps the version of the profile that it began under, whatever the law becomes."""

import shutil
from pathlib import Path

import pytest
import yaml
from sqlalchemy import update

from app.cases import service as cases
from app.cases.models import Case
from app.casework.facts import facts_of
from app.profiles import profile


def test_a_case_is_judged_by_the_version_it_began_under(
    acting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = Path(shutil.copytree(profile.HERE, tmp_path / "profiles"))
    monkeypatch.setattr(profile, "HERE", folder)
    profile.load.cache_clear()
    try:
        with acting("ngo") as work:
            case_id = cases.begin_case(work)
            work.session.execute(update(Case).values(profile_code="ie", profile_version=1))
            shutil.copy(folder / "ie.yaml", folder / "earlier" / "ie-1.yaml")
            text = yaml.safe_load((folder / "ie.yaml").read_text("utf-8"))
            text["version"] = 2
            text["numbers"]["reflection.min_days"]["value"] = 90
            (folder / "ie.yaml").write_text(yaml.safe_dump(text))

            assert facts_of(work, case_id).profile.number("reflection.min_days") == 60
            work.session.execute(update(Case).values(profile_version=2))
            assert facts_of(work, case_id).profile.number("reflection.min_days") == 90
    finally:
        profile.load.cache_clear()
