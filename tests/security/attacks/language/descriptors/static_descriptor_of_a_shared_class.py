# A static descriptor of a shared class.
# expect: script.runtime
# reaches: property
# offending: property.__init__(p, lambda self: 'x')
# allowed: p = property(lambda self: 'x')

import statistics

p = statistics.NormalDist.mean
property.__init__(p, lambda self: 'x')
found = p
