"""The measure of keys fills evenly, holds one minute's worth and is taken from whole or not at all."""

import pytest

from app.safeguards.vault import quota
from app.safeguards.vault.quota import Quota


def test_it_fills_evenly_and_holds_one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1000.0
    monkeypatch.setattr(quota.time, "monotonic", lambda: moment)
    measure = Quota(60)
    assert measure.take(60)
    assert measure.take(0)
    assert not measure.take(1)
    moment = 1003.0
    assert not measure.take(4)
    assert measure.take(2)
    assert measure.take(1)
    assert not measure.take(1)
    moment = 1003.5
    assert not measure.take(1)
    moment = 1004.0
    assert measure.take(1)
    moment = 9000.0
    assert not measure.take(61)
    assert measure.take(60)
    assert not measure.take(1)
    moment = 9030.0
    assert measure.take(30)
    assert not measure.take(1)


def test_without_a_number_there_is_no_limit_and_of_none_nothing_is_taken() -> None:
    assert Quota().take(10**9)
    assert Quota(0).take(0)
    assert not Quota(0).take(1)
