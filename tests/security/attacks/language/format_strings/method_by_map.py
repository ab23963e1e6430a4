# The method by map.
# expect: script.runtime
# reaches: list
# offending: __class__
# allowed: real

found = list(map(str.format, ['{0.__class__}'], [1]))
