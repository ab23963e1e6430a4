# Import types.
# expect: script.forbidden_import
# reaches: module
# offending: types
# allowed: string

import types as reached

found = reached
