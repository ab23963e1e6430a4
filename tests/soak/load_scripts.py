"""The scripts of the load test: what each does, with which secret of its own, and how it has to end.

A tenth is hostile. Some of these skip the check of the language: their code is put where the host keeps what a worker
has compiled, so that arbitrary Python runs in a worker of the real pool.
"""

from __future__ import annotations

import ast
import base64
import marshal
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from harness import Harness
from harness.runtimes.cpython.run import Compiled
from harness.types import CheckReport, Plan
from policy.language.guard_names import MAIN

MIB = 1024**2
SECRET = re.compile(r"secret-[0-9a-f]{16}")
HIDDEN = "SECRET"  # stands for the script's own secret in the texts below


@dataclass(frozen=True)
class Kind:
    """A kind of script.

    Attributes:
        source: Its text; SECRET stands for its own secret, NUMBER for its number.
        code: Of the error it has to end with, None if it has to work.
        value: What it has to return, with SECRET as in `source`.
        limits: Of the run.
        is_shared: The text is the same for every script of the kind, and the secret comes as `context.session_id`.
        is_raw: The text is Python that no policy has looked at.
        others: Codes that are as good; at a cap of memory CPython may also die.
    """

    source: str
    code: str | None = None
    value: object = None
    limits: Mapping[str, float] = field(default_factory=dict)
    is_shared: bool = False
    is_raw: bool = False
    others: tuple[str, ...] = ()


LOOK_AROUND = """
import collections, dataclasses, datetime, decimal, functools, itertools, json, math, random, re, string, time
mine = "SECRET"
def seen(value):
    try:
        return repr(value) + str(value)
    except Exception as error:
        return str(error)
texts = [seen(context), seen(tools), seen(print), seen(ToolError)]
for name in ("tools", "session_id", "provider", "model", "limits"):
    texts.append(seen(getattr(context, name, None)))
for module in (collections, dataclasses, datetime, decimal, functools, itertools, json, math, random, re, string, time):
    texts += [seen(module), seen(getattr(module, "state", None)), seen(getattr(module, "secret", None))]
for attempt in (lambda: [].secret, lambda: context.secret, lambda: tools.keep.secret):
    try:
        texts.append(seen(attempt()))
    except Exception as error:
        texts.append(seen(error))
try:
    await tools.boom(secret=mine)
except ToolError as error:
    texts += [seen(error), seen(error.details)]
found = sorted(set(re.findall("secret-[0-9a-f]+", " ".join(texts))))
return [await tools.keep(secret=mine), [text for text in found if text != mine]]
"""

PLAIN = (
    Kind('return await tools.keep(secret="SECRET")', value=HIDDEN),
    Kind(
        "await tools.keep(secret=context.session_id)\nreturn [context.session_id, await tools.keep(secret=context.session_id)]",
        value=[HIDDEN, HIDDEN],
        is_shared=True,
    ),
    Kind(
        'import asyncio\nreturn await asyncio.gather(*(tools.slowly(value=f"SECRET {i}") for i in range(8)))',
        value=[f"{HIDDEN} {i}" for i in range(8)],
    ),
    Kind('for i in range(20):\n    print("SECRET")\nprogress("SECRET")\nreturn NUMBER'),
    Kind('raise ValueError("SECRET")', "script.runtime"),
    Kind("print(context.session_id)\nraise ValueError(context.session_id)", "script.runtime", is_shared=True),
    Kind('await tools.boom(secret="SECRET")', "tool.failed"),
    Kind('try:\n    await tools.boom(secret="SECRET")\nexcept ToolError:\n    return "SECRET"', value=HIDDEN),
    Kind(
        "import decimal, random\nrandom.seed(7)\nfirst = random.random()\ndecimal.getcontext().prec = 5\n"
        'return [first == random.Random(7).random(), str(decimal.Decimal(1) / 3), "SECRET"]',
        value=[True, "0.33333", HIDDEN],
    ),
    Kind(
        "import decimal, random\nreturn [random.random() == random.Random(7).random(), len(str(decimal.Decimal(1) / 3))]",
        value=[False, 30],
        is_shared=True,
    ),
    Kind("class Kept:\n    secret = 'SECRET'\nKept.more = ['SECRET']\nreturn Kept.secret", value=HIDDEN),
    Kind(LOOK_AROUND, value=[HIDDEN, []]),
    Kind("total = 0\nfor i in range(20_000):\n    total += i\nreturn total", value=199_990_000, is_shared=True),
)

