# The order of bases.
# expect: script.forbidden_attribute
# reaches: list
# offending: mro()
# allowed: __name__

found = int.mro()
