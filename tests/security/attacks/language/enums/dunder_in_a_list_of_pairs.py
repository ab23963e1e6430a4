# A dunder in a list of pairs.
# expect: script.runtime
# reaches: EnumType
# offending: __reduce_ex__
# allowed: B

import enum

found = enum.Enum('E', [('A', 1), ('__reduce_ex__', len)])
