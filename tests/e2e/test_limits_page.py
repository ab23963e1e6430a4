"""docs/reference/limits.md says each ceiling of the code with the number that it has and a test that is there."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from harness.errors import CLASS_BY_CODE
from policy.limits import Limits

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/reference/limits.md").read_text()
SETTINGS, _, OTHERS = PAGE.partition("## Numbers that are not settings")
UNITS = {"KiB": 1024, "MiB": 1024**2, "GiB": 1024**3, "bytes": 1, "characters": 1, "s": 1, "": 1}

NO_CEILINGS: dict[str, str] = {
    "a number of the kernel's interface": """
        harness/confine/capabilities.py:* harness/confine/command_filter.py:* harness/confine/landlock.py:*
        harness/confine/namespaces.py:* harness/confine/process.py:* harness/confine/seccomp.py:*
        harness/confine/targets.py:* harness/confine/views.py:* harness/confine/launcher.py:_DESCRIPTORS
        harness/confine/command.py:_KILLED harness/confine/consumption.py:_OURS
        harness/confine/consumption.py:_RESERVED_PIDS harness/confine/consumption.py:_PID_MAX_OF_NAMESPACE
        harness/confine/guarded.py:_MAX_LINKS
        harness/confine/process_tree.py:_PR_SET_CHILD_SUBREAPER harness/confine/trial.py:_NO_END
        harness/confine/worker_acts.py:_IPC_STAT harness/confine/command_acts.py:_IPC_STAT
        harness/tools/builtin/programs.py:_MAX_LINKS harness/runtimes/cpython/script_types.py:_HEAP_TYPE
        harness/runtimes/cpython/trace.py:_TOOL_ID harness/runtimes/cpython/zygote.py:_CHANNEL_FD""",
    "a status, a version or a number of a format": """
        harness/cli/exit_codes.py:* harness/cli/conversation.py:_NOT_FOUND harness/cli/conversation.py:_REFUSED_KEY
        harness/config/trust.py:_VERSION
        harness/config/approval_key.py:_KEY_BYTES harness/mcp/keeper.py:CANNOT_EXECUTE
        harness/runtimes/cpython/worker.py:_EXIT_BUG harness/runtimes/cpython/zygote.py:_EXIT_BUG
        harness/runtimes/cpython/wire.py:_PREFIX_BYTES harness/runtimes/cpython/worker_trial.py:_PREFIX_BYTES
        harness/tools/builtin/command_attempt.py:TIMED_OUT policy/commands/repository.py:_GITLINK
        policy/commands/repository.py:_FIXED policy/denial.py:_NOT_FOUND policy/denial.py:_SIGSYS_OF_A_SHELL
        harness/tools/builtin/exec.py:_NAMES_BYTES""",
    "how much is read, written or done at a time": """
        harness/approvals/line_input.py:CHUNK_BYTES harness/runtimes/cpython/channel.py:_CHUNK
        harness/runtimes/cpython/wire.py:_READ_BYTES harness/tools/builtin/command_output.py:CHUNK
        harness/tools/builtin/command_output.py:_CHUNKS_A_TURN harness/tools/builtin/grep_files.py:_BLOCK
        harness/tools/builtin/places.py:_READ_BYTES harness/tools/builtin/read_file.py:_CHUNK
        harness/tools/builtin/gitignore.py:_LINES_IN_SET harness/session.py:_CALLS_IN_ONE_TURN
        harness/runtimes/cpython/exchange.py:_TURNS_BETWEEN_LOOKS
        harness/runtimes/cpython/exchange.py:_LARGE_BATCH_CHARS harness/runtimes/cpython/trace.py:_LINES_PER_FRAME
        harness/runtimes/cpython/warmup.py:_REHEARSALS""",
    "a message between our own processes, which no script or command reaches": """
        harness/confine/command.py:_MESSAGE_BYTES harness/confine/separation.py:_ANSWER_BYTES
        harness/runtimes/cpython/worker_trial.py:_MESSAGE_BYTES harness/runtimes/cpython/zygote.py:_MESSAGE_BYTES
        harness/runtimes/cpython/zygote_process.py:_MESSAGE_BYTES harness/inbox.py:MAX_LINE_BYTES""",
    "how often something is looked at": """
        harness/audit/file_lock.py:_RETRY_S harness/config/replacing.py:_LOCK_POLL_S
        harness/confine/consumption.py:_COUNT_EVERY_MS harness/confine/consumption.py:_LOOK_EVERY_MS
        harness/confine/process_tree.py:_PAUSE_S harness/tools/builtin/command_output.py:_BREATH_S
        harness/mcp/link.py:_PAUSES_S harness/mcp/link.py:_RELISTEN_S
        harness/runtimes/cpython/exchange.py:_MAX_WAKE_S""",
    "patience with our own processes, with the kernel, or behind a time of the settings": """
        harness/cli/approve.py:_CONNECT_S harness/confine/command.py:_PARTING_S harness/confine/command.py:_STARTS
        harness/confine/process_tree.py:_PATIENCE_S harness/confine/supervisor.py:_PARTING_S
        harness/mcp/connection.py:_PARTING_S harness/mcp/connection.py:_STEADY_S
        harness/mcp/connection.py:_TO_KNOW_WHY_S harness/mcp/http_streams.py:_CONNECTING_S
        harness/mcp/keeper.py:_GRACE_S harness/mcp/serving.py:_GRACE_S
        harness/tools/builtin/command_attempt.py:_BURIAL_S harness/tools/builtin/exec.py:_SHORTEST_S""",
    "of the self-test": """
        harness/confine/command_acts.py:* harness/confine/command_trial.py:* harness/confine/proofs.py:*
        harness/confine/trial.py:* harness/confine/worker_acts.py:* harness/runtimes/cpython/worker_trial.py:*""",
    "what a person or a model is shown of something longer": """
        harness/approvals/form_fields.py:_MOST_NAME harness/approvals/question_text.py:*
        harness/cli/audit.py:_MAX_TEXT harness/cli/live.py:* harness/config/parsing.py:_SHOWN
        harness/detect/block.py:_EXCERPT harness/mcp/ending.py:* harness/mcp/results.py:_MOST_PROBLEMS
        harness/runtimes/cpython/trace.py:_MAX_REPR_CHARS harness/runtimes/cpython/trace.py:_MAX_ITEMS
        harness/runtimes/cpython/trace.py:_MAX_NAMES harness/runtimes/cpython/values.py:_MAX_PATH
        harness/telemetry/spans.py:_MAX_NAME harness/tools/builtin/edit_file.py:_TOLD_LINES
        harness/tools/builtin/workspace.py:_SHOWN harness/tools/schema_types.py:* harness/tools/stubs.py:*
        harness/visible_text.py:_MOST_MARKS policy/patch/diff.py:_CONTEXT policy/patch/grammar.py:_SHOWN
        policy/patch/matching.py:_SHOWN_LINES policy/patch/matching.py:_SHOWN_CHARS""",
    "how far something is guessed that is a help and no answer": """
        harness/instructions.py:ASCII_CHARACTERS_PER_TOKEN harness/tools/builtin/file_search.py:_MIN_SCORE
        harness/tools/builtin/grep_files.py:_BINARY_PROBE harness/tools/builtin/programs.py:_MAX_SUGGESTED
        harness/tools/builtin/read_file.py:_BINARY_PROBE harness/tools/builtin/tool_search.py:_LEAST_LIKENESS
        harness/tools/builtin/workspace.py:_MAX_SUGGESTED harness/tools/builtin/command_output.py:EVIDENCE_BYTES
        policy/commands/wrappers.py:_MAX_UNKNOWN policy/denial.py:_MAX_LINES policy/denial.py:_MAX_LINE
        policy/denial.py:_TRACEBACK policy/language/arguments.py:_MAX_SCHEMA_DEPTH
        policy/language/literals.py:_MOST_BITS policy/language/ownership.py:_WORTH_IT
        policy/patch/matching.py:_COMPARED_LINES policy/patch/matching.py:_COMPARED_CHARS
        policy/patch/matching.py:_OCCURRENCES policy/patch/matching.py:_MIN_LIKENESS""",
    "what is kept so that it need not be made again; made again, it is the same": """
        harness/tools/snapshots.py:_MOST_KEPT policy/commands/parsing.py:_CACHED_CHARS
        policy/commands/embedded.py:_CACHED_CHARS""",
    "a form of what is written, not a loss": """
        harness/audit/values.py:_MAX_BITS harness/audit/redaction.py:_SHORT harness/audit/redaction.py:_LEAST_SECRET""",
    "a default of the reference agent, which the request may set": "harness/cli/anthropic_client.py:MAX_TOKENS",
    "beside a ceiling that is on the page: its own part, or its allowance": """
        harness/audit/reading.py:_LOOKED_AT harness/detect/block.py:_SLACK harness/event_backlog.py:_EVENT
        harness/runtimes/cpython/worker.py:_FRAMES_BELOW harness/runtimes/cpython/worker.py:_RESERVE_BYTES
        harness/tools/builtin/line_pattern.py:_MAX_MEMORY harness/tools/builtin/workspace.py:MAX_STEPS
        harness/confine/guarded.py:_POINTER_BYTES harness/runtimes/cpython/formatting.py:_MAX_NESTING""",
}
"""Numbers that are no ceiling which a user, an operator or an attacker meets, by reason. `*` is every one of a file."""


@dataclass(frozen=True)
class Row:
    """A line of a table."""

    what: str
    value: str
    past: str
    place: tuple[str, str]
    tests: tuple[str, ...]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def rows() -> Iterator[Row]:
    """The lines of the tables of numbers that are no settings."""
    for line in OTHERS.splitlines():
        if line.startswith("|") and not line.startswith(("| what", "|---")):
            what, value, past, place, tests = cells(line)
            file, name = re.findall(r"`([^`]+)`", place)
            yield Row(what, value, past, (file, name), tuple(re.findall(r"`([^`]+)`", tests)))


ROWS = tuple(rows())
FIELDS = {match[1]: cells(match[0]) for match in re.finditer(r"^\| `(\w+)` \|.*$", SETTINGS, re.MULTILINE)}


def number(text: str) -> float:
    """Read `262,144 bytes`, `256 KiB`, `0.25 s`; `4,300 digits` are the least number that has more."""
    found = re.fullmatch(r"([\d,.]+) ?(\w*)", text)
    assert found is not None, f"{text!r} is no number with a unit"
    plain = float(found[1].replace(",", ""))
    return 10 ** int(plain) if found[2] == "digits" else plain * UNITS[found[2]]


def bound(annotated: Any) -> float:
    """The one bound from above of a field, or of an `Annotated` type."""
    constraints = getattr(annotated, "metadata", None) or get_args(annotated)[1].metadata
    bounds = [getattr(item, name) for item in constraints for name in ("le", "max_length") if hasattr(item, name)]
    (found,) = bounds
    return float(found)


def value_of(file: str, name: str) -> float:
    """The number of a constant, of a parameter's default `Class(parameter)`, or of a field's bound `Model.field`."""
    module = importlib.import_module(file.removesuffix(".py").replace("/", "."))
    if found := re.fullmatch(r"(\w+)\((\w+)\)", name):
        return float(inspect.signature(getattr(module, found[1])).parameters[found[2]].default)
    if "." in name:
        model, _, field = name.partition(".")
        return bound(getattr(module, model).model_fields[field])
    value = getattr(module, name)
    return value if isinstance(value, (int, float)) else bound(value)


@cache
def functions_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / file).read_text())
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(item.name for item in ast.walk(tree) if isinstance(item, kinds))


def missing(tests: tuple[str, ...]) -> list[str]:
    return [test for test in tests if test.partition("::")[2] not in functions_of(test.partition("::")[0])]


def is_number(node: ast.expr | None) -> bool:
    """Written as a number, or calculated from numbers; the names in it may be constants."""
    if isinstance(node, ast.BinOp):
        sides = (node.left, node.right)
        return any(map(is_number, sides)) and all(is_number(side) or isinstance(side, ast.Name) for side in sides)
    if isinstance(node, ast.Tuple):
        return bool(node.elts) and all(map(is_number, node.elts))
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def constants() -> Iterator[tuple[str, str]]:
    """Every module's constants that are numbers, as `(file, name)`."""
    for path in sorted([*(ROOT / "harness").rglob("*.py"), *(ROOT / "policy").rglob("*.py")]):
        for node in ast.parse(path.read_text()).body:
            targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
            for target in targets if is_number(getattr(node, "value", None)) else ():
                if isinstance(target, ast.Name) and re.fullmatch(r"_?[A-Z][A-Z0-9_]*", target.id):
                    yield str(path.relative_to(ROOT)), target.id


