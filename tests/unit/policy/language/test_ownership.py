"""Private names and writes are tested once per call where that is enough, and again where it is not."""

from __future__ import annotations

import pytest

from tests.unit.policy.language.bound_guards import run

REBINDINGS = {
    "assignment": "self = other",
    "unpacking": "self, _ = other, 1",
    "augmented assignment": "self &= other",
    "walrus": "(self := other)",
    "walrus in a comprehension": "[self := o for o in [other]]",
    "loop": "for self in [other]:\n            pass",
    "with": "with Into(other) as self:\n            pass",
    "handler": "try:\n            raise other\n        except Exception as self:\n            return self._z",
    "pattern": "match other:\n            case self:\n                pass",
    "pattern with a rest": "match {'k': other}:\n            case {'k': self}:\n                pass",
    "nested function": "def g():\n            nonlocal self\n            self = other\n        g()",
    "doubly nested function": "def g():\n            def h():\n                nonlocal self\n                self = other\n            h()\n        g()",
    "definition": "def self():\n            pass\n        self = self if False else other",
    "import": "import math as self",
    "delete and assign": "del self\n        self = other",
}


@pytest.mark.parametrize("rebinding", REBINDINGS.values(), ids=REBINDINGS.keys())
def test_a_rebound_parameter_is_tested_again(rebinding: str) -> None:
    """The test that moves to the entry of a function holds only for a parameter that keeps its object."""
    source = f"""
class Into:
    def __init__(self, value):
        self.value = value
    def __enter__(self):
        return self.value
    def __exit__(self, *error):
        pass
class A:
    def __init__(self):
        self._x = 1
        self._y = 2
    def __and__(self, other):
        return other
    def f(self, other):
        self._x, self._y
        {rebinding}
        return self._z
return A().f(foreign)
"""
    error = run(source, foreign=Foreign()).error
    assert isinstance(error, AttributeError)
    assert "cannot set attributes of" in str(error)


class Foreign(Exception):
    """An object that is not the script's."""

    _z = "leaked"


def test_inner_functions_and_comprehensions_use_the_test_of_their_own_parameter() -> None:
    source = """
class A:
    def __init__(self, x):
        self._x = x
        self._y = x
    def f(self, other):
        def g(self):
            return self._z, self._z
        return self._x, self._y, [self._x for _ in range(2)], g(other)
return A(1).f(foreign)
"""
    ran = run(source, foreign=Foreign())
    assert isinstance(ran.error, AttributeError)
    assert "Foreign" in str(ran.error)
