"""Names that the compiler passes put into a script and the worker binds in the script's `__builtins__`.

Each holds a dot, so no script can spell, bind, shadow or delete one. `docs/reference/language.md` lists what each does.
"""

from __future__ import annotations

from typing import Final

MAIN: Final = ".main"
"""The async function that the compiled module defines; its body is the script."""

BUDGET: Final = ".budget"
"""Shared C iterator that gives one item per step, then stops the worker."""

NEXT: Final = ".next"
ZIP: Final = ".zip"
ITER: Final = ".iter"
TYPE: Final = ".type"
"""The real builtins, whatever the script calls `next`, `zip`, `iter` or `type`."""

WRITABLE: Final = ".writable"
"""`type -> bool`: True where instances of the type belong to the script (a dict that fills itself)."""

CHECK_WRITE: Final = ".check_write"
"""`f(obj) -> True`, or AttributeError when the script may not set attributes of `obj`."""

CHECKED: Final = ".checked"
"""`f(obj) -> obj` after the same check."""

CHECK_PRIVATE: Final = ".check_private"
"""`f(obj, name) -> True`, or AttributeError when the script may not read `obj._name`."""

GET_PRIVATE: Final = ".get_private"
"""`f(obj, name)`: the value of a private attribute, after the same check."""

GETATTR: Final = ".getattr"
"""`f(obj, name)`: an attribute that is harmless on most objects, but not on all."""

BOUND: Final = frozenset(
    {BUDGET, NEXT, ZIP, ITER, TYPE, WRITABLE, CHECK_WRITE, CHECKED, CHECK_PRIVATE, GET_PRIVATE, GETATTR}
)
"""Everything that the worker must bind before it runs a script."""

STEP: Final = ".s"
"""Loop variable of the meter: a local of the loop's function (a global in class bodies)."""

OWN: Final = ".own"
"""Prefix of a local that holds whether a parameter is the script's own object: `.own.self`."""

TEMPORARY: Final = ".t"
"""Local that holds an object between the check of a write and the write."""
