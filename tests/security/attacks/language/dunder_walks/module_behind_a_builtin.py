# The module behind a builtin.
# expect: script.forbidden_attribute
# reaches: module
# offending: __self__
# allowed: __name__

found = len.__self__
