# With_traceback.
# expect: script.forbidden_attribute
# reaches: builtin_function_or_method
# offending: with_traceback
# allowed: add_note

try:
    1 / 0
except Exception as e:
    found = e.with_traceback
