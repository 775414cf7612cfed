"""What docs/limits.md says of limits is what the code does."""

import inspect

from app.accounts import clients, limits, oidc, sessions
from app.kit import database
from app.notices import sms, smtp
from app.safeguards.rationing import SAID
from app.safeguards.vault.transit import Place
from app.settings import Settings
from app.web import door, guards
from app.web.pace import ACTS_AT_ONCE
from tests.house.source import ROOT

DEFAULT = {name: each.default for name, each in Settings.model_fields.items()}
WRITTEN = (
    (f"{DEFAULT['requests_per_minute']} a minute (NRM_REQUESTS_PER_MINUTE)", True),
    (f"{DEFAULT['acts_per_minute']} a minute (NRM_ACTS_PER_MINUTE), {ACTS_AT_ONCE} at once", True),
    (f"{DEFAULT['unwraps_per_minute']} a minute (NRM_UNWRAPS_PER_MINUTE)", True),
    ("{} an hour and {} a day at least".format(*SAID["openings"]["default"]), True),
    ("| {} an hour, {} a day |".format(*SAID["search"]["default"]), True),
    ("| {} an hour, {} a day |".format(*SAID["known"]["default"]), True),
    ("| {} an hour, {} a day each |".format(*SAID["exports"]["default"]), SAID["exports"] == SAID["emergencies"]),
    (f"{limits.BY_ADDRESS} from an address, {limits.BY_ACCOUNT} into an account, within 10 minutes", True),
    ("within 10 minutes", limits.WITHIN.total_seconds() == 600),
    ("15 idle minutes, 12 hours", (sessions.IDLE_WITHIN.seconds, sessions.ABSOLUTE_WITHIN.seconds) == (900, 43200)),
    ("| a program's token | 10 minutes |", clients.GOOD_FOR.total_seconds() == 600),
    ("1 MB, 3000 fields", guards.LARGEST == 1 << 20 and "max_fields=3000" in inspect.getsource(door.sent_form)),
    ("15 s; 5 s", "lock_timeout=5000 -c statement_timeout=15000" in inspect.getsource(database.make_engine)),
    ("wait 10 s, then 503", "pool_timeout=10" in inspect.getsource(database.make_engine)),
    ("5 s for each call", oidc.TIMEOUT == 5),
    ("2 s for a whole call", Place.__dataclass_fields__["timeout"].default == DEFAULT["transit_timeout"] == 2),
    ("20 s for each answer", smtp.PATIENCE == sms.PATIENCE == 20),
)  # fmt: skip


def test_every_limit_is_written_as_it_is() -> None:
    text = (ROOT / "docs" / "limits.md").read_text("utf-8")
    assert not [said for said, holds in WRITTEN if said not in text or not holds]
