# to_thread of asyncio.
# expect: script.forbidden_attribute
# reaches: function
# offending: to_thread
# allowed: sleep

import asyncio

found = asyncio.to_thread
