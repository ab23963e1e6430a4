# UserString.format of a subclass.
# expect: script.runtime
# reaches: str
# offending: __class__
# allowed: real

import collections


class S(collections.UserString):
    def f(self, x):
        return super().format(x)


found = S('{0.__class__}').f(1)
