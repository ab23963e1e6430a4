# A submodule of asyncio.
# expect: script.forbidden_import
# reaches: module
# offending: asyncio.subprocess
# allowed: urllib.parse

import asyncio.subprocess as reached

found = reached