CONSTANTS = frozenset(constants())


def test_every_field_has_its_default_and_a_test() -> None:
    assert list(FIELDS) == list(Limits.model_fields)
    for name, (_, default, *_, tests) in FIELDS.items():
        assert number(default) == getattr(Limits(), name), name
        named = tuple(re.findall(r"`([^`]+)`", tests))
        assert named, name
        assert not missing(named), name


@pytest.mark.parametrize("row", ROWS, ids=lambda row: ":".join(row.place))
def test_a_number_is_that_of_the_code_and_has_a_test(row: Row) -> None:
    assert number(row.value) == value_of(*row.place)
    assert row.tests
    assert not missing(row.tests)


def test_what_happens_past_a_number_is_said_with_codes_that_exist() -> None:
    codes = {code for row in ROWS for code in re.findall(r"`([a-z]+\.[a-z_]+)`", row.past)}
    assert codes <= CLASS_BY_CODE.keys()


def test_every_number_of_the_code_is_on_the_page_or_is_no_ceiling_for_a_reason() -> None:
    listed = {row.place for row in ROWS}
    assert len(listed) == len(ROWS), "a number is listed twice"
    excused: set[tuple[str, str]] = set()
    for entry in " ".join(NO_CEILINGS.values()).split():
        file, _, name = entry.partition(":")
        meant = {place for place in CONSTANTS if place[0] == file and name in ("*", place[1])}
        assert meant, f"{entry} is excused, and there is no such number"
        excused |= meant
    assert not excused & listed, "excused, and on the page"
    left = sorted(CONSTANTS - listed - excused)
    assert not left, "put it into docs/reference/limits.md with a test, or say in NO_CEILINGS why it is no ceiling"


def test_numbers_are_found_however_they_are_written() -> None:
    for place in (
        ("harness/event_backlog.py", "MAX_UNREAD_OUTPUT"),  # 1_048_576
        ("harness/runtimes/cpython/run.py", "_MAX_TRACE_BYTES"),  # 32 * 1024**2
        ("harness/audit/log.py", "MAX_DAMAGE_BYTES"),  # 4 * MAX_LINE_BYTES
        ("harness/approvals/question_text.py", "CUT_TEXT"),  # 40, 25, 10
        ("harness/mcp/link.py", "_PAUSES_S"),
    ):
        assert place in CONSTANTS
