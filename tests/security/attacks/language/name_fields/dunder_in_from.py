# A dunder in from.
# expect: script.forbidden_name
# reaches: function
# offending: __builtins__
# allowed: name

from json import dumps as __builtins__

found = __builtins__
