# Water held between bars of given heights.
def trapped(heights):
    left, right = 0, len(heights) - 1
    left_max = right_max = water = 0
    while left < right:
        if heights[left] < heights[right]:
            left_max = max(left_max, heights[left])
            water += left_max - heights[left]
            left += 1
        else:
            right_max = max(right_max, heights[right])
            water += right_max - heights[right]
            right -= 1
    return water


assert trapped([0, 1, 0, 2, 1, 0, 1, 3, 2, 1, 2, 1]) == 6
assert trapped([4, 2, 0, 3, 2, 5]) == 9
assert trapped([]) == 0
