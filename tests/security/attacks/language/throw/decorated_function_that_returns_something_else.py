# A decorated function that returns something else.
# expect: script.runtime
# reaches: _GeneratorContextManager
# offending: lambda: G()
# allowed: lambda: (x for x in [1])

import contextlib


class G:
    def __next__(self):
        return 1

    def throw(self, *args):
        return found.extend(args)

    def close(self):
        pass


found = contextlib.contextmanager(lambda: G())()
