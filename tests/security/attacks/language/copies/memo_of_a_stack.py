# The callbacks of a stack in the memo of its copy.
# expect: script.runtime
# reaches: traceback
# offending: copy.deepcopy(stack, memo)
# allowed: found.append([1])

import contextlib, copy

found = []
stack = contextlib.ExitStack()
stack.callback(print, 1)
memo = {}
copy.deepcopy(stack, memo)
for kept in [*memo.values()]:
    if type(kept) is list:
        for state in kept:
            if type(state) is dict and '_exit_callbacks' in state:
                state['_exit_callbacks'].append((True, lambda kind, error, tb: found.append(tb) or True))
try:
    with stack:
        1 / 0
except ZeroDivisionError as error:
    found.append(error)
found = found[0]
