# Globals by a dotted path.
# expect: script.runtime
# reaches: dict
# offending: gi_frame.f_globals
# allowed: __name__

import operator


def g():
    yield 1


found = operator.attrgetter('gi_frame.f_globals')(g())
