import heapq
from collections import Counter


def top_k(words, k):
    return [w for w, _ in heapq.nsmallest(k, Counter(words).items(), key=lambda kv: (-kv[1], kv[0]))]


class RunningMedian:
    def __init__(self):
        self.low, self.high = [], []

    def add(self, n):
        heapq.heappush(self.low, -heapq.heappushpop(self.high, n))
        if len(self.low) > len(self.high):
            heapq.heappush(self.high, -heapq.heappop(self.low))

    @property
    def median(self):
        return self.high[0] if len(self.high) > len(self.low) else (self.high[0] - self.low[0]) / 2


stream, medians = RunningMedian(), []
for n in [5, 15, 1, 3, 8, 7]:
    stream.add(n)
    medians.append(stream.median)
print(top_k("the day is sunny the the sunny is is day".split(), 3))
medians
