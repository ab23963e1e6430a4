# Indices of two numbers that add up to a target.
def two_sum(nums, target):
    seen = {}
    for i, n in enumerate(nums):
        if target - n in seen:
            return [seen[target - n], i]
        seen[n] = i
    return None


def three_sum(nums):
    nums, out = sorted(nums), set()
    for i, a in enumerate(nums):
        left, right = i + 1, len(nums) - 1
        while left < right:
            total = a + nums[left] + nums[right]
            if total == 0:
                out.add((a, nums[left], nums[right]))
            if total < 0:
                left += 1
            else:
                right -= 1
    return sorted(out)


assert two_sum([2, 7, 11, 15], 9) == [0, 1]
assert two_sum([3, 3], 6) == [0, 1]
assert two_sum([1, 2], 9) is None
assert three_sum([-1, 0, 1, 2, -1, -4]) == [(-1, -1, 2), (-1, 0, 1)]
