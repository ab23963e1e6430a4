# A generator's code.
# expect: script.forbidden_attribute
# reaches: code
# offending: gi_code
# allowed: __name__

found = (x for x in [1]).gi_code
