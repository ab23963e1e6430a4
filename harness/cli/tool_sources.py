"""Tools that the user named as MODULE:ATTR."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType

from harness.cli.usage import wrong_use
from harness.errors import HarnessError
from harness.tools.binding import Tool, tool

_HINT = "write MODULE:ATTR or FILE.py:ATTR, where ATTR is a tool, a typed function, or a list of them"


def load_tools(references: Sequence[str]) -> list[Tool]:
    """Import what each reference names and make tools of it.

    Args:
        references: `MODULE:ATTR`, or `FILE.py:ATTR`; modules are found in the current folder too.

    Raises:
        ConfigError: `config.invalid`, the reference leads nowhere, or to what is no tool.
    """
    return [made for reference in references for made in _load(reference)]


def _load(reference: str) -> list[Tool]:
    home, colon, attribute = reference.rpartition(":")
    if not colon or not home or not attribute:
        raise wrong_use(f"{reference!r} names no tools", hint=_HINT)
    value: object = _import(home)
    for name in attribute.split("."):
        try:
            value = getattr(value, name)
        except AttributeError:
            raise wrong_use(f"{home!r} has no attribute {attribute!r}", hint=_HINT) from None
    return _as_tools(value, reference)


def _import(home: str) -> ModuleType:
    try:
        if home.endswith(".py"):
            return _import_file(Path(home))
        if "" not in sys.path and str(Path.cwd()) not in sys.path:
            sys.path.insert(0, str(Path.cwd()))
        return importlib.import_module(home)
    except HarnessError:
        raise
    except ModuleNotFoundError as error:
        raise wrong_use(f"there is no module {error.name!r}", hint=_HINT) from None
    except (Exception, SystemExit) as error:  # noqa: BLE001  # a user's module may raise anything; it is his to mend
        said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise wrong_use(f"importing {home!r} raised {said}", hint="mend the module") from None


def _import_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise wrong_use(f"{str(path)!r} does not exist", hint=_HINT)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Annotations of a tool's function are looked up in its module.
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def _as_tools(value: object, reference: str) -> list[Tool]:
    if isinstance(value, Tool):
        return [value]
    if callable(value):
        return [tool(value)]
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        return [made for item in value for made in _as_tools(item, reference)]
    raise wrong_use(f"{reference!r} is {type(value).__name__}, which is no tool", hint=_HINT)
