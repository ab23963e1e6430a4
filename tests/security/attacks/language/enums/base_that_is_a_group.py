# A base that is a group.
# expect: script.runtime
# reaches: EnumType
# offending: ExceptionGroup
# allowed: int

import enum

found = enum.Enum('E', {}, type=ExceptionGroup)
