import heapq
from dataclasses import dataclass, field
from itertools import count


@dataclass(order=True)
class Job:
    due: int
    order: int
    name: str = field(compare=False)
    cost: int = field(compare=False, default=1)


class Scheduler:
    def __init__(self):
        self._queue, self._order, self.clock, self.late = [], count(), 0, []

    def add(self, name, due, cost=1):
        heapq.heappush(self._queue, Job(due, next(self._order), name, cost))

    def __iter__(self):
        while self._queue:
            job = heapq.heappop(self._queue)
            self.clock += job.cost
            if self.clock > job.due:
                self.late.append(job.name)
            yield job


s = Scheduler()
for name, due, cost in [("report", 5, 3), ("mail", 2, 1), ("backup", 5, 2), ("call", 1, 1)]:
    s.add(name, due, cost)
done = [(job.name, s.clock) for job in s]
return {"done": done, "late": s.late}
