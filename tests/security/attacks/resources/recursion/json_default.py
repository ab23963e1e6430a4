# A json hook that asks itself.
# expect: ?

import json

json.dumps(object(), default=lambda x: [x])
