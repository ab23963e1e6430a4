# From uuid import uuid1.
# expect: script.forbidden_import
# reaches: function
# offending: uuid1
# allowed: uuid4

from uuid import uuid1 as reached

found = reached
