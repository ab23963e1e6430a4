# A copy that copies itself.
# expect: limit.recursion

import copy


class A:
    def __deepcopy__(self, memo):
        return copy.deepcopy(self)


copy.deepcopy(A())
