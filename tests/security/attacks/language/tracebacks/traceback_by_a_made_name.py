# A traceback, by a made name.
# expect: script.runtime
# reaches: traceback
# offending: '__trace' + 'back__'
# allowed: 'args'

try:
    1 / 0
except Exception as e:
    found = getattr(e, '__trace' + 'back__')
