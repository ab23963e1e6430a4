"""Tool calls are checked before anything runs, and the plan names every tool that can be reached."""

from __future__ import annotations

import pytest

from policy.language.arguments import bind_values
from policy.language.pipeline import check
from policy.language.report import Plan, ToolSignature
from policy.language.tool_names import ToolNames, snake_case

TOOLS = (
    ToolSignature(
        "read_file",
        {
            "type": "object",
            "properties": {
                "path": {"type": "string"},
                "limit": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                "mode": {"enum": ["text", "bytes"]},
            },
            "required": ["path"],
            "additionalProperties": False,
        },
    ),
    ToolSignature("apply_patch", {"properties": {"patch": {"type": "string"}}, "required": ["patch"]}),
    ToolSignature(
        "spawn.exec",
        {"properties": {"command": {"type": "array", "items": {"type": "string"}}}, "required": ["command"]},
    ),
    ToolSignature("spawn.kill", {"properties": {"id": {"type": "integer"}}, "required": ["id"]}),
    ToolSignature(
        "edit",
        {
            "properties": {"edits": {"type": "array", "items": {"$ref": "#/$defs/Edit"}}, "ratio": {"type": "number"}},
            "$defs": {
                "Edit": {
                    "type": "object",
                    "properties": {"old": {"type": "string"}, "new": {"type": "string"}},
                    "required": ["old", "new"],
                }
            },
        },
    ),
    ToolSignature(
        "store", {"properties": {"data": {"type": "object"}, "key": {"type": "string"}}, "required": ["data"]}
    ),
    ToolSignature("anything", {"type": "object"}),
    ToolSignature("nothing", {"type": "object", "properties": {}}),
)
ALL = tuple(sorted(tool.name for tool in TOOLS))

FINDINGS = {
    "unknown tool": ("await tools.reed_file(path='a')", "tool.not_found", "did you mean tools.read_file?"),
    "unknown tool in a namespace": ("await tools.spawn.exce([])", "tool.not_found", "did you mean tools.spawn.exec?"),
    "unknown tool by a word": ("await tools.patch('x')", "tool.not_found", "apply_patch"),
    "unknown tool as a value": ("f = tools.reed_file", "tool.not_found", "read_file"),
    "tools as a dict": ("for n in tools.keys():\n    pass", "tool.not_found", "context.tools"),
    "missing argument": ("await tools.read_file()", "tool.invalid_arguments", "path=..."),
    "unknown argument": ("await tools.read_file(pth='a')", "tool.invalid_arguments", "did you mean path?"),
    "unknown argument beside": ("await tools.read_file('a', foo=1)", "tool.invalid_arguments", "path=..."),
    "argument twice": ("await tools.read_file('a', path='b')", "tool.invalid_arguments", "path=..."),
    "too many": ("await tools.apply_patch('a', 'b')", "tool.invalid_arguments", "patch=..."),
    "any argument of a tool without": ("await tools.nothing(x=1)", "tool.invalid_arguments", "tools.nothing()"),
    "wrong type": ("await tools.read_file(path=5)", "tool.invalid_arguments", "path=..."),
    "wrong type, positional": ("await tools.read_file(5)", "tool.invalid_arguments", "path=..."),
    "wrong type in a dict": ("await tools.read_file({'path': 5})", "tool.invalid_arguments", "path=..."),
    "unknown key in a dict": ("await tools.read_file({'path': 'a', 'x': 5})", "tool.invalid_arguments", "path=..."),
    "missing key in a dict": ("await tools.read_file({'limit': 5})", "tool.invalid_arguments", "path=..."),
    "text for a number": ("await tools.edit(ratio='x')", "tool.invalid_arguments", "ratio=..."),
    "a boolean for a number": ("await tools.spawn.kill(True)", "tool.invalid_arguments", "id=..."),
    "no alternative fits": ("await tools.read_file('a', limit='x')", "tool.invalid_arguments", "limit=..."),
    "not one of the choices": ("await tools.read_file('a', mode='x')", "tool.invalid_arguments", "mode=..."),
    "an item of the wrong type": ("await tools.spawn.exec(['ls', 5])", "tool.invalid_arguments", "command=[...]"),
    "a property is missing": ("await tools.edit(edits=[{'old': 'a'}])", "tool.invalid_arguments", "edits=[...]"),
    "a list for text": ("await tools.read_file(path=[x])", "tool.invalid_arguments", "path=..."),
    "a statement of its own": ("tools.read_file('a')\nreturn 1", "tool.not_awaited", "await"),
    "at the end": ("tools.read_file('a')", "tool.not_awaited", "await"),
    "returned at the top level": ("return tools.read_file('a')", "tool.not_awaited", "await"),
    "an attribute of it": ("x = tools.read_file('a').content", "tool.not_awaited", "await"),
    "an item of it": ("x = tools.read_file('a')['content']", "tool.not_awaited", "await"),
    "looped over": ("for x in tools.read_file('a'):\n    pass", "tool.not_awaited", "await"),
    "comprehended": ("[x for x in tools.read_file('a')]", "tool.not_awaited", "await"),
    "printed": ("print(tools.read_file('a'))", "tool.not_awaited", "await"),
    "printed by keyword": ("print(1, end=tools.read_file('a'))", "tool.not_awaited", "await"),
    "dumped": ("import json\njson.dumps(tools.read_file('a'))", "tool.not_awaited", "await"),
    "formatted": ("f\"{tools.read_file('a')}\"", "tool.not_awaited", "await"),
    "added": ("'x' + tools.read_file('a')", "tool.not_awaited", "await"),
    "compared": ("1 == tools.read_file('a')", "tool.not_awaited", "await"),
    "tested": ("if tools.read_file('a'):\n    pass", "tool.not_awaited", "await"),
    "kept and never read": ("x = tools.read_file('a')\nreturn 1", "tool.not_awaited", "await"),
    "kept and misread": ("x = tools.read_file('a')\nprint(x['content'])", "tool.not_awaited", "await"),
    "misread in a function": (
        "async def f():\n    x = tools.read_file('a')\n    return x.content",
        "tool.not_awaited",
        "await",
    ),
    "changed": ("tools.read_file = 1", "script.forbidden_attribute", "variable"),
    "added to": ("tools.mine = 1", "script.forbidden_attribute", "variable"),
    "deleted": ("del tools.read_file", "script.forbidden_attribute", "variable"),
}


