# A dunder in except.
# expect: script.forbidden_name
# reaches: ZeroDivisionError
# offending: __builtins__
# allowed: name

try:
    1 / 0
except Exception as __builtins__:
    found = __builtins__
