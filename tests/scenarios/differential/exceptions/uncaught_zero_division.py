# raises: ZeroDivisionError
def average(values):
    return sum(values) / len(values)


return average([])
