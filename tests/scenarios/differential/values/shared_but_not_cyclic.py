row = [1, 2]
shared = {"row": row}
grid = [row] * 3
row.append(3)
return {"grid": grid, "again": [shared, shared], "empty": [[], {}, "", 0]}
