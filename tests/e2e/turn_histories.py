"""A conversation with each provider, kept in `tests/data/histories/` to be read and compared.

`python -m tests.e2e.turn_histories` writes the files anew.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, Final

from harness import Harness, tool
from tests.e2e.wire_formats import PROVIDERS, Call, Part, Reasoning, Text, response_of, script_call

FOLDER: Final = Path(__file__).parents[1] / "data" / "histories"
_TAGGED: Final = """\
I count the files first.

<tool-calls>
found = [await tools.count(folder=name) for name in ("src", "docs")]
print(found)
return sum(found)
</tool-calls>

<tool-calls>
return await tools.count(folder=missing)
</tool-calls>

<tool-calls>
return "never begun"
</tool-calls>
"""


@tool
async def count(folder: str) -> int:
    """Count the files of a folder."""
    files = {"src": 3, "docs": 2}
    if folder not in files:
        raise LookupError(f"there is no folder <{folder}>")
    return files[folder]


def _turns(provider: str) -> list[list[Part]]:
    native = script_call('return await tools.count(folder="docs")', provider, "call_2")
    return [
        [Reasoning("The scripts come between tags."), Text(_TAGGED)],
        [Call("count", '{"folder": "src"}', "call_1"), native, Call("count", '{"folder": "lib"}', "call_3")],
        [Text("There are 5 files.")],
    ]


async def history_of(provider: str) -> list[dict[str, Any]]:
    """What an agent has sent and received at the end."""
    history: list[dict[str, Any]] = [{"role": "user", "content": "How many files are there?"}]
    async with Harness([count]) as harness:
        for parts in _turns(provider):
            turn = await harness.respond(response_of(provider, *parts))
            history += turn.items
    assert turn.is_finished
    return history


def main() -> None:
    """Write the files."""
    FOLDER.mkdir(exist_ok=True)
    for provider in PROVIDERS:
        text = json.dumps(asyncio.run(history_of(provider)), indent=1, ensure_ascii=False)
        (FOLDER / f"{provider}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
