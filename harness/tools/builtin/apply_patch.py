"""`apply_patch`: change several files at once, by a patch in the apply_patch format."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from harness.errors import CallError
from harness.tools.binding import Tool, ToolContext
from harness.tools.builtin.changes import NOTHING_CHANGED, Change, make_changes
from harness.tools.builtin.patch_plan import MAX_DIFF_CHARS, Plan, Targets, targets_of
from harness.tools.builtin.patience import Patience, in_thread, pause_of
from harness.tools.builtin.places import Places, refuse_unwritable
from policy.effects import Effect, Writes
from policy.grants import Grants
from policy.patch import Hunk, PatchError, parse_patch

MAX_PATCH_BYTES = 1024**2
MAX_PATCH_LINES = 100_000
MAX_HUNKS = 200
MAX_PATH_CHARS = 65_536
"""Characters of all the paths of a patch: each costs a walk before anything is decided."""

_BUDGET_S = 10.0
_TOLD_PROBLEMS = 10


class ApplyPatch(BaseModel):
    """Arguments of `apply_patch`."""

    model_config = ConfigDict(extra="forbid")

    patch: str = Field(description="The whole patch, from '*** Begin Patch' to '*** End Patch'.")
    atomic: bool = Field(True, description="Apply all hunks or none. False keeps what hunks before a failing one did.")


def apply_patch_tool(places: Places) -> Tool:
    """Make the tool `apply_patch`.

    It returns `{"changes", "diff"}`. A change is `{"path", "kind", "added", "removed"}`: the path below the workspace,
    links resolved; "added", "updated", "deleted" or "moved", the last with the old path as "from"; how many lines came
    and went. The diff is unified, cut at 64 Ki characters.

    Errors: `tool.invalid_arguments`, the text is no patch, with every mistake; `tool.failed`, hunks do not fit the
    files, with every one of them and the nearest lines, or the system refuses: no file is changed then, unless
    `atomic` is False, when `details["changes"]` lists what was done; `sandbox.denied`, a path leads out of what may be
    written; `policy.forbidden`, a path is protected.
    """

    async def handle(arguments: ApplyPatch, context: ToolContext) -> object:
        hunks = _hunks(arguments.patch)
        targets = await in_thread(lambda patience: _targets(places, hunks, context.grants), budget_s=_BUDGET_S)
        if arguments.atomic:
            return await _apply(places, targets)
        return await _apply_one_by_one(places, targets)

    async def effect(arguments: ApplyPatch, grants: Grants) -> Effect:
        # In a thread: a hostile patch can name many long chains of links.
        return await in_thread(lambda patience: _writes(places, arguments.patch), budget_s=_BUDGET_S)

    return Tool(
        name="apply_patch",
        description=_DESCRIPTION,
        parameters=ApplyPatch,
        handler=handle,
        parallel=False,
        risk="write",
        effect=effect,
        takes_context=True,
        returns=_RETURNS,
    )


_DESCRIPTION = """\
Change files of the workspace by a patch. It is checked as a whole before anything is written; if a part does not fit,
no file changes and the error names every part and the nearest lines. Returns a dict with changes (a list of dicts with
path, kind: 'added', 'updated', 'deleted' or 'moved', added, removed, and from for a moved file) and diff.

*** Begin Patch
*** Update File: src/main.py
*** Move to: src/start.py
@@ def main():
     read()
-    run()
+    run(fast=True)
*** Add File: notes.md
+# Notes
*** Delete File: old.txt
*** End Patch

