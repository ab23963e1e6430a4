a, b, c = 1, 2, 3
a, b, c = b, c, a
i = 0
arr = [5, 6, 7]
i, arr[i] = 2, 99
print(a, b, c, i, arr)
arr[0], arr[-1] = arr[-1], arr[0]
x = y = 0
x, y = y + 1, x + 2
(arr, x, y)
