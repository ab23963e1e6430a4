# A group that lies about its parts.
# expect: script.runtime
# reaches: ExceptionGroup
# offending: g.split = len
# allowed: g.add_note('x')

g = ExceptionGroup('g', [ValueError()])
g.split = len
found = g
