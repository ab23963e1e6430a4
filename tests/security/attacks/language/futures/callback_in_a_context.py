# A callback in a context.
# expect: script.runtime
# reaches: list
# offending: , context=C()
# allowed:

import asyncio


class C:
    def run(self, *args):
        found.extend(args)


found = [1]
asyncio.create_task(asyncio.sleep(0)).add_done_callback(print, context=C())
