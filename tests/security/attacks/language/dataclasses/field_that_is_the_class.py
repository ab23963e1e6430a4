# A field that is the class.
# expect: script.runtime
# reaches: _TypedDictMeta
# offending: __class__
# allowed: name

import dataclasses, typing

found = dataclasses.dataclass(typing.TypedDict('T', {'__class__': int}))
