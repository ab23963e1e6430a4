# A dataclass of a shared class.
# expect: script.runtime
# reaches: ABCMeta
# offending: collections.UserDict
# allowed: A

import collections, dataclasses


class A:
    pass


found = dataclasses.dataclass(collections.UserDict)
