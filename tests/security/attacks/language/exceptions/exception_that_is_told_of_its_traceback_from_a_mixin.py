# An exception that is told of its traceback, from a mixin.
# expect: script.runtime
# reaches: list
# offending: __setattr__
# allowed: __getattr__

import contextlib


class M:
    def __setattr__(self, name, value):
        found.append(name)


class E(M, Exception):
    pass


found = []


@contextlib.contextmanager
def cm():
    yield


try:
    with cm():
        raise E
except E:
    found = found or E
