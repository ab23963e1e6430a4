# Globals in the comparison of a sort.
# expect: script.runtime
# reaches: list
# offending: "__globals__"
# allowed: "__name__"

import functools, json

found = []


def compare(one, other):
    found.append(getattr(one, "__globals__"))
    return 0


sorted([json.dumps, json.loads], key=functools.cmp_to_key(compare))
