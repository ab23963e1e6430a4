# The attributes of a library's object in the memo of its copy.
# expect: script.runtime
# reaches: int
# offending: encoder.extra
# allowed: encoder.indent or 1

import copy, json

encoder = json.JSONEncoder()
memo = {}
copy.deepcopy(encoder, memo)
for kept in [*memo.values()]:
    if type(kept) is list:
        for state in kept:
            if type(state) is dict:
                state['extra'] = 1
found = encoder.extra
