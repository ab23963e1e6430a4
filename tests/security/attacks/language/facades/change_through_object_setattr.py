# A change through object.__setattr__.
# expect: script.runtime
# reaches: int
# offending: calendar.Calendar()
# allowed: a

import calendar


class A:
    pass


a = A()
object.__setattr__(calendar.Calendar(), 'extra', 1)
found = 1
