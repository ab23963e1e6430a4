# create_subprocess_exec of asyncio.
# expect: script.forbidden_attribute
# reaches: function
# offending: create_subprocess_exec
# allowed: sleep

import asyncio

found = asyncio.create_subprocess_exec
