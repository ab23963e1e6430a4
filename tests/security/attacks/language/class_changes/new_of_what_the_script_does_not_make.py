# __new__ of what the script does not make.
# expect: script.runtime
# reaches: Timeout
# offending: type(asyncio.timeout(1))
# allowed: object

import asyncio

found = object.__new__(type(asyncio.timeout(1)))
