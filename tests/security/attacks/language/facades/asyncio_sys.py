# sys of asyncio.
# expect: script.forbidden_attribute
# reaches: module
# offending: sys
# allowed: sleep

import asyncio

found = asyncio.sys
