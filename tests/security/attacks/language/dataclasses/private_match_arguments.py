# Private match arguments.
# expect: script.runtime
# reaches: int
# offending: _x: int
# allowed: x: int

import dataclasses


@dataclasses.dataclass
class P:
    _x: int


match P(1):
    case P(found):
        pass
