"""What each error code means and what to do about it, for `docs/reference/errors.md` and `toolscript explain`.

Codes that a script's author meets are explained by `policy.language`, with a wrong and a right script; the meanings of
the others stand here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from harness.errors import CLASS_BY_CODE
from policy.language import explain


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """All there is to say about one code.

    Attributes:
        code: The code.
        meaning: What happened.
        action: What to do about it.
        retryable: "yes" or "no": may the identical request succeed? Otherwise when it may.
        wrong: A script that raises it, or None where scripts are not the cause.
        right: The script, corrected, or None.
        is_reserved: Nothing in this version raises it.
    """

    code: str
    meaning: str
    action: str
    retryable: str = "no"
    wrong: str | None = None
    right: str | None = None
    is_reserved: bool = False


def entry(code: str) -> CatalogueEntry:
    """Return what there is to say about a code.

    Raises:
        KeyError: no error has that code.
    """
    action = ACTIONS[code]
    retryable, is_reserved = RETRYABLE.get(code, "no"), code in RESERVED
    if code in MEANINGS:
        return CatalogueEntry(code, MEANINGS[code], action, retryable, is_reserved=is_reserved)
    found = explain(code)
    return CatalogueEntry(code, found.meaning, action, retryable, found.wrong, found.right, is_reserved)


def entries() -> list[CatalogueEntry]:
    """Return every code's entry, in the order of `harness.errors`."""
    return [entry(code) for code in CLASS_BY_CODE]


MEANINGS: Final = {
    "approval.denied": "A person, or whoever answers for one, said no to a call.",
    "approval.timeout": "A question about a call was not answered within `approval_wait_s`.",
    "approval.aborted": "Whoever was asked about a call ended the whole run.",
    "policy.forbidden": "A rule or the approval policy forbids the call, and nobody is asked: a path that leads out of "
    "the workspace, one whose name says that it holds secrets, a protected one, a command that a rule forbids. In the "
    "script it is a ToolDenied, which can be caught.",
    "sandbox.denied": "A file tool was about to write outside of what this call may write, for example because a link "
    "was swapped in after the decision. What a command was denied stands in its result instead.",
    "limit.wall_time": "The run took longer than `wall_time_s`. The worker was killed, running calls were cancelled.",
    "limit.cpu_time": "The script used more processor time than `cpu_time_s`. The worker was killed.",
    "limit.steps": "The script took as many steps as `steps` allows: loop iterations, comprehension items and "
    "function entries.",
    "limit.memory": "The script needed more than `memory_bytes` above the idle worker. It is a MemoryError first, "
    "which can be caught.",
    "limit.recursion": "The script's calls were nested deeper than `recursion` frames. It is a RecursionError first, "
    "which can be caught.",
    "limit.tool_calls": "The script started more calls than `tool_calls` allows.",
    "limit.arguments": "The arguments of one call take more JSON than `argument_bytes` allows, or are nested deeper "
    "than `return_depth`.",
    "limit.return_value": "The script's value takes more JSON than `return_bytes` allows, or is nested deeper than "
    "`return_depth`.",
    "limit.output": "The script printed more than `output_bytes` allows. Today the log is cut with a marker instead, "
    "and the run goes on.",
    "worker.crashed": "The worker process ended without a word: it was killed, or the interpreter crashed. Or none "
    "could be started, because the host has no processes, memory or descriptors left; then nothing was executed.",
    "worker.protocol": "The worker sent something that is no frame of the protocol, or not in its turn, and was "
    "killed. Its values are not to be trusted.",
    "worker.violation": "The worker made a system call that only an attack makes, and the kernel killed it.",
    "run.cancelled": "The caller ended the run.",
    "run.lost": "The run that was to be resumed is not there: it waited longer than `park_ttl_s`, its host was "
    "started anew, or script, caller and id do not belong together.",
    "run.crowded": "So many runs wait for answers that no further one is begun.",
    "sandbox.unavailable": "A barrier that `confinement` demands cannot be put up here, so no worker starts.",
    "config.invalid": "An argument, a limit, a tool's declaration or an option of the command is not acceptable.",
    "harness.disabled": "Scripts are switched off here, or this is a dry run, in which no structured call is made.",
    "audit.unavailable": "The audit record cannot be written. Without the record no call is made, and a run ends.",
    "internal.bug": "An exception inside toolscript, on the host. The log of the host has its traceback.",
}
"""Meanings of the codes that `policy.language` does not explain."""

