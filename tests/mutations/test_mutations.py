"""Every check is missed: those of the table by the tests that stand beside it there, those of the language by an escape."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from harness.runtimes.cpython.clock import HostClock
from harness.runtimes.cpython.guards import Guards
from policy.language.policy_pass import HANDLERS
from tests.mutations.__main__ import CHECKOUT
from tests.mutations.edit import Edit
from tests.mutations.language import GUARDS, NOT_MISSED
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


@pytest.mark.timeout(600)
def test_every_guard_of_the_language_is_missed_by_an_escape() -> None:
    done = run("-m", "tests.mutations.language")
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(done.stdout.splitlines()) == len(GUARDS)


# The visitors of the policy pass, each with a guard that takes its check out; "" for those that check nothing themselves.
HANDLED = {
    "visit_Name": "names of builtins",
    "visit_Global": "visit_Global",
    "_visit_named": "names that are bound",
    "visit_keyword": "names of keywords",
    "visit_Attribute": "attributes that are refused",
    "visit_AugAssign": "attributes that are updated",
    "visit_Call": "type with three arguments",
    "visit_FunctionDef": "names of parameters",
    "visit_Lambda": "names of parameters",
    "visit_TypeAlias": "names that are bound",
    "visit_ClassDef": "metaclasses",
    "visit_AnnAssign": "",
    "_visit_comprehension": "",
    "visit_Yield": "",
    "visit_Import": "modules",
    "visit_ImportFrom": "names of modules",
    "visit_MatchMapping": "names that are bound",
    "visit_MatchValue": "attributes of value patterns",
    "visit_MatchClass": "attributes of class patterns",
}


def test_every_visitor_and_every_reader_is_in_these_tables() -> None:
    since_3_12 = set() if hasattr(ast, "TypeAlias") else {"visit_TypeAlias"}
    assert {handler.__name__ for handler in HANDLERS.values()} == set(HANDLED) - since_3_12
    assert set(HANDLED.values()) <= {"", *GUARDS, *NOT_MISSED}
    taken_out = "".join(edit.old for guard in GUARDS.values() for edit in guard.edits)
    excused = {word for names in NOT_MISSED for word in names.split(", ")}
    readers = set(Guards({}, HostClock())._readers)
    assert {name for name in readers if f'"{name}"' not in taken_out} == readers & excused


def test_an_entry_whose_code_is_no_longer_there_is_an_error() -> None:
    with pytest.raises(LookupError, match="stands 0 times in it"):
        Edit("harness.audit.chain:_Check.changed", "what was never there", "").prepared()
    with pytest.raises(LookupError, match="there is no function"):
        Edit("harness.audit.chain:_Check.gone", "a", "b").prepared()