@pytest.mark.parametrize(("source", "code", "hint"), FINDINGS.values(), ids=FINDINGS.keys())
def test_a_wrong_call_is_one_finding_with_a_hint(source: str, code: str, hint: str) -> None:
    (found,) = check(source, TOOLS).diagnostics
    assert found.code == code
    assert hint in (found.hint or "")


NO_ALARM = {
    "awaited": "return await tools.read_file('a')",
    "by one dict": "await tools.read_file({'path': 'a', 'limit': 5})",
    "by a dict in a variable": "a = {'path': 'x'}\nawait tools.read_file(a)",
    "by an unpacked dict": "a = {'path': 'x'}\nawait tools.read_file(**a)",
    "by unpacked items": "a = ['x']\nawait tools.read_file(*a)",
    "by a merged dict": "b = {}\nawait tools.read_file({**b, 'path': 'x'})",
    "an object as the first argument": "await tools.store({'any': 1})",
    "an object that names parameters": "await tools.store({'data': {}, 'key': 'k'})",
    "anything": "await tools.anything(x=1, y=2)",
    "none for an optional": "await tools.read_file('a', limit=None)",
    "an integer for a number": "await tools.edit(ratio=1)",
    "a whole float for an integer": "await tools.spawn.kill(5.0)",
    "camel case": "await tools.applyPatch({'patch': 'x'})",
    "unknown values": "await tools.read_file(p, limit=n + 1)",
    "gathered": "import asyncio\nawait asyncio.gather(tools.read_file('a'), tools.read_file('b'))",
    "gathered later": "import asyncio\nxs = [tools.read_file(p) for p in 'ab']\nawait asyncio.gather(*xs)",
    "appended and gathered": (
        "import asyncio\nxs = []\nfor p in 'ab':\n    xs.append(tools.read_file(p))\nawait asyncio.gather(*xs)"
    ),
    "in a dict": "xs = {p: tools.read_file(p) for p in 'ab'}\nreturn {p: await x for p, x in xs.items()}",
    "awaited later": "x = tools.read_file('a')\ny = 1\nreturn await x",
    "awaited in a branch": "x = tools.read_file('a') if y else tools.read_file('b')\nawait x",
    "awaited as a whole": "await (tools.read_file('a') if y else tools.read_file('b'))",
    "a task": "import asyncio\nt = asyncio.create_task(tools.read_file('a'))\nawait t",
    "a task nobody waits for": "import asyncio\nasyncio.create_task(tools.read_file('a'))\nawait asyncio.sleep(1)",
    "a task group": "import asyncio\nasync with asyncio.TaskGroup() as g:\n    g.create_task(tools.read_file('a'))",
    "a lambda": "f = lambda p: tools.read_file(p)\nawait f('a')",
    "returned by a function": "def f(p):\n    return tools.read_file(p)\nawait f('a')",
    "passed as a value": "async def run(f):\n    return await f('a')\nawait run(tools.read_file)",
    "mapped": "import asyncio\nawait asyncio.gather(*map(tools.read_file, 'ab'))",
    "partial": "import functools\nf = functools.partial(tools.read_file, 'a')\nawait f()",
    "in a container": "table = {'r': tools.read_file}\nawait table['r']('a')",
    "an alias": "f = tools.read_file\nawait f('a')",
    "an alias of a namespace": "s = tools.spawn\nawait s.exec([])",
    "tools in a variable": "t = tools\nawait t.whatever()",
    "yielded": "def g():\n    yield tools.read_file('a')\nfor x in g():\n    await x",
    "rebound": "x = tools.read_file('a')\nx = await x\nreturn x['content']",
    "a local called tools": "def f(tools):\n    return tools.anything_else()\nf(1)",
    "a loop variable called tools": "def f():\n    for tools in [[]]:\n        tools.append(1)",
    "a global called tools": "tools = []\ntools.append(1)",
    "an own print": "def print(x):\n    return x\nawait print(tools.read_file('a'))",
    "hasattr and dir": "hasattr(tools, 'x'), dir(tools), print(tools)",
    "the walrus": "if (x := tools.read_file('a')):\n    await x",
    "a default": "async def f(c=tools.read_file('a')):\n    return await c",
}


