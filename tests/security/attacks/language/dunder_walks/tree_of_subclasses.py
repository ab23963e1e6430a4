# The tree of subclasses.
# expect: script.forbidden_attribute
# reaches: list
# offending: __base__.__subclasses__()
# allowed: __name__

found = ().__class__.__base__.__subclasses__()
