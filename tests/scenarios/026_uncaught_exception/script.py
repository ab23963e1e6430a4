prices = await tools.prices(symbol="ACME")


def change(first, last):
    return (last - first) / first


print("prices", prices)
return change(prices[0], prices[-1])
