# A private name.
# expect: script.runtime
# reaches: str
# offending: _waiters
# allowed: locked

import asyncio

found = '{0._waiters}'.format(asyncio.Lock())
