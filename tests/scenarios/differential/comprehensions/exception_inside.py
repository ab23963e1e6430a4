values = ["1", "2", "x", "4"]
try:
    numbers = [int(v) for v in values]
except ValueError as error:
    print("failed:", error)
safe = [int(v) if v.isdigit() else None for v in values]
safe
