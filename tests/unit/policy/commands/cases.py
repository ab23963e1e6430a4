"""The case tables of `tests/data/commands`, each with its source and licence inside."""

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[3] / "data" / "commands"


def table(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return loaded
