# The object of an AttributeError.
# expect: script.runtime
# reaches: str
# offending: {0.obj}
# allowed: {0.name}

try:
    len.nothing
except AttributeError as e:
    found = '{0.obj}'.format(e)
