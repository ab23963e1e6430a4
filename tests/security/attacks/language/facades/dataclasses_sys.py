# sys of dataclasses.
# expect: script.forbidden_attribute
# reaches: module
# offending: sys
# allowed: dataclass

import dataclasses

found = dataclasses.sys
