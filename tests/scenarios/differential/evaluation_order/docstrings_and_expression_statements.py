"""The docstring of the script."""

"a string statement"
1 + 1
...
[1, 2][0]


def f():
    """Doc of f."""
    "not a doc"
    42


class C:
    """Doc of C."""

    "stray"

    def m(self):
        """Doc of m."""


f(), C().m(), C.__doc__, f.__doc__
