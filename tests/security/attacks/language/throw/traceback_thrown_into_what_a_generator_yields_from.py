# The traceback thrown into what a generator yields from.
# expect: script.runtime
# reaches: list (until 3.11)
# offending: 'traceback'
# allowed: 'ZeroDivisionError'

import contextlib

found = []


class I:
    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def throw(self, *args):
        found.extend(args)
        raise StopIteration


@contextlib.contextmanager
def cm():
    yield from I()


with cm():
    1 / 0
found = [x for x in found if type(x).__name__ == 'traceback']
