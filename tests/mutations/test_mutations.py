"""Every check of the table is missed by the tests that stand beside it there."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.mutations.__main__ import CHECKOUT
from tests.mutations.edit import Edit
from tests.mutations.table import MUTATIONS

WEAKER = "from tests.mutations import table, __main__ as program; from dataclasses import replace; "


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=500
    )


@pytest.mark.timeout(600)  # some fifteen seconds of two processors, if nothing else uses them
def test_every_check_is_missed_by_its_tests() -> None:
    done = run("-m", "tests.mutations")
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout + done.stderr
    assert {line.partition("without ")[2].rpartition(": ")[0] for line in lines} == {*MUTATIONS, "nothing"}


@pytest.mark.timeout(600)
def test_a_check_that_no_test_misses_is_told_of() -> None:
    """Tests that have nothing to do with it pass, also without it."""
    unnoticed = "m = table.MUTATIONS['the hash of a record']; "
    other = "other = replace(m, tests=table.MUTATIONS['the number of a record'].tests); "
    done = run(
        "-c", f"{WEAKER}{unnoticed}{other}program.MUTATIONS = {{'it': other}}; raise SystemExit(program.main([]))"
    )
    assert done.returncode == 1
    assert "SURVIVED  without it: 1 tests pass although harness.audit.chain:_Check.changed was changed" in done.stdout


def test_an_entry_whose_code_is_no_longer_there_is_an_error() -> None:
    with pytest.raises(LookupError, match="stands 0 times in it"):
        Edit("harness.audit.chain:_Check.changed", "what was never there", "").prepared()
    with pytest.raises(LookupError, match="there is no function"):
        Edit("harness.audit.chain:_Check.gone", "a", "b").prepared()
