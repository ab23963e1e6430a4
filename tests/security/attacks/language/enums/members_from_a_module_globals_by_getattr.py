# Members from a module's globals, by getattr.
# expect: script.runtime
# reaches: method
# offending: _convert_
# allowed: _member_map_

import enum


class E(enum.Enum):
    A = 1


found = getattr(E, '_convert_')
