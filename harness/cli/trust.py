"""Shows what a project's files would change, and keeps which projects are trusted."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from harness.cli.usage import wrong_use
from harness.config.loading import Loaded, Preview
from harness.visible_text import visible

if TYPE_CHECKING:
    from policy.commands import Rule
    from policy.settings import Settings


def preview_wire(folder: str, preview: Preview, *, is_trusted: bool) -> dict[str, object]:
    """Return what trusting a project changes, as plain data."""
    changes = [{"setting": name, "before": old, "after": new} for name, old, new in _changed_settings(preview)]
    return {
        "folder": os.path.realpath(folder),
        "files": list(preview.paths),
        "trusted": is_trusted,
        "changes": changes,
        "rules": [str(rule) for rule in _added_rules(preview)],
        "notes": list(preview.before.notes),
    }


def preview_text(folder: str, preview: Preview) -> str:
    """Return what trusting a project changes, in plain text."""
    lines = [os.path.realpath(folder), *(f"  {os.path.basename(path)}" for path in preview.paths)]
    changes = [f"  {name}: {_short(old)} -> {_short(new)}" for name, old, new in _changed_settings(preview)]
    changes += [f"  rule: {rule}" for rule in _added_rules(preview)]
    if not changes:
        return visible("\n".join([*lines, "trusting it changes nothing: its files only tighten"]))
    return visible("\n".join([*lines, "trusting it changes:", *changes]))


def _changed_settings(preview: Preview) -> list[tuple[str, object, object]]:
    before, after = (_wire(loaded.settings) for loaded in (preview.before, preview.after))
    return [(name, before[name], after[name]) for name in after if before[name] != after[name]]


def _wire(settings: Settings) -> dict[str, object]:
    """Settings as plain data: all of them, but of overrides only what they set."""
    wire = settings.model_dump(mode="json")
    providers = settings.providers.items()
    return {**wire, "providers": {name: item.model_dump(mode="json", exclude_unset=True) for name, item in providers}}


def _added_rules(preview: Preview) -> list[Rule]:
    known = _rules(preview.before)
    return [rule for rule in preview.after.rules if rule not in known]


def _rules(loaded: Loaded) -> frozenset[Rule]:
    return frozenset(loaded.rules)


def _short(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def confirm(*, is_sure: bool) -> bool:
    """Ask on a terminal whether to go on.

    Raises:
        ConfigError: `config.invalid`, nobody can be asked.
    """
    if is_sure:
        return True
    if not (sys.stdin is not None and sys.stdin.isatty()):
        raise wrong_use("nobody can be asked: standard input is no terminal", hint="look first, then add --yes")
    print("trust it? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
