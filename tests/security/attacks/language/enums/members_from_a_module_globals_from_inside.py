# Members from a module's globals, from inside.
# expect: script.runtime
# reaches: method
# offending: _convert_
# allowed: _member_map_

import enum


class E(enum.Enum):
    A = 1

    @classmethod
    def f(cls):
        return cls._convert_


found = E.f()
