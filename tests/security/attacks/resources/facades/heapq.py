# A merge of endless iterators.
# expect: limit.cpu_time

import heapq, itertools

sum(heapq.merge(itertools.repeat(1), itertools.repeat(2)))
