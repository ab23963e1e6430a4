# The private maps of a shared enum.
# expect: script.runtime
# reaches: dict
# offending: re.RegexFlag._
# allowed: E._

import enum, re


class E(enum.Enum):
    A = 1


found = re.RegexFlag._member_map_
