# Deep json.
# expect: ?

import json

json.loads('[' * 10**6)
