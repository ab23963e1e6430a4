"""What is fuzzed: each target takes any bytes and raises only where the product breaks a promise.

They know nothing of the fuzzer, so that `tests/property/test_fuzz_targets.py` can give them the seeds, and every input that
once made them raise, in `make test`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from contextlib import suppress

from harness.config.environment import PREFIX, values_of_environment
from harness.config.parsing import decoded, settings_of_text, settings_of_values
from harness.config.problems import Problem
from harness.config.rules import rules_of_text
from harness.detect import Detector, ScriptSegment, detect, merge, render
from harness.errors import CLASS_BY_CODE, WorkerError
from harness.runtimes.cpython.frames import read_frame
from harness.runtimes.cpython.wire import FrameSplitter
from policy.commands import Rule, judge, parse_plain
from policy.effects import Command
from policy.language import ToolSignature, compile_script
from policy.patch import MatchError, PatchError, UpdateFile, apply_chunks, describe_nearest, parse_patch, render_diff

MAX_FRAME = 1 << 16
TOOLS = [
    ToolSignature("add", {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}),
    ToolSignature("spawn.exec", {"type": "object", "properties": {"command": {}}}),
]


def validator(data: bytes) -> None:
    """A check of any bytes gives a report: total, the same twice, each finding with its place, code only if clean."""
    compiled = compile_script(data, TOOLS)
    report = compiled.report
    assert report.ok == (compiled.code is not None)
    assert compile_script(data, TOOLS).report == report
    for found in report.diagnostics:
        assert found.code in CLASS_BY_CODE, found
        assert found.message, found
        assert (1, 1) <= (found.line, found.column) <= (found.end_line, found.end_column), found
    if report.ok:
        assert report.plan is not None
        ast.parse(data)


def frame_reader(data: bytes) -> None:
    """Bytes of a worker are frames or `worker.protocol`, wherever they are cut. The first byte says how long the pieces are."""
    size, stream = (data[:1] or b"\1")[0] + 1, data[1:]
    whole = _frames_of([stream])
    assert _frames_of([stream[at : at + size] for at in range(0, len(stream), size)])[: len(whole)] == whole
    for body in whole:
        with suppress(WorkerError):
            read_frame(body)
    with suppress(WorkerError):
        read_frame(stream)


def _frames_of(pieces: list[bytes]) -> list[bytes]:
    splitter = FrameSplitter(max_bytes=MAX_FRAME)
    found: list[bytes] = []
    with suppress(WorkerError):
        for piece in pieces:
            found += splitter.feed(piece)
            assert splitter.pending_bytes <= MAX_FRAME + 4
    return found


def patch_parser(data: bytes) -> None:
    """Any text is a patch or a `PatchError` that names lines; its chunks change a text or do not match it."""
    patch, _, text = data.decode("utf-8", "surrogateescape").partition("\0")
    try:
        hunks = parse_patch(patch).hunks
    except PatchError as error:
        assert error.problems
        assert all(problem.startswith("line ") or "no hunks" in problem for problem in error.problems), error.problems
        return
    assert hunks
    for hunk in hunks:
        if isinstance(hunk, UpdateFile):
            _apply(text, hunk)


def _apply(text: str, hunk: UpdateFile) -> None:
    try:
        changed = apply_chunks(text, hunk.chunks)
    except MatchError as error:
        assert error.mismatches
        assert all(mismatch.message for mismatch in error.mismatches)
        describe_nearest(text, [line.text for chunk in hunk.chunks for line in chunk.lines])
    else:
        diff = render_diff(text, changed, old_name="a", new_name="b", max_chars=4000)
        assert bool(diff.text) == (text != changed)


def detector(data: bytes) -> None:
    """Nothing of a message is lost, any way of cutting it gives the same, and a script comes back from its rendering."""
    size, message = (data[:1] or b"\1")[0] + 1, data[1:]
    segments = list(detect(message).segments)
    assert "".join(segment.raw for segment in segments).encode("utf-8", "surrogateescape") == message
    scanner = Detector()
    pieces = [each for at in range(0, len(message), size) for each in scanner.feed(message[at : at + size])]
    assert merge(pieces + scanner.close()) == segments
    for segment in segments:
        if isinstance(segment, ScriptSegment):
            again = [each for each in detect(render(segment.source)).segments if isinstance(each, ScriptSegment)]
            assert [each.source for each in again] == [segment.source]


def shell_text(data: bytes) -> None:
    """Any text of a shell is judged; what is not plain is never allowed as a whole."""
    text = data.decode("utf-8", "surrogateescape")
    allow = [Rule((("git",),), "allow"), Rule((("ls",),), "allow")]
    for shell in ("bash", "sh", "zsh"):
        plain = parse_plain(text, shell=shell)
        verdict = judge(Command((shell, "-c", text), f"/bin/{shell}", "/", is_from_path=True), allow)
        assert not verdict.is_allowed_whole or (plain is not None and all(words[0] in ("git", "ls") for words in plain))


def settings(data: bytes) -> None:
    """Text of settings, also as a variable of the environment: settings, or problems that say where."""
    problems: list[Problem] = []
    text = decoded(data, "toolscript.toml", problems)
    if text is not None:
        found = settings_of_text(text, "toolscript.toml", problems, home="/", folder=None)
        assert (found is None) == bool(problems)
    _say_where(problems, data)
    name, _, value = data.decode("utf-8", "surrogateescape").partition("=")
    problems = []
    values = values_of_environment({PREFIX + name: value}, problems)
    settings_of_values(values, "the environment", problems, home="/", folder=None)
    _say_where(problems, data)


def rules(data: bytes) -> None:
    """Text of command rules: rules, or problems that say where."""
    problems: list[Problem] = []
    text = decoded(data, "rules.toml", problems)
    if text is not None:
        found = rules_of_text(text, "rules.toml", problems, source="user")
        assert not (found and problems)
    _say_where(problems, data)


def _say_where(problems: list[Problem], data: bytes) -> None:
    lines = data.count(b"\n") + 1
    for problem in problems:
        assert problem.message, problem
        assert problem.line is None or 1 <= problem.line <= lines, problem


BY_NAME: dict[str, Callable[[bytes], None]] = {
    "validator": validator,
    "frame_reader": frame_reader,
    "patch_parser": patch_parser,
    "detector": detector,
    "shell_text": shell_text,
    "settings": settings,
    "rules": rules,
}
