# A context manager of something else.
# expect: script.runtime
# reaches: _GeneratorContextManager
# offending: type(cm())(len, ([1],), {})
# allowed: cm()

import contextlib


@contextlib.contextmanager
def cm():
    yield


found = type(cm())(len, ([1],), {})
