# A field that is code.
# expect: script.runtime
# reaches: nothing
# offending: a=1
# allowed: a

import dataclasses, typing

found = dataclasses.dataclass(typing.TypedDict('T', {'a=1': int}))
