# The traceback in a static __exit__ of a stack.
# expect: script.runtime
# reaches: traceback
# offending: args[-1]
# allowed: args[-2]

import contextlib

found = []


class C:
    def __enter__(self):
        return self

    @staticmethod
    def __exit__(*args):
        return found.append(args[-1]) or True


with contextlib.ExitStack() as stack:
    stack.enter_context(C())
    1 / 0
found = found[0]
