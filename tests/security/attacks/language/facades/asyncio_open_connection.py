# open_connection of asyncio.
# expect: script.forbidden_attribute
# reaches: function
# offending: open_connection
# allowed: sleep

import asyncio

found = asyncio.open_connection