PREPARE = """
bases = ().__class__.__base__.__subclasses__()
os = [one for one in bases if one.__name__ == "_wrap_close"][0].__init__.__globals__
modules = os["sys"].modules
"""
HOSTILE = (
    Kind("while True:\n    pass", "limit.steps", limits={"steps": 20_000}),
    Kind('x = "SECRET"\nsum(range(10**12))', "limit.cpu_time", limits={"cpu_time_s": 0.1}),
    Kind('x = ["SECRET"]\nwhile True:\n    x += x', "limit.memory", limits={"memory_bytes": 16 * MIB}),
    Kind("import asyncio\nawait asyncio.sleep(60)", "limit.wall_time", limits={"wall_time_s": 0.5}),
    Kind("def f(n):\n    return f(n + 1)\nf(0)", "limit.recursion"),
    Kind("return ().__class__.__base__.__subclasses__()", "script.forbidden_attribute"),
    Kind("import os\nos.kill(0, 9)", "script.forbidden_import"),
    Kind("json = __import__('json')\njson.secret = 'SECRET'", "script.forbidden_name"),
    Kind("import json\njson.secret = 'SECRET'", "script.runtime", others=("script.forbidden_attribute",)),
    Kind("await tools.keep(secret='SECRET' * 100_000)", "limit.arguments", limits={"argument_bytes": 100_000}),
    Kind(PREPARE + "os['kill'](os['getpid'](), 9)", "worker.violation", is_raw=True),
    Kind(PREPARE + "os['_exit'](3)", "worker.crashed", is_raw=True),
    Kind(PREPARE + "os['write'](3, b'noise, and no frame of the protocol: SECRET')", "worker.protocol", is_raw=True),
    Kind(
        PREPARE
        + 'os[\'write\'](3, b\'\\x00\\x00\\x00\\x29\' + b\'{"t":"hello","idle_rss_bytes":0,"barriers":[]}\'[:41])',
        "worker.protocol",
        is_raw=True,
    ),
    Kind(
        # All that this process holds, beside what came for this very script.
        PREPARE
        + """
modules["gc"].unfreeze()
texts = []
for kept in [*modules["gc"].get_objects(), *(module.__dict__ for module in [*modules.values()])]:
    if isinstance(kept, dict):
        texts += [text for text in [*kept.keys(), *kept.values()] if isinstance(text, (str, bytes))]
    elif isinstance(kept, (list, tuple, set, frozenset)):
        texts += [text for text in kept if isinstance(text, (str, bytes))]
found = modules["re"].findall("secret-[0-9a-f]+", " ".join(map(str, texts)))
return [len(texts) > 10_000, sorted(set(found) - {"SECRET"})]
""",
        value=[True, []],
        is_raw=True,
    ),
    Kind(
        PREPARE
        + """
refused = 0
for number in [*range(0, 3), *range(4, 64)]:
    try:
        os["write"](number, b"SECRET")
    except OSError:
        refused += 1
return refused
""",
        value=63,
        is_raw=True,
    ),
)


@dataclass(frozen=True)
class LoadScript:
    """One script of the load."""

    number: int
    kind: Kind
    secret: str
    is_hostile: bool

    @property
    def source(self) -> str:
        """Its text, another one for each script unless the kind is shared."""
        return self.kind.source if self.kind.is_shared else self._own(f"# {self.number}\n{self.kind.source}")

    @property
    def value(self) -> object:
        """What it has to return."""
        if self.kind.code is None and self.kind.value is None:
            return self.number
        return _filled(self.kind.value, self.secret)

    @property
    def context(self) -> dict[str, object]:
        """What comes beside the text."""
        return {"session_id": self.secret}

    def smuggle_into(self, harness: Harness) -> None:
        """Put the code of a raw script where the host keeps what workers compiled."""
        if self.kind.is_raw:
            body = "".join(f"    {line}\n" for line in self.source.splitlines())
            module = ast.parse(f"async def main():\n{body}")
            module.body[0].name = MAIN  # type: ignore[attr-defined]  # no name that can be written
            code = marshal.dumps(compile(module, "<script>", "exec"))
            compiled = Compiled(CheckReport((), Plan((), ())), base64.b64encode(code).decode())
            # No public way leads there: scripts are checked.
            harness._runtime._compiled[self.source, None] = compiled  # type: ignore[attr-defined]

    def _own(self, text: str) -> str:
        return text.replace(HIDDEN, self.secret).replace("NUMBER", str(self.number))


def load(count: int, chance: random.Random) -> list[LoadScript]:
    """So many scripts, a tenth of them hostile, every kind among them, in random order."""
    hostile = count // 10
    kinds = [(HOSTILE[i % len(HOSTILE)], True) for i in range(hostile)]
    kinds += [(PLAIN[i % len(PLAIN)], False) for i in range(count - hostile)]
    chance.shuffle(kinds)
    return [
        LoadScript(number, kind, f"secret-{chance.getrandbits(64):016x}", is_hostile)
        for number, (kind, is_hostile) in enumerate(kinds)
    ]


def _filled(value: object, secret: str) -> object:
    if isinstance(value, str):
        return value.replace(HIDDEN, secret)
    return [_filled(item, secret) for item in value] if isinstance(value, list) else value