@pytest.mark.parametrize("source", NO_ALARM.values(), ids=NO_ALARM.keys())
def test_a_good_call_is_no_finding(source: str) -> None:
    assert check(source, TOOLS).diagnostics == ()


def _plan(source: str) -> Plan:
    plan = check(source, TOOLS).plan
    assert plan is not None
    return plan


REACHED = {
    "nothing": ("return 1", ()),
    "one": ("await tools.read_file('a')", ("read_file",)),
    "an alias": ("f = tools.applyPatch\nawait f('a')", ("apply_patch",)),
    "a namespace": ("s = tools.spawn\nawait s.exec([])", ("spawn.exec", "spawn.kill")),
    "tools as a value": ("t = tools\nawait t.read_file('a')", ALL),
    "tools as an argument": ("def f(t):\n    return t\nf(tools)", ALL),
    "tools as a default": ("def f(t=tools):\n    return t", ALL),
    "tools in a container": ("x = [tools]", ALL),
    "tools in a closure": ("def f():\n    return tools\nf()", ALL),
    "tools under another name": ("match tools:\n    case t:\n        pass", ALL),
    "tools in a class": ("class A:\n    t = tools\nA.t", ALL),
    "tools by walrus": ("(t := tools)", ALL),
    "tools as a loop value": ("for t in (tools,):\n    pass", ALL),
    "getattr of a literal": ("getattr(tools, 'read_file')", ("read_file",)),
    "getattr of a namespace": ("getattr(tools, 'spawn')", ("spawn.exec", "spawn.kill")),
    "getattr of a name": ("getattr(tools, n)", ALL),
    "getattr in a namespace": ("getattr(tools.spawn, 'exec')", ("spawn.exec",)),
    "its own getattr": ("def getattr(t, n):\n    return t\ngetattr(tools, 'read_file')", ALL),
    "an item": ("tools['read_file']", ALL),
    "the type": ("type(tools)", ALL),
    "looked at": ("hasattr(tools, 'read_file')", ()),
    "a local tools": ("def f(tools):\n    return tools.read_file('a')", ()),
    "a rebound tools": ("await tools.read_file('a')\ntools = 1", ("read_file",)),
    "a deleted tools": ("t = tools\ndel tools", ALL),
}


