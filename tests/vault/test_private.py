import os
from pathlib import Path

import pytest

from app.safeguards.vault.private import SecretFileFault, _refuse_unsafe, create_private


def test_a_file_of_another_user_is_refused_with_the_cure(tmp_path):
    path = tmp_path / "keys"
    create_private(path, b"secret", "key file")
    real = path.stat()
    fields = list(real)
    fields[4] = os.geteuid() + 1  # st_uid
    with pytest.raises(SecretFileFault, match=f"chown {os.geteuid()}"):
        _refuse_unsafe(os.stat_result(fields), Path("keys"), "key file")
    fields[4] = 0  # root may own what it hands to the service
    _refuse_unsafe(os.stat_result(fields), Path("keys"), "key file")
