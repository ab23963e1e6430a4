# Globals in the comparison of a priority queue.
# expect: script.runtime
# reaches: list
# offending: "__globals__"
# allowed: "__name__"

import asyncio, json

found = []


class A:
    def __lt__(self, other):
        found.append(getattr(json.dumps, "__globals__"))
        return True


q = asyncio.PriorityQueue()
await q.put(A())
await q.put(A())
