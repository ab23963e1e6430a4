# Deep json.
# expect: limit.recursion

import json

json.loads('[' * 10**6)
