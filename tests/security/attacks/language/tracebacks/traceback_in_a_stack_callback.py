# The traceback in a stack's callback.
# expect: script.runtime
# reaches: traceback
# offending: append(tb)
# allowed: append(error)

import contextlib

found = []
with contextlib.ExitStack() as stack:
    stack.push(lambda kind, error, tb: found.append(tb) or True)
    1 / 0
found = found[0]
