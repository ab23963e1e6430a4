"""Settings and rules: where their files stand, what is read from them, whom they are trusted by, and how they grow.

Loaded when it is first used: to know where the files stand takes no parser of them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.config.amendments import append_amendment as append_amendment
    from harness.config.files import protected_paths as protected_paths
    from harness.config.loading import Loaded as Loaded
    from harness.config.loading import Source as Source
    from harness.config.loading import load_rules as load_rules
    from harness.config.loading import load_settings as load_settings
    from harness.config.trust import is_trusted as is_trusted
    from harness.config.trust import untrust as untrust

_HOME = {
    "Loaded": "loading",
    "Source": "loading",
    "append_amendment": "amendments",
    "is_trusted": "trust",
    "load_rules": "loading",
    "load_settings": "loading",
    "protected_paths": "files",
    "untrust": "trust",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
