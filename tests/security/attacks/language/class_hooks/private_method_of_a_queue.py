# The waiters of a queue, out of a method of the library that a subclass takes the place of.
# expect: script.runtime
# reaches: builtin_function_or_method
# offending: asyncio.Queue
# allowed: Own

import asyncio

class Own:
    def put_nowait(self, item):
        self._wakeup_next([item])

got = []

class A(asyncio.Queue):
    def _wakeup_next(self, waiters):
        got.append(waiters)

A().put_nowait(1)
found = got[0].append
