# Members from a module's globals.
# expect: script.runtime
# reaches: EnumType
# offending: E._convert_('X', 'builtins', lambda n: n in ('eval', 'exec'))
# allowed: E._member_map_ is not None

import enum


class E(enum.Enum):
    pass


found = E._convert_('X', 'builtins', lambda n: n in ('eval', 'exec'))
