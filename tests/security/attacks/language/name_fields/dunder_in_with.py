# A dunder in with.
# expect: script.forbidden_name
# reaches: int
# offending: __builtins__
# allowed: name

import contextlib

with contextlib.nullcontext(1) as __builtins__:
    found = __builtins__
