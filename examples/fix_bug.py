"""A script that changes things: it finds a failing test, patches the bug, and runs the tests again, in the sandbox.

The approval policy trusts nothing but commands that only read, so each change is asked about. Who answers here was told
beforehand; `toolscript run` asks at the terminal.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from textwrap import indent

import anyio

from harness import ApprovalRequest, Approve, CallbackApprover, Deny, Harness, ReviewDecision, detect

EXAMPLES = Path(__file__).parent
SETTINGS = {"approval_policy": "unless-trusted", "sandbox": {"kind": "workspace-write", "tmp": False, "tmpdir": False}}


def answer(request: ApprovalRequest) -> ReviewDecision:
    """Answer as a person would who lets this script run the tests and patch the shop, and nothing else."""
    print(f"line {request.line}: tools.{request.tool} waits: {request.reason}\n    {request.excerpt.strip()}")
    if request.tool == "exec" and request.arguments["command"] == ["python3", "-m", "unittest", "-q"]:
        print(f"    {json.dumps(request.arguments['command'])}\n    -> yes, for this session")
        return Approve("session")
    if request.tool == "apply_patch":
        print(indent(str(request.arguments["patch"]), "    ") + "\n    -> yes")
        return Approve()
    return Deny("only the tests, and a patch")


async def main() -> int:
    message = (EXAMPLES / "fix_message.md").read_text()
    with tempfile.TemporaryDirectory() as folder:
        project = shutil.copytree(EXAMPLES / "shop", Path(folder) / "shop")
        async with Harness(workspace=project, settings=SETTINGS, approver=CallbackApprover(answer)) as harness:
            outcome = await harness.run(detect(message).scripts[0].source)
    for call in outcome.calls:
        print(f"tools.{call.tool}: {call.status}" + (f", {call.approval}" if call.approval else ""))
    if outcome.error is not None:
        print(outcome.error)
        return 1
    value = outcome.value
    assert isinstance(value, dict)
    print("\n" + json.dumps({name: item for name, item in value.items() if name != "diff"}))
    print(value["diff"])
    return 0 if value["fixed"] else 1


if __name__ == "__main__":
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    sys.exit(anyio.run(main))
