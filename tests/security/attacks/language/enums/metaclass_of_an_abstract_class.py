# The metaclass of an abstract class.
# expect: script.runtime
# reaches: method
# offending: _dump_registry
# allowed: _abc_impl

import abc


class A(abc.ABC):
    pass


found = A._dump_registry
