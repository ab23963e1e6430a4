# Asyncio's own callback, by a look-alike.
# expect: script.runtime
# reaches: function
# offending: f.call
# allowed: f

import asyncio


class F:
    _asyncio_future_blocking = False

    def get_loop(self):
        return self

    def get_debug(self):
        return False

    def done(self):
        return False

    def cancelled(self):
        return False

    def exception(self):
        return None

    def result(self):
        return 5

    def add_done_callback(self, call, context=None):
        self.call = call

    def call_soon(self, *args, **kwargs):
        pass

    def __await__(self):
        yield


f = F()
asyncio.gather(f)
found = f.call
