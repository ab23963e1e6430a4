# An import in a handler.
# expect: script.forbidden_import
# reaches: module
# offending: socket
# allowed: json

try:
    1 / 0
except ZeroDivisionError:
    import socket as reached
found = reached
