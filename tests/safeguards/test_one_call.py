"""Opening a case costs one call to whatever keeps the keys, and none while the keys are in memory."""

from app.demo.stories import Teller
from app.safeguards.vault.keyfile import KeyFile

INDICATORS = [{"source": "told", "signs": ["ilo.violence"]}]


class Counted(KeyFile):
    """A key file that counts how often it is asked."""

    calls = 0

    def unwrap_many(self, keys):
        self.calls += 1
        return super().unwrap_many(keys)


def test_opening_a_case_is_one_call(given, runtime, clock, enter, record_property):
    case_id = Teller(runtime, clock).refer(
        "police", "ngo", INDICATORS, name_to_use="Ira", reason_details="Tonight"
    )
    Teller(runtime, clock).act("ngo", case_id, "referral", "accept")
    reader = enter("ngo")
    runtime.keys.provider = counted = Counted(given.keys_at)
    runtime.keys._open.clear()
    assert "Ira" in reader.get(f"/cases/{case_id}").text
    first = counted.calls
    reader.get(f"/cases/{case_id}")
    assert (first, counted.calls) == (1, 1)
    record_property("G18", f"{first}, and none while the keys are in memory")
