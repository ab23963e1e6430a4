# raises: TypeError
def key(row):
    return row["score"] * -1


rows = [{"score": 3}, {"score": None}]
sorted(rows, key=key)
