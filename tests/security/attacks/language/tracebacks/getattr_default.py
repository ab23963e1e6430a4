# A traceback by getattr with a default.
# expect: script.runtime
# reaches: traceback
# offending: '__traceback__'
# allowed: 'args'

try:
    1 / 0
except Exception as e:
    found = getattr(e, '__traceback__', None)
