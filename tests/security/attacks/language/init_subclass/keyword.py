# Globals out of a keyword of the class.
# expect: script.runtime
# reaches: list
# offending: __globals__
# allowed: __name__

import json

found = []


class B:
    def __init_subclass__(cls, **given):
        found.append(getattr(given["of"], "__globals__"))


class C(B, of=json.dumps):
    pass
