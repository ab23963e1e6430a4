"""Figures of the long form, kept for `docs/explanation/performance.md`."""

from __future__ import annotations

import json

from tests.bench import machine
from tests.bench.soak_figures import FIGURES
from tests.soak.scale import IS_LONG, SEED


def measured(what: str, **figures: str) -> None:
    """Print figures by what they tell, and keep those of the long form."""
    for name, value in figures.items():
        print(f"{what}: {name.replace('_', ' ')} {value}")
    if IS_LONG:
        kept = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
        described = {name: value for name, value in machine.describe().items() if name != "packages"}
        kept["machine"] = {**described, "seed": SEED}
        kept[what] = figures
        FIGURES.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
