# raises: TypeError
def total(items):
    return sum(item["price"] * item["quantity"] for item in items)


total([{"price": 3, "quantity": 2}, {"price": None, "quantity": 1}])