@pytest.mark.parametrize(("source", "tools"), REACHED.values(), ids=REACHED.keys())
def test_the_plan_names_what_can_be_reached(source: str, tools: tuple[str, ...]) -> None:
    assert _plan(source).tools == tools


def test_the_plan_has_literal_arguments_by_name() -> None:
    source = (
        "await tools.read_file('a', limit=-1)\nawait tools.readFile({'path': 'b'})\nawait tools.read_file(p)\n"
        "await tools.spawn.exec(command=('ls', '-l'))\nawait tools.edit()"
    )
    assert [(call.tool, call.line, call.arguments) for call in _plan(source).calls] == [
        ("read_file", 1, {"path": "a", "limit": -1}),
        ("read_file", 2, {"path": "b"}),
        ("read_file", 3, None),
        ("spawn.exec", 4, {"command": ["ls", "-l"]}),
        ("edit", 5, {}),
    ]


@pytest.mark.parametrize(
    ("camel", "snake"),
    [
        ("applyPatch", "apply_patch"),
        ("readFile2", "read_file2"),
        ("getHTTPResponse", "get_http_response"),
        ("exec", "exec"),
    ],
)
def test_camel_case_is_an_alias(camel: str, snake: str) -> None:
    assert snake_case(camel) == snake


def test_names_resolve_to_registered_spellings() -> None:
    names = ToolNames(["read_file", "spawn.exec", "mcp.gitHub.listIssues"])
    assert names.tool("readFile") == "read_file"
    assert names.tool("spawn.exec") == "spawn.exec"
    assert names.tool("mcp.gitHub.listIssues") == "mcp.gitHub.listIssues"
    assert names.namespace("mcp.gitHub") == "mcp.gitHub"
    assert names.tool("spawn") is None
    assert names.below("spawn") == {"spawn.exec"}


@pytest.mark.parametrize(
    ("tool", "positional", "keywords", "arguments", "faults"),
    [
        (0, ("a",), {}, {"path": "a"}, []),
        (0, (), {"path": "a"}, {"path": "a"}, []),
        (0, ({"path": "a"},), {}, {"path": "a"}, []),
        (0, ("a", 5), {"mode": "text"}, {"path": "a", "limit": 5, "mode": "text"}, []),
        (0, (), {}, {}, ["missing"]),
        (0, ({"x": 1},), {}, {}, ["unknown", "missing"]),
        (5, ({"x": 1},), {}, {"data": {"x": 1}}, []),
        (5, ({"data": {}},), {}, {"data": {}}, []),
        (6, ({"x": 1},), {}, {"x": 1}, []),
        (7, ({},), {}, {}, []),
        (7, (5,), {}, {}, ["too_many"]),
    ],
)
def test_calls_that_run_are_bound_as_the_check_reads_them(
    tool: int,
    positional: tuple[object, ...],
    keywords: dict[str, object],
    arguments: dict[str, object],
    faults: list[str],
) -> None:
    bound = bind_values(TOOLS[tool].parameters, positional, keywords)
    assert bound.arguments == arguments
    assert [fault.kind for fault in bound.faults] == faults


def test_a_schema_that_refers_to_itself_ends() -> None:
    tree = {"type": "object", "properties": {"child": {"$ref": "#/$defs/Tree"}}}
    tool = ToolSignature("grow", {"properties": {"tree": {"$ref": "#/$defs/Tree"}}, "$defs": {"Tree": tree}})
    loop = ToolSignature("loop", {"properties": {"x": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"$ref": "#/$defs/A"}}})
    assert check("await tools.grow({'tree': {'child': {'child': {}}}})", [tool]).ok
    assert not check("await tools.grow({'tree': {'child': {'child': 5}}})", [tool]).ok
    assert check("await tools.loop(x=1)", [loop]).ok


@pytest.mark.parametrize(
    "parameters", [{}, {"properties": 5}, {"required": "x"}, {"properties": {"x": True}, "required": [5]}]
)
def test_odd_schemas_are_survived(parameters: dict[str, object]) -> None:
    check("await tools.odd(x=1)\nawait tools.odd({'x': [1]})\nawait tools.odd('a')", [ToolSignature("odd", parameters)])
