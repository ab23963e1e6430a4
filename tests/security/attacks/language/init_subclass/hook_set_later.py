# A hook that is set when the class is made.
# expect: script.runtime
# reaches: list
# offending: __reduce_ex__
# allowed: other

import copy


class B:
    def __init_subclass__(cls):
        setattr(cls, "__reduce_ex__", lambda self, n: (list, ((1,),)))


class C(B):
    pass


found = [copy.copy(C())]
