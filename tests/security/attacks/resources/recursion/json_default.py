# A json hook that asks itself.
# expect: limit.recursion

import json

json.dumps(object(), default=lambda x: [object()])
