# Type under another name.
# expect: script.runtime
# reaches: type
# offending: 'X', (), {}
# allowed: 'X'

t = type
found = t('X', (), {})
