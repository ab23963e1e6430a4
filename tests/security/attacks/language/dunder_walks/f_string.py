# The order of bases, in an f-string.
# expect: script.forbidden_attribute
# reaches: str
# offending: __mro__
# allowed: __name__

found = f"{().__class__.__mro__}"
