# A dunder under a string that lies.
# expect: script.runtime
# reaches: nothing
# offending: __dir__
# allowed: B

import enum


class S(str):
    def __eq__(self, other):
        return False

    def __getitem__(self, key):
        return 'x'

    def __hash__(self):
        return 1


found = enum.Enum('E', [('A', 1), (S('__dir__'), len)])
