data = [3, 8, 1, 9, 4, 7]
if (n := len(data)) > 5:
    print(f"{n} items")
doubled = [y for x in data if (y := x * 2) > 7]
queue = data[:]
while (item := queue.pop()) != 1:
    print(item, end=" ")
print()
print(y, item)
any((found := value) > 8 for value in data) and found
