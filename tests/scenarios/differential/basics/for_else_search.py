def find(needle, rows):
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell == needle:
                break
        else:
            continue
        return number, column
    else:
        return None


grid = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
print(find(6, grid), find(10, grid))
for _ in []:
    print("never")
else:
    print("empty loop reaches else")