ACTIONS: Final = {
    "script.syntax": "Correct the text at the position.",
    "script.too_large": "Split the work, and read data with tools instead of writing it out.",
    "script.forbidden_syntax": "Write what the hint says.",
    "script.forbidden_name": "Use what the hint names, or another name.",
    "script.forbidden_attribute": "Use a public attribute or a builtin such as `type(x).__name__`.",
    "script.forbidden_import": "Import one of the modules of the language, or use a tool.",
    "script.runtime": "Correct the line, or catch the exception.",
    "script.deadlock": "Look for a lock that is never released, a queue nobody fills, an event nobody sets.",
    "script.unserializable": "Return plain data; the message has the path to the value that is none.",
    "script.malformed_block": "Close the block, and put blocks one after the other.",
    "script.truncated": "Ask the model to go on, or for a shorter script.",
    "script.not_run": "Correct the script that failed, and send again what is still needed.",
    "tool.not_found": "Use the name in the hint.",
    "tool.not_exposed": "Use another tool.",
    "tool.invalid_arguments": "Call the tool as the hint shows.",
    "tool.malformed_call": "Send complete JSON.",
    "tool.wrong_payload": "Send one JSON object, with a member for each parameter.",
    "tool.failed": "Read the message; catch ToolError where a failure is to be expected.",
    "tool.timeout": "Try again, or ask the tool for less.",
    "tool.cancelled": "Await the call, if its result is wanted.",
    "tool.not_awaited": "Write `await` before the call.",
    "tool.result_too_large": "Ask for less: a filter, a range, a page.",
    "approval.denied": "Do without the call; the message has the reason that was given.",
    "approval.timeout": "Do without the call, or let the user start the script again.",
    "approval.aborted": "Stop, and ask the user what is wanted.",
    "policy.forbidden": "Do without; the hint says what would be allowed.",
    "sandbox.denied": "Name a path that may be written, or one without links.",
    "limit.wall_time": "Do less in one script, or run slow calls at once with `asyncio.gather`.",
    "limit.cpu_time": "Do less work, or let a tool do it.",
    "limit.steps": "Look for a loop that never ends, or let a tool do the work.",
    "limit.memory": "Keep less at a time: filter early, use generators, ask tools for less.",
    "limit.recursion": "Use a loop, or make sure that the recursion ends.",
    "limit.tool_calls": "Ask each tool for more at once, or use several scripts.",
    "limit.arguments": "Pass less, or let the tool read the data itself.",
    "limit.return_value": "Return a summary, a count, a file's path.",
    "limit.output": "Print less.",
    "worker.crashed": "Run the script again if it is retryable. If it happens again, report it with the script.",
    "worker.protocol": "Treat the script as an attack, and report it.",
    "worker.violation": "Treat the script as an attack, and report it.",
    "run.cancelled": "Nothing, it was wanted. The outcome has the calls that had finished.",
    "run.lost": "Run the script again, if what it had done may be done twice.",
    "run.crowded": "Answer or stop some of the runs that wait, or try again later.",
    "sandbox.unavailable": "Read `toolscript doctor`, which names the missing barriers and why they are missing.",
    "config.invalid": "Correct what the message names; the hint says what is accepted.",
    "harness.disabled": "Make structured calls instead, or ask whoever runs this harness.",
    "audit.unavailable": "Make room on the disk, or correct the file's permissions.",
    "internal.bug": "Report it, with the host's log.",
}
"""What to do, for every code."""

RETRYABLE: Final = {
    "tool.timeout": "yes",
    "tool.failed": "no, unless the tool says so",
    "worker.crashed": "when no call had started",
    "run.crowded": "yes",
}
"""Where the answer is not "no"."""

RESERVED: Final = frozenset(
    {
        "limit.output",
    }
)
"""Codes that stand for what is to come: nothing in this version raises them by itself."""
