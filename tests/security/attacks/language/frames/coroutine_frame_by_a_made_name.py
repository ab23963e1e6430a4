# A coroutine's frame, by a made name.
# expect: script.runtime
# reaches: frame
# offending: 'cr_' + 'frame'
# allowed: '__na' + 'me__'

async def f():
    pass


c = f()
found = getattr(c, 'cr_' + 'frame')
c.close()
