"""Each code that a script's author meets, in plain words, with a wrong script and a right one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code means and how to get rid of it.

    Attributes:
        code: The code.
        meaning: What happened, in two or three sentences.
        wrong: A script that raises it.
        right: The script, corrected.
    """

    code: str
    meaning: str
    wrong: str
    right: str


def explain(code: str) -> Explanation:
    """Explain a code that a check or a run of a script can give.

    Raises:
        KeyError: There is nothing to explain beyond the message.
    """
    return EXPLANATIONS[code]


_ALL: Final = (
    Explanation(
        "script.syntax",
        "The text is no Python, so nothing of it was run. The position is where Python stopped understanding it; the "
        "cause is often just before.",
        'if total > 10\n    print("large")\n',
        'total = 12\nif total > 10:\n    print("large")\n',
    ),
    Explanation(
        "script.too_large",
        "The script has more bytes than a script may have. Scripts are short programs: large data belongs in files, "
        "tool results or several scripts.",
        'data = "' + "x" * 70_000 + '"\n',
        'data = "x" * 70_000\nreturn len(data)\n',
    ),
    Explanation(
        "script.forbidden_syntax",
        "This is Python, but not part of the script language: no guard can hold it. The hint says what to write.",
        "class Shape(metaclass=Registry):\n    pass\n",
        "from abc import ABC\n\nclass Shape(ABC):\n    pass\n",
    ),
    Explanation(
        "script.forbidden_name",
        "The script uses a builtin that scripts do not have (eval, open, input, globals, ...), or a name with two "
        "underscores on both sides.",
        'numbers = eval("[1, 2, 3]")\nreturn sum(numbers)\n',
        'import json\n\nnumbers = json.loads("[1, 2, 3]")\nreturn sum(numbers)\n',
    ),
    Explanation(
        "script.forbidden_attribute",
        "The attribute leads into the interpreter (frames, code, class internals), is private to an object that is not "
        "the script's own, or is not shown by an imported module.",
        'names = [each for each in str.__subclasses__()]\nreturn len("abc".__class__.__mro__)\n',
        'return type("abc").__name__\n',
    ),
    Explanation(
        "script.forbidden_import",
        "Scripts import from a fixed list of modules that only compute. Files, commands and the network are reached "
        "through tools.",
        'import os\n\nreturn os.path.join("src", "main.py")\n',
        'parts = ["src", "main.py"]\nreturn "/".join(parts)\n',
    ),
    Explanation(
        "script.runtime",
        "The script raised an exception that nothing in it caught. The message names the exception, the location its "
        "line.",
        'prices = {"apple": 2}\nreturn prices["pear"]\n',
        'prices = {"apple": 2}\nreturn prices.get("pear", 0)\n',
    ),
    Explanation(
        "script.deadlock",
        "The script waits for something that nothing will ever do: no tool call is outstanding and no timer runs.",
        "import asyncio\n\nready = asyncio.Event()\nawait ready.wait()\n",
        "import asyncio\n\nready = asyncio.Event()\nready.set()\nawait ready.wait()\nreturn True\n",
    ),
    Explanation(
        "script.unserializable",
        "The value of the script, or an argument of a tool call, is no plain data: numbers, text, lists and dicts of "
        "them, dataclasses, dates and the like cross to the host; functions, NaN and cycles do not.",
        "def double(x):\n    return 2 * x\n\nreturn double\n",
        "def double(x):\n    return 2 * x\n\nreturn double(21)\n",
    ),
    Explanation(
        "script.malformed_block",
        "The message holds a script block that is not closed, or blocks inside each other.",
        "<tool-calls>\nreturn 1\n",
        "<tool-calls>\nreturn 1\n</tool-calls>\n",
    ),
    Explanation(
        "script.truncated",
        "The message ended inside a script, as when a model reaches its output limit. Nothing of the script was run.",
        "<tool-calls>\nvalue = [1, 2,",
        "<tool-calls>\nvalue = [1, 2]\nreturn value\n</tool-calls>\n",
    ),
    Explanation(
        "script.not_run",
        "A script, or a call, was not begun, because an earlier script of the same message failed.",
        "<tool-calls>\nreturn 1 / 0\n</tool-calls>\n<tool-calls>\nreturn 2\n</tool-calls>\n",
        "return [1 / 1, 2]\n",
    ),
    Explanation(
        "tool.not_found",
        "There is no tool of this name. The hint has the nearest one.",
        'return await tools.reed_file(path="README.md")\n',
        'return await tools.read_file(path="README.md")\n',
    ),
    Explanation(
        "tool.not_exposed",
        "The tool exists, but is switched off here.",
        'return await tools.spawn.exec(command=["make"])\n',
        'return await tools.exec(command=["make"])\n',
    ),
    Explanation(
        "tool.invalid_arguments",
        "The arguments of a tool call do not fit: one is missing, unknown, or of the wrong type. The hint shows how "
        "the tool is called.",
        "return await tools.read_file(path=7)\n",
        'return await tools.read_file(path="README.md")\n',
    ),
    Explanation(
        "tool.malformed_call",
        "A structured call came with arguments that are no JSON, as when a model's answer is cut off.",
        'return await tools.read_file(path="README.md"\n',
        'return await tools.read_file(path="README.md")\n',
    ),
    Explanation(
        "tool.wrong_payload",
        "A structured call came with JSON that is no object: a list, a number, text.",
        'return await tools.read_file(["README.md"])\n',
        'return await tools.read_file(path="README.md")\n',
    ),
    Explanation(
        "tool.failed",
        "The tool ran and reported a failure. In the script it is a ToolError, which can be caught.",
        'return await tools.read_file(path="missing.txt")\n',
        'try:\n    return await tools.read_file(path="missing.txt")\n'
        "except ToolError as error:\n    return error.message\n",
    ),
    Explanation(
        "tool.timeout",
        "The tool took longer than it may. In the script it is a ToolTimeout, which can be caught.",
        'return await tools.exec(command=["sleep", "600"])\n',
        'try:\n    return await tools.exec(command=["sleep", "600"], timeout_s=5)\n'
        "except ToolTimeout:\n    return None\n",
    ),
    Explanation(
        "tool.cancelled",
        "The call was cancelled before it ended: its task was cancelled, or the script ended first.",
        'import asyncio\n\nasyncio.create_task(tools.read_file(path="README.md"))\nreturn None\n',
        'return await tools.read_file(path="README.md")\n',
    ),
    Explanation(
        "tool.not_awaited",
        "A tool call starts when it is awaited. This one never is, so it would never run.",
        'text = tools.read_file(path="README.md")\nreturn len(text["content"])\n',
        'text = await tools.read_file(path="README.md")\nreturn len(text["content"])\n',
    ),
    Explanation(
        "tool.result_too_large",
        "The tool gave back more than one result may hold. Ask for less: a part of a file, fewer matches.",
        'return await tools.read_file(path="huge.log")\n',
        'return await tools.read_file(path="huge.log", limit=100)\n',
    ),
)

EXPLANATIONS: Final = {each.code: each for each in _ALL}
"""Code -> explanation, for every `script.*` and `tool.*` code."""
