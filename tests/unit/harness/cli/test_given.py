"""What the command is given to run."""

from __future__ import annotations

import io

import pytest

from harness.cli.given import _read_up_to_limit
from harness.errors import HarnessError


def test_a_file_that_is_too_large_is_wrong_use() -> None:
    assert len(_read_up_to_limit("it", io.BytesIO(bytes(16 * 1024**2)))) == 16 * 1024**2
    with pytest.raises(HarnessError, match="more than 16777216 bytes"):
        _read_up_to_limit("it", io.BytesIO(bytes(16 * 1024**2 + 1)))