'*** Move to:' is optional. Lines of a chunk begin with ' ' (stays), '-' (removed) or '+' (added); give about three
lines around a change. '@@ LINE' seeks a line above the chunk, several of them narrow down; chunks stand in the order
of the file. '*** End of File' behind a chunk puts it at the end. A chunk of '+' lines alone is appended."""

_RETURNS = {
    "type": "object",
    "properties": {
        "changes": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "path": {"type": "string"},
                    "kind": {"enum": ["added", "updated", "deleted", "moved"]},
                    "from": {"type": "string"},
                    "added": {"type": "integer"},
                    "removed": {"type": "integer"},
                },
                "required": ["path", "kind", "added", "removed"],
            },
        },
        "diff": {"type": "string"},
    },
    "required": ["changes", "diff"],
}


def _writes(places: Places, patch: str) -> Effect:
    targets = targets_of(places, _hunks(patch))
    return Writes(tuple(dict.fromkeys(place.path for target in targets for place in target.places())))


def _hunks(patch: str) -> Sequence[Hunk]:
    """Read the patch, or say everything that is wrong with it."""
    if len(patch) > MAX_PATCH_BYTES or len(patch.encode("utf-8", "replace")) > MAX_PATCH_BYTES:
        raise _no_patch([f"it is larger than {MAX_PATCH_BYTES:,} bytes"], _SPLIT)
    try:
        patch.encode()
    except UnicodeEncodeError:
        raise _no_patch(["it holds characters that are not valid Unicode"], _FORMAT) from None
    if "\0" in patch:
        raise _no_patch(["it holds a null byte"], _FORMAT)
    if patch.count("\n") > MAX_PATCH_LINES:
        raise _no_patch([f"it has more than {MAX_PATCH_LINES:,} lines"], _SPLIT)
    try:
        hunks = parse_patch(patch).hunks
    except PatchError as error:
        raise _no_patch(error.problems, _FORMAT) from None
    if len(hunks) > MAX_HUNKS:
        raise _no_patch([f"it has {len(hunks)} hunks, {MAX_HUNKS} are allowed"], _SPLIT)
    if sum(len(hunk.path) + len(getattr(hunk, "move_to", None) or "") for hunk in hunks) > MAX_PATH_CHARS:
        raise _no_patch([f"its paths are longer than {MAX_PATH_CHARS:,} characters together"], _SPLIT)
    return hunks


_SPLIT = "split it, or write large files with write_file"
_FORMAT = "see the description of apply_patch for the format"


def _no_patch(problems: Sequence[str], hint: str) -> CallError:
    return CallError(
        "tool.invalid_arguments",
        f"the patch cannot be read: {_listed(problems, '; ')}",
        hint=hint,
        details={"problems": list(problems[:_TOLD_PROBLEMS])},
    )


def _listed(problems: Sequence[str], separator: str) -> str:
    more = len(problems) - _TOLD_PROBLEMS
    return separator.join([*problems[:_TOLD_PROBLEMS], *([f"and {more} more"] if more > 0 else [])])


def _targets(places: Places, hunks: Sequence[Hunk], grants: Grants) -> list[Targets]:
    targets = targets_of(places, hunks)
    refuse_unwritable((place for target in targets for place in target.places()), grants)
    return targets


async def _apply(places: Places, targets: Sequence[Targets]) -> dict[str, object]:
    """Apply hunks, all or none."""

    def plan(patience: Patience) -> tuple[Sequence[Change], dict[str, object]]:
        planned = Plan(places, pause_of(patience))
        for target in targets:
            planned.add(target)
        if planned.problems:
            raise _does_not_fit(planned.problems)
        changes, diff = planned.report()
        return planned.changes(), {"changes": changes, "diff": diff}

    changes, result = await in_thread(plan, budget_s=_BUDGET_S)
    await make_changes(places, changes)
    return result


def _does_not_fit(problems: Sequence[str]) -> CallError:
    return CallError(
        "tool.failed",
        f"the patch does not fit, and nothing was changed:\n{_listed(problems, chr(10))}",
        hint="read the files again, and send the whole patch anew",
        details={"problems": list(problems[:_TOLD_PROBLEMS])},
    )


async def _apply_one_by_one(places: Places, targets: Sequence[Targets]) -> dict[str, object]:
    """Apply one hunk after the other until one fails; what was done stays."""
    done: list[object] = []
    diff = ""
    for target in targets:
        try:
            result = await _apply(places, [target])
        except CallError as error:
            raise _stopped(error, target.number, len(targets), done) from None
        done += result["changes"] if isinstance(result["changes"], list) else []
        diff += str(result["diff"])
    return {"changes": done, "diff": diff[:MAX_DIFF_CHARS]}


def _stopped(error: CallError, number: int, count: int, done: Sequence[object]) -> CallError:
    before = {1: "nothing was changed", 2: "hunk 1 was applied and stays"}
    stay = before.get(number, f"hunks 1 to {number - 1} were applied and stay")
    problems = error.details.get("problems")
    told = problems if isinstance(problems, list) else [error.message.removeprefix(NOTHING_CHANGED)]
    return CallError(
        error.code,
        f"hunk {number} of {count} failed, {stay}, and the rest was not tried:\n" + "\n".join(map(str, told)),
        hint="send a patch with the failed hunk, corrected, and the rest",
        retryable=False,
        details={**error.details, "changes": list(done)},
    )
