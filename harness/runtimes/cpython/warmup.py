"""What a worker will load lazily, loaded while there still is a file system."""

from __future__ import annotations

import codecs
import hashlib
import importlib
import io
import json
import os
import sys
import warnings
import zoneinfo
from collections.abc import Iterator
from typing import Any

from harness.runtimes.cpython.script_tools import make_tools
from harness.runtimes.cpython.wire import Frame, Scanner, WorkerChannel
from harness.runtimes.cpython.worker import Worker

# Imported by name from within other modules, in functions.
_LAZY_MODULES = (
    "_strptime",
    "stringprep",
    "encodings.idna",
    "unicodedata",
    "collections.abc",
    "copyreg",
    "locale",
    "asyncio.taskgroups",
    "asyncio.timeouts",
    "difflib",
    "policy.language",
    # Arithmetic of numbers of thousands of digits, which C asks for in the name of the script.
    *(("_pylong",) if sys.version_info >= (3, 12) else ()),
)
_CODECS = """
    ascii utf-8 utf-8-sig latin-1 utf-16 utf-16-le utf-16-be utf-32 cp1252 cp437 iso8859-15 idna punycode
    unicode-escape raw-unicode-escape hex base64 rot13 quopri
"""
_NO_TOOLS: Frame = {"tools": (), "mode": "standard"}
_REHEARSALS = 12  # the interpreter specialises code after eight runs or so
_LIMITS = """
    steps source_bytes argument_bytes return_bytes output_bytes memory_bytes tool_calls progress_events
"""
_REHEARSED = """
import asyncio, json, re

class Found:
    def __init__(self, name):
        self.name = name

async def one(n):
    return await tools.echo(value=n)

found = []
for n in range(3):
    result = await tools.echo(value=n)
    found.append(Found(f"{result['value']}").name)
print(len(found), json.dumps(found))
both = await asyncio.gather(one(1), tools.echo(value=2))
return {"found": sorted(found), "both": [item.value for item in both]}
"""
_ZONE_ROOTS = ("/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo")
_NOT_ZONES = frozenset({"posix", "right", "posixrules", "localtime", "Factory"})
_ZONE_MAGIC = b"TZif"


def load_lazy_modules() -> None:
    """Import what the standard library imports inside functions, and the codecs that scripts ask for by name."""
    for name in _LAZY_MODULES:
        importlib.import_module(name)
    for name in _CODECS.split():
        codecs.lookup(name)
    for name in sorted(hashlib.algorithms_guaranteed):
        hashlib.new(name)  # OpenSSL fetches its implementations at the first use


def keep_time_zones() -> int:
    """Hold every time zone of this machine in memory and let zoneinfo read from there. Return how many."""
    zones = dict(_system_zones())

    def load_tzdata(key: str) -> io.BytesIO:
        if key not in zones:
            raise zoneinfo.ZoneInfoNotFoundError(f"No time zone found with key {key}")
        return io.BytesIO(zones[key])

    common: Any = importlib.import_module("zoneinfo._common")  # where both implementations read zones from
    common.load_tzdata = load_tzdata
    zoneinfo.reset_tzpath(to=())
    zoneinfo.available_timezones = lambda: set(zones)
    return len(zones)


def _system_zones() -> Iterator[tuple[str, bytes]]:
    root = next((root for root in _ZONE_ROOTS if os.path.isdir(root)), None)
    return _zones_below(root, "") if root is not None else _zones_of_package()


def _zones_below(folder: str, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.name in _NOT_ZONES or "." in entry.name:
            continue
        if entry.is_dir():
            yield from _zones_below(entry.path, f"{prefix}{entry.name}/")
        elif data := _zone_in(entry.path):
            yield f"{prefix}{entry.name}", data


def _zone_in(path: str) -> bytes | None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        data = os.read(descriptor, 65_536)
    finally:
        os.close(descriptor)
    return data if data.startswith(_ZONE_MAGIC) else None


def _zones_of_package() -> Iterator[tuple[str, bytes]]:
    """The zones of the tzdata package, where the system has none."""
    try:
        package: Any = importlib.import_module("tzdata")
    except ImportError:
        return iter(())
    return _zones_below(os.path.join(os.path.dirname(package.__file__), "zoneinfo"), "")


class _Rehearsal(WorkerChannel):
    """A channel without a socket: takes every frame, and answers each batch with its own arguments."""

    def __init__(self) -> None:
        super().__init__(-1)
        self.frames: list[bytes] = []

    def send_json(self, body: bytes) -> None:
        self.frames.append(body)

    def receive(self, scan: Scanner | None = None) -> Frame:
        calls = json.loads(self.frames[-1])["calls"]
        return {"t": "settle", "now": 0.0, "settled": [[number, "ok", arguments] for number, _, arguments, _ in calls]}


def rehearse(worker: Worker) -> None:
    """Run a script before any child is made: what is cached then, children share instead of making it anew.

    Each child then runs an empty script while it waits. Pages it shares with the zygote are copied when they are first
    written to, and that must not happen on a real script's way.
    """
    signatures = [{"name": "echo", "parameters": {"properties": {"value": {}}}}]
    setup: Frame = {"tools": signatures, "mode": "standard"}
    worker.builtins["tools"] = make_tools(worker.book, signatures)
    for _ in range(_REHEARSALS):
        worker.rehearse(_Rehearsal(), setup, _run_frame(_REHEARSED))
    channel = _Rehearsal()
    worker.rehearse(channel, setup, _run_frame("return 1"))
    ready = {**_run_frame(None), "code": json.loads(channel.frames[0])["code"]}
    worker.warm_up = lambda: worker.rehearse(_Rehearsal(), _NO_TOOLS, ready)
    worker.warm_up()


def _run_frame(source: str | None) -> Frame:
    limits: dict[str, Any] = dict.fromkeys(_LIMITS.split(), 100_000)
    return {
        "source": source,
        "code": None,
        "context": {},
        "limits": {**limits, "recursion": 900, "return_depth": 64},
        "now": 0.0,
        "seed": 0,
        "trace": False,
        "execute": True,
    }


def silence_warnings() -> None:
    """Warnings have nobody to go to, and the code that formats them opens files."""
    warnings.resetwarnings()
    warnings.simplefilter("ignore")
