import heapq

heap = []
for item in [5, 1, 8, 3, 2]:
    heapq.heappush(heap, item)
print(heap[0], [heapq.heappop(heap) for _ in range(3)], heap)
nums = [9, 4, 7, 1]
heapq.heapify(nums)
print(heapq.heappushpop(nums, 0), heapq.heapreplace(nums, 10), nums[0], heapq.nlargest(2, nums), heapq.nsmallest(2, nums))
words = ["kiwi", "fig", "banana", "date"]
print(heapq.nlargest(2, words, key=len), list(heapq.merge([1, 4, 7], [2, 5], [3])), list(heapq.merge("ca", "db", key=lambda c: -ord(c), reverse=False)))
tasks = []
for priority, name in [(2, "write"), (1, "plan"), (3, "rest"), (1, "alpha")]:
    heapq.heappush(tasks, (priority, name))
order = [heapq.heappop(tasks)[1] for _ in range(len(tasks))]


class Task:
    def __init__(self, p):
        self.p = p

    def __lt__(self, other):
        return self.p < other.p


queue = [Task(3), Task(1), Task(2)]
heapq.heapify(queue)
try:
    heapq.heappop([])
except IndexError as error:
    print(error)
return order, [heapq.heappop(queue).p for _ in range(3)]
